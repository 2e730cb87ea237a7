"""Who cannot sign in: whoever can help is told by mail, once, and nobody else."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone

from remise.accounts.models import Account, Block
from remise.core.models import Event
from remise.core.tasks import deliver
from remise.messages.models import Mail
from remise.organisations.models import Membership
from remise.organisations.rights import LetInRight, OrganisationRight
from tests import jobs, world
from tests.accounts.visiting import PASSWORD, Visitor, text_of
from tests.journeys.server import Mailbox
from tests.world import OWNER, Garage

MANAGES: list[str] = [OrganisationRight.MANAGE_USERS]
WRONG = "guess guess guess"
SUBJECT = "Piet Vos cannot sign in (Garage De Brug)"


@pytest.fixture
def garage() -> Iterator[Garage]:
    jobs.forget()
    made = world.garage()
    world.in_english(made.portal)
    yield made
    jobs.forget()


def colleague(garage: Garage, rights: list[str] | None = None) -> Membership:
    return world.member(garage.organisation, rights=rights or [], name="Piet Vos", password=PASSWORD, coupled=True)


def administrator(garage: Garage, name: str = "Kees Bos", language: str = "en") -> Membership:
    made = world.member(garage.organisation, rights=MANAGES, name=name)
    Account.objects.using(OWNER).filter(pk=made.account_id).update(language=language)
    return made


def guess(email: str, garage: Garage, mailbox: Mailbox) -> None:
    visitor = Visitor(garage.portal, mailbox)
    for _ in range(5):
        visitor.sign_in(email, WRONG)


def told(mailbox: Mailbox, who: Membership) -> list[str]:
    jobs.work_off()
    return [str(mail["Subject"]) for mail in mailbox.taken if mail["To"] == who.account.email]


def test_administrators_are_told_of_a_block(garage: Garage, mailbox: Mailbox) -> None:
    kees, anna = (administrator(garage, name) for name in ("Kees Bos", "Anna Smit"))
    piet, other = colleague(garage), world.member(garage.organisation, rights=[], name="Bram")
    guess(piet.account.email, garage, mailbox)
    assert told(mailbox, kees) == told(mailbox, anna) == [SUBJECT]
    assert told(mailbox, other) == []
    text = text_of(mailbox.newest(kees.account.email))
    assert "is blocked since" in text
    assert "only after you have spoken to them" in text
    assert reverse("organisations:person", args=[piet.id]) in text


def test_administrator_reads_it_in_the_own_language(garage: Garage, mailbox: Mailbox) -> None:
    kees = administrator(garage, language="nl")
    guess(colleague(garage).account.email, garage, mailbox)
    assert len(told(mailbox, kees)) == 1
    html = mailbox.newest(kees.account.email).get_body(("html",))
    assert html is not None
    assert '<html lang="nl">' in html.get_content()


def test_administrators_are_told_of_a_lost_phone(garage: Garage, mailbox: Mailbox) -> None:
    kees, piet = administrator(garage), colleague(garage)
    visitor = Visitor(garage.portal, mailbox)
    visitor.sign_in(piet.account.email)
    for _ in range(2):
        assert visitor.post("account_lost_phone").status_code == 302
    assert told(mailbox, kees) == [SUBJECT]
    text = text_of(mailbox.newest(kees.account.email))
    assert "the phone is lost" in text
    assert "only after you have spoken to them" in text


def test_it_is_told_once_however_often_the_job_runs(garage: Garage, mailbox: Mailbox) -> None:
    kees, piet = administrator(garage), colleague(garage)
    guess(piet.account.email, garage, mailbox)
    event = Event.objects.using(OWNER).get(kind="account.blocked", subject=piet.account_id)
    again = {"event": event.id, "subscriber": "messages.tell.account.blocked", "portal": garage.portal.id}
    jobs.put(deliver.name, again)
    assert told(mailbox, kees) == [SUBJECT]


def test_a_block_that_stands_is_not_told_again(garage: Garage, mailbox: Mailbox) -> None:
    kees, piet = administrator(garage), colleague(garage)
    Block.objects.using(OWNER).create(account=piet.account, since=timezone.now())
    guess(piet.account.email, garage, mailbox)
    assert told(mailbox, kees) == []


def test_address_of_nobody_leaves_no_job(garage: Garage, mailbox: Mailbox) -> None:
    administrator(garage)
    guess(f"nobody-{world.unique()}@example.test", garage, mailbox)
    assert jobs.waiting() == []


def test_administrators_of_each_company_are_told_and_of_no_other_insurer(garage: Garage, mailbox: Mailbox) -> None:
    piet, kees = colleague(garage), administrator(garage)
    beside = world.garage(at=garage.portal)
    anna = administrator(beside, "Anna Smit")
    world.membership(beside.organisation, piet.account, rights=[], name="P. Vos")
    stranger = administrator(world.garage(at=garage.portal), "Bram")
    elsewhere = world.garage()
    far = administrator(elsewhere, "Ver Weg")
    world.membership(elsewhere.organisation, piet.account, rights=[], name="Piet Vos")
    guess(piet.account.email, garage, mailbox)
    assert told(mailbox, kees) == [SUBJECT]
    assert told(mailbox, anna) == ["P. Vos cannot sign in (Garage De Brug)"]
    assert told(mailbox, stranger) == told(mailbox, far) == []


def test_who_gives_rights_in_both_companies_is_told_once(garage: Garage, mailbox: Mailbox) -> None:
    piet, kees = colleague(garage), administrator(garage)
    beside = world.garage(at=garage.portal)
    world.membership(beside.organisation, piet.account, rights=[], name="Piet Vos")
    world.membership(beside.organisation, kees.account, rights=MANAGES, name="Kees Bos")
    guess(piet.account.email, garage, mailbox)
    assert told(mailbox, kees) == [SUBJECT]


def test_no_administrator_is_told_of_another(garage: Garage, mailbox: Mailbox) -> None:
    """That is the desk's matter, and stands on its home page."""
    kees, piet = administrator(garage), colleague(garage, MANAGES)
    desk = world.member(world.insurer(garage.portal), rights=[LetInRight.LET_IN])
    guess(piet.account.email, garage, mailbox)
    assert told(mailbox, kees) == told(mailbox, desk) == []
    assert len(told(mailbox, piet)) == 1


def test_name_in_the_mail_is_let_go_of_when_it_has_gone(garage: Garage, mailbox: Mailbox) -> None:
    kees = administrator(garage)
    guess(colleague(garage).account.email, garage, mailbox)
    assert told(mailbox, kees) == [SUBJECT]
    (row,) = Mail.objects.using(OWNER).filter(portal=garage.portal.id, kind="person.locked_out")
    assert (row.state, row.recipient, row.subject, row.text, row.html) == ("sent", "", "", "", "")
