"""Numbers, initials and references as people type and read them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import IdentifierError
from remise.onboarding.rules import LETTERS, LONGEST_NUMBER, initials, insurers_number, reference_of

NUMBERS = st.from_regex(r"[A-Z0-9][A-Z0-9./-]{0,19}", fullmatch=True).filter(
    lambda text: any(c.isdigit() for c in text)
)


@given(NUMBERS)
def test_number_as_written_stays_as_it_is(number: str) -> None:
    assert insurers_number(number) == number


@given(NUMBERS, st.sampled_from([" ", "\u00a0", "\u200b", "\t"]), st.integers(0, 20))
def test_spaces_and_case_do_not_matter(number: str, space: str, place: int) -> None:
    typed = f" {number[:place]}{space}{number[place:].lower()} "
    assert insurers_number(typed) == number


@given(st.text())
def test_number_is_refused_or_read_once_and_for_all(text: str) -> None:
    try:
        read = insurers_number(text)
    except IdentifierError:
        return
    assert insurers_number(read) == read
    assert 0 < len(read) <= LONGEST_NUMBER
    assert set(read) <= {*string.ascii_uppercase, *string.digits, *"./-"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [("j", "J."), ("JP", "J.P."), ("j.p.", "J.P."), ("J. P. ", "J.P."), ("Th. A.", "Th.A."), ("é", "É.")],
)
def test_initials_are_written_one_way(typed: str, read: str) -> None:
    assert initials(typed) == read


@pytest.mark.parametrize("typed", ["", " . ", "Jan", "J.2.", "a b c d e f g h i", "<b>", "J.\x00"])
def test_what_are_no_initials_is_refused(typed: str) -> None:
    with pytest.raises(IdentifierError):
        initials(typed)


@given(st.text())
def test_initials_read_again_stay(text: str) -> None:
    try:
        read = initials(text)
    except IdentifierError:
        return
    assert initials(read) == read


@given(st.uuids(), st.uuids())
def test_reference_follows_from_the_key_and_the_secret(one: object, other: object) -> None:
    made = reference_of(str(one), "secret")
    assert made == reference_of(str(one), "secret") != reference_of(str(one), "another")
    assert set(made.replace("-", "")) <= set(LETTERS)
    assert (made == reference_of(str(other), "secret")) == (one == other)
