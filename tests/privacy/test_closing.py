"""An account that was closed: nobody finds back whose it was, and what was done with it stays whole."""

import re
from dataclasses import replace
from threading import Event as Moment
from time import sleep
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.urls import reverse

from remise.accounts.leaving import sessions_of
from remise.accounts.models import Account, Person
from remise.core import clock
from remise.core.actor import Assurance
from remise.core.doors import rows
from remise.core.errors import Forbidden, NotVisible
from remise.core.models import Entry, Event
from remise.core.scope import ActorKind, Scope, enter
from remise.desk.models import DeskRequest
from remise.mandates.actions import answering, giving
from remise.messages.models import Mail
from remise.organisations.invitations.actions import accept, invite_colleague
from remise.organisations.models import AccessRequest, ApiToken, Grant, Invitation, Membership, Organisation
from remise.privacy.actions.closing import Hindered, close_account
from tests import jobs, sessions, world
from tests.desk.office import office
from tests.journeys.server import Mailbox
from tests.mandates import offices
from tests.privacy.people import MANAGE, NAME, account_of, close, hold, holding, life, lift, unpacked
from tests.races import at_once
from tests.world import OWNER


def test_f209_nothing_of_the_person_stands_anywhere_afterwards(
    owner_connection: psycopg.Connection, mailbox: Mailbox
) -> None:
    surname = f"Quispel{world.unique().replace('-', 'q')}"
    of = life(name=f"Xanthippe {surname}")
    jobs.work_off()
    assert set(holding(owner_connection, surname, of.mark)) >= {"accounts_person", "organisations_membership"}
    assert close(of) is True
    assert set(holding(owner_connection, surname, of.mark)) == {"messages_mail"}  # the last mail, on its way
    jobs.work_off()
    assert holding(owner_connection, surname, of.mark) == {}
    with enter(of.by.scope):
        assert sessions_of(of.person.account_id) == []
    last = mailbox.delivered()[-1]
    assert of.address in str(last)
    account = Account.objects.using(OWNER).get(id=of.person.account_id)
    assert account.email.endswith("@nobody.invalid")
    assert (account.is_active, account.has_usable_password()) == (False, False)
    assert Person.objects.using(OWNER).get(account=account).erased_at is not None
    assert not EmailAddress.objects.using(OWNER).filter(user=account).exists()
    assert not Authenticator.objects.using(OWNER).filter(user=account).exists()


def test_f209_what_was_done_stays_whole() -> None:
    of = life()
    boss = sessions.client_of(of.kees, of.garage.portal)
    pages = [f"/vehicles/{of.held.item}", f"/vehicles/receipts/{of.held.entry}"]
    before = [boss.get(page).content.decode() for page in pages]
    assert NAME in before[1]
    entries = list(Entry.objects.using(OWNER).filter(organisation=of.garage.organisation.id).order_by("id").values())
    events = list(Event.objects.using(OWNER).filter(organisation=of.garage.organisation.id).order_by("id").values())
    close(of)
    after = [boss.get(page).content.decode() for page in pages]
    for one, other in zip(before, after, strict=True):
        assert without_secrets(other) == without_secrets(one.replace(NAME, "a former colleague"))
    of_garage = {"organisation": of.garage.organisation.id}
    assert list(Entry.objects.using(OWNER).filter(**of_garage).order_by("id").values()) == entries
    now = list(Event.objects.using(OWNER).filter(**of_garage).order_by("id").values())
    assert now[: len(events)] == events
    assert [one["kind"] for one in now[len(events) :]] == ["membership.ended", "membership.erased"]


