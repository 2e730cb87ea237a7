"""Somebody closes the account in the moment in which others decide about that person: one of them waits, and both get
a plain answer (docs/adr/0025: the account is held first, the people of the company next)."""

from functools import partial

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from remise.accounts.models import Account
from remise.onboarding.models import LinkCase, LinkRequest
from remise.onboarding.tasks import look_up
from remise.organisations.models import Membership
from tests import jobs, sessions, world
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.journeys.server import Mailbox
from tests.onboarding.door import door
from tests.privacy.people import life
from tests.races import at_once
from tests.world import OWNER, Garage

TIMES = 15


def asking(garage: Garage, who: Account | Membership) -> Client:
    """A browser in which this person asked to work for the garage."""
    cache.clear()  # all tests come from one place
    client = sessions.client_of(who, garage.portal)
    said = {"by": "kvk", "number": garage.organisation.kvk, "name": "Joost de Vries"}
    assert client.post(reverse("links:ask"), said).status_code == 302
    return client


def close(client: Client) -> int:
    return client.post("/me/close", {"sure": "on"}).status_code


def nothing_of(account: int) -> None:
    """Whoever was first: no name came back, and nobody works anywhere."""
    left = Membership.objects.using(OWNER).filter(account=account)
    assert all((one.state, one.display_name) == ("ended", "") for one in left)
    assert not LinkCase.objects.using(OWNER).filter(account=account).exclude(name="").exists()
    assert not Account.objects.using(OWNER).get(id=account).is_active


@pytest.mark.parametrize("works_there", [False, True])
def test_link_request_approved_while_its_asker_closes_the_account(works_there: bool) -> None:
    garage = world.garage()
    kees = world.member(garage.organisation, rights=["users.manage"], name="Kees Bos")
    answers = set()
    for _ in range(TIMES):
        joost = world.account()
        client = asking(garage, joost)
        jobs.work_off()
        case = LinkCase.objects.using(OWNER).get(account=joost.id)
        if works_there:  # came in by another way meanwhile
            world.membership(garage.organisation, joost, rights=[], name="Joost de Vries")
        boss = sessions.client_of(kees, garage.portal)
        approve = partial(boss.post, reverse("links:approve", args=[case.id]), {"role": "reader"})
        approved, closed = at_once(approve, partial(close, client))
        answers.add((approved.status_code, closed))
        nothing_of(joost.id)
    assert answers <= {(302, 302), (400, 302), (409, 302), (422, 302)}


def test_company_looked_up_while_its_asker_closes_the_account() -> None:
    """The first account of a company opens by itself: that makes a colleague, too."""
    portal = world.portal()
    for _ in range(TIMES):
        garage, joost = world.garage(at=portal), world.account()
        garage.organisation.contact_email = joost.email
        garage.organisation.save(using=OWNER)
        client = asking(garage, joost)
        number = LinkRequest.objects.using(OWNER).get(account=joost).id
        _done, closed = at_once(partial(look_up.run, portal=portal.id, request=number), partial(close, client))
        assert closed in {200, 302}  # who was made administrator first is the last one there
        if closed == 302:
            nothing_of(joost.id)


def test_colleague_approved_at_the_desk_while_closing_the_account() -> None:
    entrance = door()
    answers = set()
    for _ in range(TIMES):
        garage, joost = world.garage(at=entrance.portal), world.account()
        client = asking(garage, joost)
        jobs.work_off()
        case = LinkCase.objects.using(OWNER).get(account=joost.id)
        desk = entrance.staff()
        approve = partial(desk.post, reverse("applications:approve_link", args=[case.id]), {"verified": ["called"]})
        approved, closed = at_once(approve, partial(close, client))
        answers.add((approved.status_code, closed))
    assert answers <= {(302, 200), (422, 302)}


def test_administering_parted_while_closing_the_account() -> None:
    """In two windows of one browser."""
    for _ in range(TIMES):
        of = life()
        client, other = (sessions.client_of(of.person, of.garage.portal) for _ in range(2))
        part = partial(other.post, reverse("organisations:administer"), {"apart": "yes"})
        parted, closed = at_once(part, partial(close, client))
        assert closed == 302
        assert parted.status_code in {302, 400, 404}  # 400: the session was gone before its message could be kept
        nothing_of(of.person.account_id)


def test_code_given_while_closing_the_account(mailbox: Mailbox) -> None:
    """Somebody signs in on another device in that moment."""
    portal = world.portal()
    for _ in range(TIMES):
        account = world.account(password=PASSWORD, coupled=True)
        client, other = sessions.client_of(account, portal), Visitor(portal, mailbox)
        assert other.sign_in(account.email).status_code == 302
        code = partial(other.post, "mfa_authenticate", code=code_of())
        signed_in, closed = at_once(code, partial(close, client))
        assert (signed_in.status_code < 500, closed) == (True, 302)
        nothing_of(account.id)
