"""An invitation that another address accepted than it was sent to: who invited reads so, once, and nobody else."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.core.tasks import deliver
from remise.messages.models import Mail
from remise.organisations.invitations import actions
from remise.organisations.models import Invitation, Membership
from tests import jobs, sessions, world
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.organisations.company import Company, company
from tests.world import OWNER

SUBJECT = "Joost Vries accepted with another address"


@pytest.fixture
def garage(mailbox: Mailbox) -> Iterator[Company]:
    jobs.forget()
    yield company(at=world.in_english(world.portal()))
    jobs.forget()


def invited(garage: Company) -> tuple[Invitation, str]:
    secrets: list[str] = []
    by = sessions.actor_of(garage.owner)
    with enter(by.scope):
        made = actions.invite_colleague(
            by=by,
            email=f"new-{world.unique()}@example.test",
            name="Joost Vries",
            rights=[],
            days=7,
            tell=lambda _invitation, secret: secrets.append(secret),
        )
    return made, secrets[0]


def accept_elsewhere(garage: Company, secret: str) -> Membership:
    other = world.member(world.organisation(garage.portal, name="Autobedrijf Vos"), rights=[])
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, other.account_id)):
        joined = actions.accept(account=other.account_id, secret=secret)
    assert joined is not None
    return Membership.objects.using(OWNER).select_related("account").get(id=joined.membership)


def told(mailbox: Mailbox) -> list[tuple[str, str]]:
    jobs.work_off()
    return [(str(mail["To"]), str(mail["Subject"])) for mail in mailbox.taken]


def test_who_invited_reads_both_addresses_and_the_way_to_the_colleague(garage: Company, mailbox: Mailbox) -> None:
    asked, secret = invited(garage)
    joined = accept_elsewhere(garage, secret)
    assert told(mailbox) == [(garage.owner.account.email, SUBJECT)]
    said = text_of(mailbox.taken[0])
    assert f"You invited {asked.email} to work with Garage De Brug." in said
    assert joined.account.email in said
    assert reverse("organisations:person", args=[joined.id]) in said


def test_one_of_the_insurers_people_reads_it_without_a_page_that_is_the_companys(
    garage: Company, mailbox: Mailbox
) -> None:
    desk = world.member(world.insurer(garage.portal), rights=[])
    asked, secret = invited(garage)
    Invitation.objects.using(OWNER).filter(id=asked.id).update(invited_by=desk.account_id)
    joined = accept_elsewhere(garage, secret)
    assert told(mailbox) == [(desk.account.email, SUBJECT)]
    assert reverse("organisations:person", args=[joined.id]) not in text_of(mailbox.taken[0])


def test_who_invited_and_left_reads_nothing(garage: Company, mailbox: Mailbox) -> None:
    asked, secret = invited(garage)
    Invitation.objects.using(OWNER).filter(id=asked.id).update(invited_by=garage.salesman.account_id)
    garage.end(garage.salesman)
    told(mailbox)
    mailbox.taken.clear()
    accept_elsewhere(garage, secret)
    assert told(mailbox) == []


def test_it_is_told_once_and_let_go_of_when_it_has_gone(garage: Company, mailbox: Mailbox) -> None:
    _asked, secret = invited(garage)
    accept_elsewhere(garage, secret)
    assert len(told(mailbox)) == 1
    event = Event.objects.using(OWNER).get(kind="membership.began", organisation=garage.organisation.id)
    subscriber = "messages.tell.membership.began"
    jobs.put(deliver.name, {"event": event.id, "subscriber": subscriber, "portal": garage.portal.id})
    assert len(told(mailbox)) == 1
    (row,) = Mail.objects.using(OWNER).filter(portal=garage.portal.id)
    assert (row.kind, row.state, row.recipient, row.text, row.html) == (
        "invitation.accepted_elsewhere",
        "sent",
        "",
        "",
        "",
    )
