"""People of a former portal come with the book of people: each is told once, by the right one of two mails."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password, make_password

from remise.accounts.models import Account
from remise.core.keeping import Kept
from remise.messages.models import Mail
from remise.organisations.models import Organisation
from remise.portals.models import Portal
from tests import jobs, world
from tests.book import moving
from tests.book.moving import PEOPLE, put, refused, take
from tests.journeys.server import Mailbox
from tests.world import OWNER

MOVED = [*PEOPLE, "old_name", "old_password"]
OLD = make_password("zomer in zwolle 1998")


@pytest.fixture
def at(mailbox: Mailbox) -> Iterator[Portal]:
    mailbox.reset()
    jobs.forget()
    made = moving.portal()
    company(made, "01234567")
    yield made
    jobs.forget()


def company(at: Portal, kvk: str) -> None:
    Organisation.objects.using(OWNER).create(portal=at, kind=Organisation.Kind.COMPANY, kvk=kvk, name=f"Garage {kvk}")


def line(at: Portal, number: int, password: str = "", state: str = "active") -> tuple[str, ...]:
    return ("01234567", f"k{number}@{at.slug}.example", f"Kees {number}", state, "", f"kees{number}", password)


def told(mailbox: Mailbox) -> dict[str, str]:
    jobs.work_off()
    return {str(mail["To"]): str(mail["Subject"]) for mail in mailbox.taken}


def account(at: Portal, number: int) -> Account:
    return Account.objects.using(OWNER).get(email=f"k{number}@{at.slug}.example")


def test_each_gets_exactly_one_of_two_mails(at: Portal, tmp_path: Path, mailbox: Mailbox) -> None:
    path = put(tmp_path / "p.csv", MOVED, line(at, 1, OLD), line(at, 2), line(at, 3, state="ended"))
    assert take(at, "people", path).kept == {Kept.ADDED: 3}
    assert told(mailbox) == {
        f"k1@{at.slug}.example": "Zo log je in bij Koetspoort",
        f"k2@{at.slug}.example": "Kies je wachtwoord voor Koetspoort",
    }
    mailbox.reset()
    assert take(at, "people", path).kept == {Kept.SAME: 3}
    assert told(mailbox) == {}


def test_mail_without_password_holds_a_link_that_opens_the_account(
    at: Portal, tmp_path: Path, mailbox: Mailbox
) -> None:
    take(at, "people", put(tmp_path / "p.csv", MOVED, line(at, 2)))
    jobs.work_off()
    plain = mailbox.taken[0].get_body(("plain",))
    assert plain is not None
    assert re.search(rf"https?://{at.slug}\.localhost\S*/account/confirm/\S+", plain.get_content())


def test_link_that_opens_an_account_is_kept_nowhere_once_it_has_gone(at: Portal, tmp_path: Path) -> None:
    """Nor shown to who looks after mails, nor in anybody's export."""
    take(at, "people", put(tmp_path / "p.csv", MOVED, line(at, 1, OLD), line(at, 2)))
    jobs.work_off()
    kept = Mail.objects.using(OWNER).filter(portal=at.id)
    assert not kept.filter(text__contains="/account/confirm/").exists()
    assert sorted(kept.values_list("secret", "recipient")) == [(False, f"k1@{at.slug}.example"), (True, "")]


def test_password_of_there_is_kept_as_it_was(at: Portal, tmp_path: Path) -> None:
    take(at, "people", put(tmp_path / "p.csv", MOVED, line(at, 1, OLD), line(at, 2)))
    brings, chooses = account(at, 1), account(at, 2)
    assert (brings.old_password, brings.password) == (True, OLD)
    assert check_password("zomer in zwolle 1998", brings.password)
    assert (chooses.old_password, chooses.has_usable_password()) == (False, False)


def test_password_of_there_never_replaces_one_chosen_here(at: Portal, tmp_path: Path, mailbox: Mailbox) -> None:
    here = world.account(email=f"k1@{at.slug}.example", password="een-garage-in-zwolle")
    before = Account.objects.using(OWNER).get(pk=here.pk).password
    take(at, "people", put(tmp_path / "p.csv", MOVED, line(at, 1, OLD)))
    assert (account(at, 1).password, account(at, 1).old_password) == (before, False)
    assert told(mailbox) == {f"k1@{at.slug}.example": "Zo log je in bij Koetspoort"}


@pytest.mark.parametrize("stored", ["zomer", "md5$salt$hash", "argon2$argon2id$v=19$nonsense", "!unusable"])
def test_password_that_is_not_readable_is_refused(at: Portal, tmp_path: Path, stored: str) -> None:
    path = put(tmp_path / "p.csv", MOVED, line(at, 1, stored))
    take(at, "people", path)
    assert [row["reason"].split(":")[0] for row in refused(path)] == ["old_password"]
    assert not Account.objects.using(OWNER).filter(email=f"k1@{at.slug}.example").exists()


def test_who_works_for_two_companies_is_told_once(at: Portal, tmp_path: Path, mailbox: Mailbox) -> None:
    company(at, "07654321")
    other = ("07654321", *line(at, 1, OLD)[1:])
    take(at, "people", put(tmp_path / "p.csv", MOVED, line(at, 1, OLD), other))
    jobs.work_off()
    assert len(mailbox.taken) == 1


@pytest.mark.full
def test_f023_thousand_people_get_one_mail_each(at: Portal, tmp_path: Path, mailbox: Mailbox) -> None:
    lines = [line(at, number, OLD if number % 2 else "") for number in range(1000)]
    path = put(tmp_path / "p.csv", MOVED, *lines)
    for _again in range(2):
        take(at, "people", path)
        jobs.work_off()
    subjects = Counter(str(mail["Subject"]) for mail in mailbox.taken)
    assert subjects == {"Zo log je in bij Koetspoort": 500, "Kies je wachtwoord voor Koetspoort": 500}
    assert len({str(mail["To"]) for mail in mailbox.taken}) == 1000


def test_book_without_the_columns_tells_nobody(at: Portal, tmp_path: Path, mailbox: Mailbox) -> None:
    take(at, "people", put(tmp_path / "p.csv", PEOPLE, line(at, 1)[:5]))
    assert told(mailbox) == {}
