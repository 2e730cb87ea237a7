"""Who no longer works for a company, or is no longer its administrator, reads it in a mail: once, by whom, and of no
other company."""

import pytest
from django.urls import reverse

from remise.accounts.models import Account
from remise.book.importing import keeper
from remise.core.doors import rows
from remise.core.scope import ActorKind, Scope, enter
from remise.messages.models import Mail
from remise.onboarding.actions import linking
from remise.onboarding.models import LinkCase
from remise.organisations import actions, apart
from remise.organisations.keeping_people import keep_person
from remise.organisations.models import Membership
from tests import jobs, sessions, world
from tests.accounts.visiting import text_of
from tests.journeys.server import Mailbox
from tests.organisations.company import MANAGE, VIEW, Company, company
from tests.world import OWNER

pytestmark = pytest.mark.usefixtures("nothing_waits")


@pytest.fixture
def garage() -> Company:
    return company(at=world.in_english(world.portal()))


def told(mailbox: Mailbox) -> list[tuple[str, str]]:
    jobs.work_off()
    return [(str(mail["To"]), str(mail["Subject"])) for mail in mailbox.taken]


GONE = "You no longer work at Garage De Brug in Koetspoort"
NO_MORE = "You are no longer administrator of Garage De Brug"


def test_who_no_longer_works_here_reads_by_whom_and_what_to_do(garage: Company, mailbox: Mailbox) -> None:
    """Also where the person works for nobody else here; and of another company the mail says nothing."""
    elsewhere = world.organisation(garage.portal, name="Autohuis Aa")
    world.membership(elsewhere, garage.salesman.account, rights=[], name="Sanne de Wit")
    garage.client(garage.owner).post(reverse("organisations:end", args=[garage.salesman.id]))
    assert told(mailbox) == [(garage.salesman.account.email, GONE)]
    said = text_of(mailbox.taken[0])
    assert "by Kees Bos" in said
    assert "Is this a mistake? Ask the administrator" in said
    assert "Autohuis Aa" not in said


def test_name_in_the_mail_is_let_go_of_when_it_has_gone(garage: Company, mailbox: Mailbox) -> None:
    garage.end(garage.salesman)
    assert len(told(mailbox)) == 1
    (row,) = Mail.objects.using(OWNER).filter(portal=garage.portal.id)
    assert (row.kind, row.state, row.recipient, row.text, row.html) == ("membership.ended", "sent", "", "", "")


def test_it_is_told_in_the_readers_language(garage: Company, mailbox: Mailbox) -> None:
    Account.objects.using(OWNER).filter(id=garage.salesman.account_id).update(language="nl")
    garage.end(garage.salesman)
    told(mailbox)
    assert "Klopt dit niet?" in text_of(mailbox.taken[0])


def test_who_administered_apart_reads_it_once(garage: Company, mailbox: Mailbox) -> None:
    garage.grant(garage.salesman, MANAGE)
    by = sessions.actor_of(garage.salesman)
    with enter(by.scope):
        apart.administer_apart(by=by)
    garage.end(garage.salesman)
    assert told(mailbox) == [(garage.salesman.account.email, GONE)]


def test_who_does_it_to_oneself_knows(garage: Company, mailbox: Mailbox) -> None:
    garage.grant(garage.salesman, MANAGE)
    garage.revoke(garage.salesman, MANAGE, by=garage.salesman)
    garage.grant(garage.salesman, MANAGE)
    garage.end(garage.salesman, by=garage.salesman)
    assert told(mailbox) == []


def test_who_is_back_before_the_mail_is_written_reads_nothing(garage: Company, mailbox: Mailbox) -> None:
    garage.end(garage.salesman)
    Membership.objects.using(OWNER).filter(id=garage.salesman.id).update(state=Membership.State.ACTIVE)
    assert told(mailbox) == []


def test_end_by_the_insurers_book_names_the_insurer(garage: Company, mailbox: Mailbox) -> None:
    by = keeper(garage.portal, via="command")
    with enter(by.scope):
        keep_person(
            by=by,
            organisation=garage.organisation.id,
            email=garage.salesman.account.email,
            name="Sanne de Wit",
            state="ended",
            rights=(),
        )
    assert told(mailbox) == [(garage.salesman.account.email, GONE)]
    assert "by the insurer" in text_of(mailbox.taken[0])


def test_old_account_reads_that_a_new_one_took_its_place(garage: Company, mailbox: Mailbox) -> None:
    """Not that one was thrown out; and not which address the new one has."""
    new = world.account()
    case = LinkCase.objects.using(OWNER).create(
        portal=garage.portal.id,
        organisation=garage.organisation.id,
        requests=[],
        account=new.id,
        name="Sanne de Wit",
        email=new.email,
        asked_at="2026-01-01T00:00Z",
        expires_at="2100-01-01T00:00Z",
    )
    by = sessions.actor_of(garage.owner)
    with enter(by.scope):
        linking.approve(by=by, case=case.id, replaces=garage.salesman.id)
    subject = "You work at Garage De Brug with another account now"
    assert (garage.salesman.account.email, subject) in told(mailbox)
    (mail,) = (one for one in mailbox.taken if one["To"] == garage.salesman.account.email)
    assert "Did you not ask for a new account?" in text_of(mail)
    assert new.email not in text_of(mail)


def test_who_is_no_longer_administrator_reads_by_whom(garage: Company, mailbox: Mailbox) -> None:
    garage.grant(garage.salesman, MANAGE)
    garage.grant(garage.salesman, VIEW)
    garage.revoke(garage.salesman, VIEW)  # no mail: the pages show what one may do
    garage.revoke(garage.salesman, MANAGE)
    assert told(mailbox) == [(garage.salesman.account.email, NO_MORE)]
    said = text_of(mailbox.taken[0])
    assert "by Kees Bos" in said
    assert reverse("access:mine") in said


def test_administrator_again_or_gone_by_then_reads_nothing_of_it(garage: Company, mailbox: Mailbox) -> None:
    garage.grant(garage.salesman, MANAGE)
    garage.revoke(garage.salesman, MANAGE)
    garage.grant(garage.salesman, MANAGE)
    assert told(mailbox) == []
    garage.revoke(garage.salesman, MANAGE)
    garage.end(garage.salesman)
    assert told(mailbox) == [(garage.salesman.account.email, GONE)]


def test_administering_apart_takes_nothing_away(garage: Company, mailbox: Mailbox) -> None:
    by = sessions.actor_of(garage.owner)
    with enter(by.scope):
        apart.administer_apart(by=by)
    assert told(mailbox) == []


def test_address_of_who_left_is_told_to_the_system_of_that_portal_and_of_nobody_forgotten(garage: Company) -> None:
    def asked(portal: int, membership: int) -> list[tuple[str]]:
        with enter(Scope(ActorKind.SYSTEM, portal)):
            return rows("select address from mailbox_of_former(%s)", membership)

    here, who = garage.portal.id, garage.salesman.id
    assert asked(here, who) == []  # works here
    garage.end(garage.salesman)
    assert asked(here, who) == [(garage.salesman.account.email,)]
    assert asked(world.portal().id, who) == []
    by = sessions.actor_of(garage.owner)
    with enter(by.scope):
        actions.erase_colleague(by=by, membership=who)
    assert asked(here, who) == []
