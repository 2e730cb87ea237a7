"""How long a card runs and what it is worth: figures by hand, and what holds for any cover."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from remise.core.errors import DomainError
from remise.core.identifiers import Plate
from remise.green_cards import rules
from remise.green_cards.rules import USUAL, CardRules, Span, State, Term
from remise.policies.cover import Cover, as_far_as

PLATE = Plate("GT123K")
TODAY = date(2026, 10, 21)
DUE = CardRules(Term.DUE_DATE, 12, 1, 1, frozenset(), "test")
THIRTEEN = CardRules(Term.MONTHS, 13, 1, 1, frozenset(), "test")


@pytest.mark.parametrize(
    ("card_rules", "today", "last"),
    [
        (USUAL, TODAY, date(2027, 10, 20)),
        (USUAL, date(2028, 2, 29), date(2029, 2, 27)),
        (THIRTEEN, TODAY, date(2027, 11, 20)),
        (THIRTEEN, date(2026, 12, 31), date(2028, 1, 30)),
        (DUE, TODAY, date(2026, 12, 31)),
        (DUE, date(2026, 12, 17), date(2026, 12, 31)),  # fifteen days, both included
        (DUE, date(2026, 12, 18), date(2027, 12, 31)),  # fourteen are too few
    ],
)
def test_card_runs_as_the_product_says(card_rules: CardRules, today: date, last: date) -> None:
    assert rules.span(card_rules, PLATE, [(date(2026, 1, 1), None)], today=today) == Span(today, last)


def test_card_begins_with_cover_that_is_still_to_begin() -> None:
    found = rules.span(USUAL, PLATE, [(date(2026, 11, 1), None)], today=TODAY)
    assert found == Span(date(2026, 11, 1), date(2027, 10, 31))


def test_card_never_outlives_a_known_end() -> None:
    cover: Cover = [(date(2026, 1, 1), date(2026, 11, 5))]
    assert rules.span(USUAL, PLATE, cover, today=TODAY) == Span(TODAY, date(2026, 11, 4))


def test_card_for_fewer_than_fifteen_days_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        rules.span(USUAL, PLATE, [(date(2026, 1, 1), date(2026, 11, 4))], today=TODAY)
    assert refused.value.code == "card_too_short"


def test_vehicle_without_cover_gets_no_card() -> None:
    for cover in ([], [(date(2026, 1, 1), TODAY)]):
        with pytest.raises(DomainError) as refused:
            rules.span(USUAL, PLATE, cover, today=TODAY)
        assert refused.value.code == "not_insured"


def test_changed_terms_do_not_end_a_card() -> None:
    cover: Cover = [(date(2026, 1, 1), date(2026, 11, 1)), (date(2026, 11, 1), None)]
    assert rules.span(USUAL, PLATE, cover, today=TODAY).last == date(2027, 10, 20)
    assert rules.holds(cover, TODAY, date(2027, 1, 1))


def test_cover_that_begins_again_revives_no_card() -> None:
    cover: Cover = [(date(2026, 1, 1), date(2026, 11, 1)), (date(2026, 11, 3), None)]
    assert rules.holds(cover, TODAY, date(2026, 10, 31))
    assert not rules.holds(cover, TODAY, date(2026, 11, 1))
    assert not rules.holds(cover, TODAY, date(2026, 12, 1))
    assert rules.last_day(Span(TODAY, date(2027, 10, 20)), cover) == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("kind", "letter"),
    [
        ("Personenauto", "A"),
        ("Motorfiets", "B"),
        ("Bedrijfsauto", "C"),
        ("Land- of bosbouwtrekker", "C"),
        ("Bromfiets", "D"),
        ("Bus", "E"),
        ("Oplegger", "F"),
        ("Mobiele machine", "G"),
        ("", "G"),
    ],
)
def test_category_follows_the_registers_kind(kind: str, letter: str) -> None:
    assert rules.category(kind) == letter


def test_plate_unknown_to_the_register_waits_except_a_trade_plate() -> None:
    rules.known_to_register(Plate.parse("HA-01-12"), "")
    rules.known_to_register(PLATE, "VOLVO")
    with pytest.raises(DomainError) as refused:
        rules.known_to_register(PLATE, "")
    assert refused.value.code == "not_known_to_register"


some_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
lengths = st.integers(1, 200)


@st.composite
def covers(draw: Any) -> list[tuple[date, date | None]]:
    """Stretches that do not overlap, the last one perhaps open."""
    day, found = draw(some_days), list[tuple[date, date | None]]()
    for _ in range(draw(st.integers(0, 4))):
        ends = day + timedelta(draw(lengths))
        found.append((day, ends))
        day = ends + timedelta(draw(st.integers(0, 30)))
    if found and draw(st.booleans()):
        found[-1] = (found[-1][0], None)
    return found


def covered(cover: Cover, day: date) -> bool:
    return any(starts <= day and (ends is None or day < ends) for starts, ends in cover)


@given(covers(), some_days, st.sampled_from([USUAL, THIRTEEN, DUE]))
def test_each_day_of_a_card_is_covered_as_known_when_it_is_made(cover: Cover, today: date, of: CardRules) -> None:
    try:
        found = rules.span(of, PLATE, cover, today=today)
    except DomainError:
        assume(False)
        return
    assert found.days >= rules.MINIMUM_DAYS
    assert found.first >= today
    assert found.last < rules.months_later(found.first, 13)
    assert all(covered(cover, found.first + timedelta(n)) for n in range(found.days))


@given(covers(), some_days, lengths)
def test_cover_holds_while_no_day_is_missing(cover: Cover, since: date, days: int) -> None:
    day = since + timedelta(days)
    assert rules.holds(cover, since, day) == all(covered(cover, since + timedelta(n)) for n in range(days + 1))


@given(covers(), some_days, some_days)
def test_no_day_is_covered_after_the_policy_ended(cover: Cover, ends: date, day: date) -> None:
    assert covered(as_far_as(ends, cover), day) == (day < ends and covered(cover, day))


@given(covers(), some_days, st.integers(15, 400), st.integers(-30, 500), st.booleans())
def test_card_is_valid_on_covered_days_of_its_own_only(
    cover: Cover, first: date, length: int, later: int, voided: bool
) -> None:
    valid, day = Span(first, first + timedelta(length - 1)), first + timedelta(later)
    runs = rules.holds(cover, first, max(day, first))
    found = rules.state(valid, runs=runs, voided=voided, day=day)
    if found is State.VALID:
        assert not voided
        assert first <= day <= valid.last
        assert covered(cover, day)
    if voided:
        assert found is State.VOID
    if found is State.NOT_YET:
        assert day < first