def without_secrets(page: str) -> str:
    """What differs between any two answers."""
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=|X-CSRFToken": )"[^"]+"', "", page)


def test_everything_of_theirs_ends() -> None:
    of = life()
    waiting = Mail.objects.using(OWNER).create(
        portal=of.garage.portal.id,
        reference=uuid4(),
        kind="x",
        sender="a",
        recipient=of.address.upper(),
        language="nl",
        subject="Een",
        text="Twee",
        secret=False,
        written_at="2026-01-01 12:00+00",
    )
    close(of)
    person = of.person
    for one in Membership.objects.using(OWNER).filter(account=person.account_id):
        assert (one.state, one.display_name, one.erased_at is not None) == ("ended", "", True)
    assert not Grant.objects.using(OWNER).filter(membership=person).exists()
    assert ApiToken.objects.using(OWNER).get(membership=person).revoked_at is not None
    asked = AccessRequest.objects.using(OWNER).get(membership=person)
    assert asked.why == ""
    assert not Invitation.objects.using(OWNER).filter(email__iexact=of.address).exists()
    waiting.refresh_from_db(using=OWNER)
    assert (waiting.recipient, waiting.text, waiting.state) == ("", "", "withdrawn")


def test_open_browser_is_signed_out_and_the_page_says_so() -> None:
    of = life()
    client, other = (sessions.client_of(of.person, of.garage.portal) for _ in range(2))
    page = client.get("/me/close")
    assert page.status_code == 200
    assert client.post("/me/close", {}).status_code == 422
    assert Account.objects.using(OWNER).get(id=of.person.account_id).is_active
    answer = client.post("/me/close", {"sure": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/me/closed")
    assert client.get("/me/closed").status_code == 200
    for browser in (client, other):
        assert browser.get("/me/data")["Location"].startswith("/account/sign-in/")
    assert client.post("/me/close", {"sure": "on"})["Location"].startswith("/account/sign-in/")


def test_last_who_can_give_rights_stays_until_a_colleague_can() -> None:
    of = life()
    Grant.objects.using(OWNER).filter(membership=of.kees, right=MANAGE).delete()
    with pytest.raises(Hindered) as refused:
        close(of)
    assert [(one.kind, one.company) for one in refused.value.hindrances] == [("last", of.garage.organisation.name)]
    client = sessions.client_of(of.person, of.garage.portal)
    page = client.post("/me/close", {"sure": "on"}).content.decode()
    assert of.garage.organisation.name in page
    assert "/company/people" in page
    Grant.objects.using(OWNER).create(
        portal=of.garage.portal.id,
        organisation=of.garage.organisation.id,
        membership=of.kees,
        right=MANAGE,
        by_system="insurer",
    )
    assert close(of) is True


def test_last_at_another_insurer_stays_too() -> None:
    of, elsewhere = life(), world.garage()
    world.membership(elsewhere.organisation, of.person.account, rights=[MANAGE], name="X. Zoutkamp")
    with pytest.raises(Hindered) as refused:
        close(of)
    assert [one.host for one in refused.value.hindrances] == [f"{elsewhere.portal.slug}.localhost"]


@pytest.mark.parametrize("of_company", [True, False])
def test_nothing_is_erased_under_a_hold(of_company: bool) -> None:
    of = life()
    of_whom: dict[str, Any] = {"company": of.garage.organisation} if of_company else {"account": of.person.account_id}
    held = hold(of.garage.portal, **of_whom)
    with pytest.raises(Hindered) as refused:
        close(of)
    assert [one.kind for one in refused.value.hindrances] == ["held"]
    assert (
        "has to keep your data" in sessions.client_of(of.person, of.garage.portal).get("/me/close").content.decode()
    )
    assert Membership.objects.using(OWNER).get(id=of.person.id).display_name == NAME
    lift(held)
    assert close(of) is True


def test_password_of_an_insurers_book_closes_nothing() -> None:
    """Whoever wrote the book knows it: the account is one person's at all insurers."""
    of = life()
    asked = Account.objects.using(OWNER).filter(pk=of.person.account_id)
    asked.update(vouched_by=of.garage.portal.id)
    with pytest.raises(Hindered) as refused:
        close(of)
    assert [one.kind for one in refused.value.hindrances] == ["unproven"]
    page = sessions.client_of(of.person, of.garage.portal).get("/me/close").content.decode()
    assert "Choose a password of your own first" in page
    asked.update(vouched_by=None)
    assert close(of) is True


def test_closing_ends_memberships_at_every_insurer() -> None:
    of, elsewhere = life(), world.garage()
    there = world.membership(elsewhere.organisation, of.person.account, rights=[], name="X. Zoutkamp")
    close(of)
    there.refresh_from_db(using=OWNER)
    assert (there.state, there.display_name) == ("ended", "")
    told = Event.objects.using(OWNER).filter(organisation=elsewhere.organisation.id).values_list("kind", "account")
    assert sorted(told) == [("membership.ended", of.person.account_id), ("membership.erased", of.person.account_id)]


def test_two_clicks_at_once_close_it_once() -> None:
    of = life()
    done: list[bool] = []
    at_once(lambda: done.append(close(of)), lambda: done.append(close(of)))
    assert sorted(done) == [False, True]
    events = Event.objects.using(OWNER).filter(account=of.person.account_id, kind="account.closed")
    assert events.count() == 1


def test_office_of_who_works_alone_loses_its_name_and_hands_its_mandates_back(
    owner_connection: psycopg.Connection,
) -> None:
    of = life()
    Person.objects.using(OWNER).update_or_create(
        account=of.person.account,
        defaults={"given_name": of.mark, "surname": "Zoutkamp"},
    )
    account, told = of.person.account_id, list[str]()
    garage = world.garage(at=of.garage.portal)
    kees = offices.owner_of(garage)
    given = offices.offer(kees, f"{world.unique()}@example.test", told=told)
    with enter(Scope(ActorKind.ACCOUNT, garage.portal.id, account)):
        assert answering.accept_mailed(account=account, secret=told[0], office=None) is not None
    assert set(holding(owner_connection, of.mark)) >= {"organisations_organisation", "mandates_mandate"}
    close(of)
    jobs.work_off()
    assert holding(owner_connection, of.mark) == {}
    (told_to,) = offices.events(garage.organisation, "mandate.handed_back")
    assert (told_to.subject, told_to.account) == (given.id, account)
    page = sessions.client_of(kees, garage.portal).get(reverse("mandates:show", args=[given.id])).content.decode()
    assert "a person who works alone" in page
    assert "Handed back" in page


@pytest.mark.parametrize("of_office", [False, True])
def test_nothing_accepted_while_the_account_is_closed_brings_the_name_back(
    owner_connection: psycopg.Connection, of_office: bool
) -> None:
    """An invitation or a mandate that was mailed to another address of the same person."""
    of = life()
    vos = world.organisation(of.garage.portal, name="Autobedrijf Vos")
    jo = sessions.actor_of(world.member(vos, rights=[MANAGE, "mandates.manage"], name="Jo Vos"))
    told: list[str] = []
    with enter(jo.scope):
        if of_office:
            giving.offer_mandate(
                by=jo,
                to=f"{world.unique()}@example.test",
                purpose="de jaarrekening",
                rights=["vehicles.view"],
                branches=None,
                starts=clock.today(jo),
                last_day=None,
                days=7,
                tell=lambda _mandate, secret: told.append(secret),
            )
        else:
            invite_colleague(
                by=jo,
                email=f"{world.unique()}@example.test",
                name=NAME,
                rights=[],
                days=7,
                tell=lambda _invitation, secret: told.append(secret),
            )
    closed = Moment()
    account = of.person.account_id

    def closing() -> None:
        with enter(of.by.scope):
            close_account(by=of.by, account=account)
            closed.set()
            sleep(1)

    def accepting() -> None:
        assert closed.wait(20)
        with enter(Scope(ActorKind.ACCOUNT, of.garage.portal.id, account)):
            if of_office:
                answering.accept_mailed(account=account, secret=told[0], office=None)
            else:
                accept(account=account, secret=told[0])

    at_once(closing, accepting)
    assert not Membership.objects.using(OWNER).filter(account=account, state="active").exists()
    assert (
        not Organisation.objects.using(OWNER).filter(portal=of.garage.portal, kind="person").exists()
    )  # in that name


def test_two_administrators_who_both_leave_leave_one() -> None:
    of = life()
    refused: list[str] = []

    def leave(who: Membership) -> None:
        by = account_of(who, of.garage.portal)
        try:
            with enter(by.scope):
                close_account(by=by, account=who.account_id)
        except Hindered as error:
            refused.append(error.hindrances[0].kind)

    at_once(lambda: leave(of.person), lambda: leave(of.kees))
    assert refused == ["last"]


def test_same_address_may_come_anew_and_meets_nothing_of_before() -> None:
    of = life()
    close(of)
    again = world.member(of.garage.organisation, rights=[], email=of.address, name="Xanthippe Nieuw")
    assert again.account_id != of.person.account_id
    client = sessions.client_of(again, of.garage.portal)
    _page, data = unpacked(client.get("/me/data/file").content)
    told = data["particulars"]
    assert [one["name"] for one in told["organisations.memberships"]] == ["Xanthippe Nieuw"]
    assert [one["what"] for one in told["privacy.deeds"] if one["what"].startswith("vehicle")] == []


def test_request_that_somebody_of_the_desk_was_at_goes_back_to_the_queue() -> None:
    desk = office()
    request = desk.late()
    desk.take(request)
    by = account_of(desk.mirjam, desk.garage.portal)
    with enter(by.scope):
        close_account(by=by, account=desk.mirjam.account_id)
    now = DeskRequest.objects.using(OWNER).get(id=request.id)
    assert (now.state, now.assignee) == ("waiting", None)


def test_nobody_closes_anothers_account() -> None:
    of = life()
    other = account_of(of.kees, of.garage.portal)
    with enter(other.scope), pytest.raises(NotVisible):
        close_account(by=other, account=of.person.account_id)
    with enter(of.by.scope), pytest.raises(Forbidden):
        close_account(by=replace(of.by, assurance=Assurance.ONE_FACTOR), account=of.person.account_id)


@pytest.mark.parametrize(
    "door", ["person_forget", "person_leaves", "mails_to_forget", "requests_to_give_back", "person_hindered"]
)
def test_door_forgets_nobody_but_who_is_signed_in(door: str) -> None:
    """Whatever number is named."""
    of = life()
    with enter(Scope(ActorKind.ACCOUNT, of.garage.portal.id, of.kees.account_id)):
        rows(f"select {door}(%s)", of.person.account_id)
    assert Membership.objects.using(OWNER).get(id=of.person.id).display_name == NAME
    assert Account.objects.using(OWNER).get(id=of.person.account_id).email == of.address
    assert Session.objects.using(OWNER).exists()
