"""Operations as they are stored, and what an index does to a sum."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from json import dumps, loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core.ledger.operations import (
    End,
    Index,
    InvalidOperationError,
    Operation,
    Posting,
    Schema,
    Set,
    Start,
    Value,
    decode,
    details_of,
    encode,
    replay,
)

SCHEMA: Schema = {"sum": Decimal, "cover": str, "branch": int, "leased": bool, "since": date, "details": dict}
JANUARY, MAY = date(2026, 1, 1), date(2026, 5, 1)

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**10), max_value=10**10)
terms = st.fixed_dictionaries(
    {},
    optional={
        "sum": st.none() | decimals,
        "cover": st.none() | st.text(),
        "branch": st.none() | st.integers(),
        "leased": st.none() | st.booleans(),
        "since": st.none() | st.dates(),
        "details.seats": st.none() | st.integers() | st.booleans() | st.text(),
    },
)
percents = st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000)
operations = st.one_of(
    st.builds(Start, terms), st.builds(Set, terms), st.builds(Index, st.just("sum"), percents), st.just(End())
)


@given(given=st.lists(operations))
def test_decode_of_encoded_gives_the_same(given: list[Operation]) -> None:
    assert list(decode(loads(dumps(encode(given, SCHEMA))), SCHEMA)) == given


@pytest.mark.parametrize("term", ["cover", "branch", "leased", "since", "unknown"])
def test_encode_refuses_an_index_of_what_is_no_sum(term: str) -> None:
    with pytest.raises(InvalidOperationError, match=f"{term} is not a sum"):
        encode([Index(term, Decimal(5))], SCHEMA)


@pytest.mark.parametrize(
    "stored",
    [
        {"op": "index"},
        {"op": "index", "term": "sum", "percent": 5},
        {"op": "index", "term": None, "percent": "5"},
        {"op": "rise", "term": "sum", "percent": "5"},
        {"op": "start"},
        {},
    ],
)
def test_decode_refuses_what_it_does_not_know(stored: Mapping[str, object]) -> None:
    with pytest.raises(InvalidOperationError, match="unknown operation"):
        decode([stored], SCHEMA)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("details", {}),
        ("details.", 1),
        ("details.sum", Decimal(1)),
        ("details.since", JANUARY),
        ("details.more", {"a": 1}),
        ("seats", 1),
    ],
)
def test_encode_refuses_what_is_no_term(term: str, value: Value) -> None:
    with pytest.raises(InvalidOperationError):
        encode([Set({term: value})], SCHEMA)


def test_details_only_where_there_is_room_for_them() -> None:
    with pytest.raises(InvalidOperationError, match=r"unknown term details\.seats"):
        encode([Set({"details.seats": 5})], {"cover": str})


def test_change_of_one_detail_leaves_what_was_entered_later_for_another() -> None:
    """Each is a term by itself: a whole mapping, written anew, would take the other one back."""
    postings = [
        Posting(1, JANUARY, None, (Start({"details.seats": 5, "details.place": "A"}),)),
        Posting(2, MAY, None, (Set({"details.place": "B"}),)),
        Posting(3, date(2026, 3, 1), None, (Set({"details.seats": 7}),)),
    ]
    assert [details_of(segment.terms) for segment in replay(postings)] == [
        {"seats": 5, "place": "A"},
        {"seats": 7, "place": "A"},
        {"seats": 7, "place": "B"},
    ]


def sums(*given: tuple[date, Operation]) -> list[object]:
    """What the sum is in each segment, entered in this order."""
    postings = [Posting(number, day, None, (operation,)) for number, (day, operation) in enumerate(given)]
    return [segment.terms.get("sum") for segment in replay(postings)]


@pytest.mark.parametrize(
    ("before", "percent", "after"),
    [
        ("0.10", "5", "0.11"),  # 0.105: half a cent goes away from zero
        ("-0.10", "5", "-0.11"),
        ("0.10", "4.9", "0.10"),
        ("100000.00", "9.1", "109100.00"),
        ("100.00", "-100", "0.00"),
        ("100.00", "-150", "-50.00"),
        ("9999999999.99", "0.00000000000000001", "9999999999.99"),
    ],
)
def test_index_rounds_half_a_cent_away_from_zero(before: str, percent: str, after: str) -> None:
    (found,) = sums((JANUARY, Start({"sum": Decimal(before)})), (JANUARY, Index("sum", Decimal(percent))))
    assert (found, str(found)) == (Decimal(after), after)


def test_index_survives_a_change_found_later_for_a_day_before_it() -> None:
    """What makes a ledger of operations of it: with values, January would overwrite what November is found to be."""
    november = date(2025, 11, 1)
    index = Index("sum", Decimal("9.1"))
    start = Start({"sum": Decimal("100000.00")})
    found = sums((date(2025, 1, 1), start), (JANUARY, index), (november, Set({"sum": Decimal("120000.00")})))
    assert found == [Decimal("100000.00"), Decimal("120000.00"), Decimal("130920.00")]


def test_index_of_what_is_not_there_stays_nothing() -> None:
    assert sums((JANUARY, Start({})), (MAY, Index("sum", Decimal(5)))) == [None, None]


def test_index_of_what_is_no_sum_is_an_error() -> None:
    posting = Posting(1, JANUARY, None, (Start({"cover": "wa"}), Index("cover", Decimal(5))))
    with pytest.raises(InvalidOperationError, match="only a sum"):
        replay([posting])
