"""Which passwords are taken, what is said of the others, and how they are kept."""

import re

import pytest
from argon2 import PasswordHasher
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from remise.accounts.models import Account
from remise.accounts.passwords import LONGEST, Guessable, Longest, Shortest
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor
from tests.world import OWNER


def refusal(password: str, user: Account | None = None) -> str:
    """What is said of it; empty where it is taken."""
    try:
        Longest().validate(password)
        Guessable().validate(password, user)
    except ValidationError as error:
        return str(error.message)
    return ""


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("wachtwoord123", "Many people use this"),
        ("rtyuiop;lkjhgf", "keys in a row"),
        ("aaaaaaaaaaaaaaaa", "The same is repeated"),
        ("abcdefghijklmnop", "It goes on as everybody would"),
        ("12-03-198512-03-1985", "repeated"),
        ("sanne.jansen", "from your name, your address or your company"),
        ("SanneJansen1", "from your name, your address or your company"),
    ],
)
def test_guessable_password_says_why_and_what_helps(password: str, said: str) -> None:
    told = refusal(password, Account(email="sanne.jansen@debrug.example"))
    assert said in told
    assert "Add a word or two" in told


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "blauwe fiets regen kachel",
        "ÄÖÜ ß 漢字 пароль словарь",
        "   spaties   tellen   ook   ",
        "x9$Kf2!pW7#mZ",
    ],
)
def test_any_character_is_taken(password: str) -> None:
    assert refusal(password) == ""


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=LONGEST))
def test_estimate_never_breaks(password: str) -> None:
    assert isinstance(refusal(password), str)


def test_longest_is_taken_and_longer_is_not() -> None:
    words = "paard vangt blauwe regen op maandag "
    longest = (words * 9)[:LONGEST]
    assert (len(longest), refusal(longest)) == (128, "")
    assert "at most 128" in refusal(longest + "x")


def test_company_and_portal_are_words_of_ones_own(visitor: Visitor) -> None:
    """On the page behind the mailed link, where it is chosen."""
    email = f"nieuw-{world.unique()}@example.test"
    visitor.sign_up(email)
    page = visitor.activate(email, "koetspoort12").content.decode()
    assert "from your name, your address or your company" in page


def test_reader_is_told_in_the_own_language() -> None:
    texts = set()
    for language in ("en", "nl", "de"):
        with translation.override(language):
            texts.add(refusal("aaaaaaaaaaaaaaaa"))
    assert texts


@pytest.mark.parametrize(("language", "said"), [("nl", "minstens 12 tekens"), ("de", "mindestens 12 Zeichen")])
def test_short_password_is_refused_in_the_language_of_its_reader(language: str, said: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        Shortest(12).validate("elf tekens!")
    assert said in refused.value.message


def test_hash_is_at_least_the_minimum_of_owasp() -> None:
    """Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet)."""
    account = Account(email="x@example.test")
    account.set_password(PASSWORD)
    found = re.fullmatch(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$.+", account.password)
    assert found
    memory, passes, lanes = map(int, found.groups())
    assert memory >= 19 * 1024
    assert passes >= 2
    assert lanes >= 1


def test_weaker_hash_is_made_anew_at_sign_in(visitor: Visitor) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    account = world.account()
    Account.objects.using(OWNER).filter(pk=account.pk).update(password=f"argon2{weak}")
    assert visitor.sign_in(account.email).status_code == 302
    assert "m=19456,t=2,p=1" in Account.objects.using(OWNER).get(pk=account.pk).password
