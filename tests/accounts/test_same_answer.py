"""What a stranger may not know no answer tells: not its words, not the mail that follows, not the work behind it."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest
from django.http import HttpResponse

from remise.accounts import blocking
from remise.accounts.models import Account
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor


def nobody() -> str:
    return f"nobody-{world.unique()}@example.test"


def confirmed() -> str:
    return world.account(password=PASSWORD).email


def unconfirmed() -> str:
    return world.account(password=PASSWORD, confirmed=False).email


def ask_reset(visitor: Visitor, email: str) -> HttpResponse:
    return visitor.post("account_reset_password", email=email)


def sign_up(visitor: Visitor, email: str) -> HttpResponse:
    return visitor.sign_up(email)


def sign_in(visitor: Visitor, email: str) -> HttpResponse:
    return visitor.sign_in(email, "een heel ander wachtwoord")


def ask_reset_with_number(visitor: Visitor, email: str) -> HttpResponse:
    """Where the portal asks for it, with a number that is somebody else's: known or not, it is no pair."""
    if not visitor.portal.reset_asks_number:
        visitor.portal.reset_asks_number = True
        visitor.portal.save(using=world.OWNER)
    return visitor.post("account_reset_password", email=email, number=OTHERS)


def sign_in_by_number(visitor: Visitor, email: str) -> HttpResponse:
    """With the number of this address, or one of nobody."""
    account = Account.objects.using(world.OWNER).filter(email=email).first()
    return visitor.sign_in(account.number if account else NOBODYS, "een heel ander wachtwoord")


OTHERS, NOBODYS = "10000004", "10000004"
DOORS = [ask_reset, sign_up, sign_in, ask_reset_with_number, sign_in_by_number]
type Door = Callable[[Visitor, str], HttpResponse]


def told(visitor: Visitor, door: Door, email: str) -> tuple[int, str, str, str, int, list[str]]:
    """Everything that comes back, with the address itself left out."""
    visitor.mailbox.reset()
    answer = door(visitor, email)
    page = visitor.client.get(answer["Location"]).content.decode() if answer.status_code == 302 else ""
    return (
        answer.status_code,
        answer.headers.get("Location", ""),
        _plain(answer.content.decode(), email),
        _plain(page, email),
        len(visitor.mailbox.delivered()),
        sorted(answer.cookies),
    )


def _plain(page: str, email: str) -> str:
    without_tokens = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    without_numbers = re.sub(r'value="\d{8}"', "", without_tokens)
    return without_numbers.replace(email, "ADDRESS")


@pytest.mark.parametrize("door", DOORS)
def test_f022_known_and_unknown_addresses_get_the_same(visitor: Visitor, door: Door) -> None:
    answers = [
        told(Visitor(visitor.portal, visitor.mailbox), door, make()) for make in (nobody, confirmed, unconfirmed)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][4] == (0 if door in {sign_in, sign_in_by_number} else 1)


@pytest.mark.parametrize("door", DOORS)
def test_f022_known_and_unknown_addresses_cost_the_same_work(visitor: Visitor, door: Door) -> None:
    for make in (nobody, confirmed):  # what is done once in a process is not counted
        _work(visitor, door, make())
    unknown, known = _work(visitor, door, nobody()), _work(visitor, door, confirmed())
    assert unknown["hash"] == known["hash"]
    assert unknown["send"] == known["send"]
    assert unknown["statement"] == pytest.approx(known["statement"], abs=3)
    assert unknown["call"] == pytest.approx(known["call"], rel=0.05)


# The steps that take long, by the function that takes them.
_STEPS = {
    ("argon2.low_level", "hash_secret"): "hash",
    ("argon2.low_level", "verify_secret"): "hash",
    ("psycopg.cursor", "execute"): "statement",
    ("django.core.mail.message", "send"): "send",
}


def _work(visitor: Visitor, door: Door, email: str) -> Counter[str]:
    """Every function called on the way to the answer: the clock, even the processor's, tells more of the machine's
    other work than of ours."""
    fresh, done = Visitor(visitor.portal, visitor.mailbox), Counter[str]()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event.endswith("call"):
            done["call"] += 1
        if event == "call":
            done[_STEPS.get((frame.f_globals.get("__name__", ""), frame.f_code.co_name), "other")] += 1

    sys.setprofile(note)
    try:
        door(fresh, email)
    finally:
        sys.setprofile(None)
    return done


@pytest.mark.parametrize("before", [4, 5, 24, 25])
def test_wrong_passwords_of_a_count_cost_the_same_for_nobody(visitor: Visitor, before: int) -> None:
    """Also the one that blocks, which is done and undone for nobody, and those after it."""

    def tried(email: str) -> str:
        for _ in range(before):
            sign_in(Visitor(visitor.portal, visitor.mailbox), email)
        return email

    for make in (nobody, confirmed):
        _work(visitor, sign_in, tried(make()))
    unknown, known = (_work(visitor, sign_in, tried(make())) for make in (nobody, confirmed))
    assert (unknown["hash"], unknown["send"]) == (known["hash"], known["send"])
    assert unknown["statement"] == pytest.approx(known["statement"], abs=3)
    assert unknown["call"] == pytest.approx(known["call"], rel=0.05)


def test_fifth_of_another_day_costs_the_same_where_a_block_stands(visitor: Visitor) -> None:
    def tried(email: str) -> str:
        for _ in range(9):
            sign_in(Visitor(visitor.portal, visitor.mailbox), email)
            if blocking.WRONG.is_used_up(_subject(email)):  # a day went by
                blocking.WRONG.begin_anew(_subject(email))
        return email

    unknown, known = (_work(visitor, sign_in, tried(make())) for make in (nobody, confirmed))
    assert (unknown["hash"], unknown["send"]) == (known["hash"], known["send"])
    assert unknown["statement"] == pytest.approx(known["statement"], abs=3)


def _subject(email: str) -> object:
    account = Account.objects.using(world.OWNER).filter(email=email).first()
    return account.pk if account else email


def test_signing_in_after_a_sign_up_tells_nothing(visitor: Visitor) -> None:
    """Whether the address had an account before is not told by whether a password was taken."""
    for email in (nobody(), confirmed(), unconfirmed()):
        stranger = Visitor(visitor.portal, visitor.mailbox)
        stranger.post("account_signup", email=email, password1="een heel ander wachtwoord")
        answer = sign_in(stranger, email)
        assert answer.status_code == 200
        assert "is not right" in answer.content.decode()


def test_owner_of_the_address_learns_it_by_mail(visitor: Visitor) -> None:
    email = confirmed()
    sign_up(visitor, email)
    assert visitor.mailbox.newest(email)["Subject"] == "You already have an account at Koetspoort"
    unknown = nobody()
    ask_reset(visitor, unknown)
    assert visitor.mailbox.newest(unknown)["Subject"] == "No account at Koetspoort with this address"


def test_sign_up_with_a_known_address_changes_nothing(visitor: Visitor) -> None:
    email = confirmed()
    sign_up(visitor, email)
    assert sign_in(visitor, email).status_code == 200
    assert visitor.sign_in(email)["Location"] == "/"
