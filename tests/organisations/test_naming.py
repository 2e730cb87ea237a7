"""Whom a name or number means: the one who has it, somebody new, or a refusal that says what to write instead."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from remise.core.errors import BrokenRule
from remise.core.search.words import name_key
from remise.organisations.naming import COMPANY, PERSON, Known, SharedName, Somebody, kind_of

ANNA = Somebody("Anna Bos", id=1)
FIRST, SECOND = Somebody("J. Jansen", reference="K-1001", id=2), Somebody("J. Jansen", reference="K-1002", id=3)
BAKER = Somebody("Bakkerij Bos B.V.", COMPANY, kvk="12345678", id=4)
SHOP, SHOPS = Somebody("De Winkel", id=5), Somebody("De Winkel", reference="W2", id=6)


def company() -> Known:
    return Known.of([ANNA, FIRST, SECOND, BAKER, SHOP, SHOPS])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Anna Bos", ANNA),
        ("  anna-BÓS ", ANNA),
        ("K-1001", FIRST),
        ("k1001", FIRST),
        ("j jansen (k 1002)", SECOND),
        ("12345678", BAKER),
        ("KvK 1234 5678", BAKER),
        ("bakkerij bos bv", BAKER),
        ("Bakkerij Bos B.V. (KvK 12345678)", BAKER),
        ("W2", SHOPS),
    ],
)
def test_name_or_number_means_the_one_who_has_it(typed: str, meant: Somebody) -> None:
    known = company()
    assert known.meant(typed) is meant
    assert known.fresh == []


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("J. Jansen", "name_shared", "J. Jansen (K-1001), J. Jansen (K-1002)"),
        ("de winkel", "name_shared", "or give the other one a number first"),
        ("P. Smit (K-1001)", "other_name", "is the number of J. Jansen"),
        ("Anna Bos (P-7)", "number_unknown", "known without the number P-7"),
        ("87654321", "nobody", "Nobody here has the number 87654321"),
        ("K-1009", "nobody", "Nobody here has the number K-1009"),
        ("12 (K-9)", "nobody", "Nobody here has the number 12 (K-9)"),
    ],
)
def test_refusal_says_what_to_write_instead(typed: str, code: str, says: str) -> None:
    with translation.override("en"), pytest.raises(BrokenRule) as refused:
        company().meant(typed)
    assert (refused.value.code, says in str(refused.value.message)) == (code, True)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("Piet Bakker", ("Piet Bakker", PERSON, None, None)),
        ("Bakker (garage)", ("Bakker (garage)", PERSON, None, None)),
        ("Jan de Vries (P-12)", ("Jan de Vries", PERSON, "P-12", None)),
        ("Taxi Noord B.V.", ("Taxi Noord B.V.", COMPANY, None, None)),
        ("Taxi Noord (KvK 23456789)", ("Taxi Noord", COMPANY, None, "23456789")),
        ("J. Jansen (K-1003)", ("J. Jansen", PERSON, "K-1003", None)),
    ],
)
def test_whom_nobody_knew_is_new_once(typed: str, made: tuple[object, ...]) -> None:
    known = company()
    one = known.meant(typed)
    assert (one.name, one.kind, one.reference, one.kvk) == made
    assert known.meant(typed.upper()) is one
    assert known.fresh == [one]


def test_infix_tells_two_people_apart() -> None:
    known = Known.of([])
    assert known.meant("P. de Jong") is not known.meant("P. Jong")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Bouwbedrijf Jansen B.V.", COMPANY),
        ("Auto Weiß GmbH", COMPANY),
        ("Stichting Vervoer", COMPANY),
        ("A.G. Smit", PERSON),
        ("Anna Bos", PERSON),
        ("BV", PERSON),
    ],
)
def test_legal_form_makes_a_company(name: str, kind: str) -> None:
    assert kind_of(name) == kind


NAMES = st.sampled_from(["Anna Bos", "anna bos", "ANNA  BÓS", "J. Jansen", "Jong", "de Jong", "Taxi B.V.", "taxi bv"])
NUMBERS = st.sampled_from(["K-1", "k1", "K-2", "P 3", "KvK 12345678", "12345678", "garage"])
TEXTS = st.one_of(NAMES, NUMBERS, st.builds("{} ({})".format, NAMES, NUMBERS))


def _said(known: Known, text: str) -> tuple[str, ...]:
    try:
        one = known.meant(text)
    except BrokenRule as refusal:
        return ("refused", refusal.code)
    return (one.key, *one.numbers)


def _again(known: list[Somebody]) -> Known:
    """The same company, read from its rows."""
    return Known.of([Somebody(one.name, one.kind, one.reference, one.kvk, n) for n, one in enumerate(known)])


@given(texts=st.lists(TEXTS, max_size=12))
def test_file_means_the_same_as_its_rows_one_by_one(texts: list[str]) -> None:
    together, living, one_by_one = Known.of([]), list[Somebody](), []
    all_at_once = [_said(together, text) for text in texts]
    for text in texts:
        known = _again(living)
        one_by_one.append(_said(known, text))
        living += known.fresh
    assert all_at_once == one_by_one


@given(texts=st.lists(TEXTS, max_size=12))
def test_nobody_is_there_twice(texts: list[str]) -> None:
    """Of a name at most one is without a number, and a number is one's alone."""
    known = Known.of([])
    for text in texts:
        _said(known, text)
    by_name = [one.key for one in known.fresh if not one.numbers]
    numbers = [number for one in known.fresh for number in one.numbers]
    assert (len(set(by_name)), len(set(numbers))) == (len(by_name), len(numbers))


@given(texts=st.lists(TEXTS, max_size=8), text=TEXTS)
def test_shared_name_can_always_be_written_otherwise(texts: list[str], text: str) -> None:
    """Each who has a number is found by what the refusal says to write."""
    known = Known.of([])
    for one in texts:
        _said(known, one)
    try:
        known.meant(text)
    except SharedName as shared:
        for somebody in shared.meant:
            if somebody.numbers:
                assert known.meant(somebody.written) is somebody
                assert name_key(somebody.name) == name_key(text)
    except BrokenRule:
        pass
