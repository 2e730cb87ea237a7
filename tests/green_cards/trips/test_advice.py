"""The advice: every country once, every line with its day and source, and what the trailer and the months change."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import Plate
from remise.green_cards.rules import USUAL, Span, Term
from remise.green_cards.rules import CardRules as Rules
from remise.green_cards.territory import OUTSIDE, every_country
from remise.green_cards.trips.rules import (
    Advice,
    Car,
    Held,
    Question,
    Role,
    Standing,
    ToAsk,
    Trailer,
    Trip,
    Verdict,
    advise,
    longest_stay,
    trailer_of,
)
from remise.green_cards.trips.tables import EARLIEST
from remise.ui.formats import day as shown_day

THEN, NOW = date(2023, 1, 1), date(2026, 11, 23)
CAR, TRAILER = Plate("GHK12L"), Plate("12WDBC")
countries = st.frozensets(st.sampled_from(sorted(every_country())), min_size=1, max_size=12)
days = st.dates(EARLIEST, date(2035, 12, 31))


def trip(*to: str, via: str = "", first: date = NOW, days: int = 14, **more: object) -> Trip:
    last = first + timedelta(days - 1)
    return Trip(frozenset(to), frozenset(via.split()), first, last, **more)  # type: ignore[arg-type]


def asked(of: Trip, car: Car | None = None, rules: Rules = USUAL) -> Advice:
    return advise(of, car, rules, on=of.first)


def codes(advice: Advice, iso: str) -> list[str]:
    (found,) = [one for one in advice.countries if one.iso == iso]
    return [line.code for line in found.lines]


def test_f140_f141_f142_turkey_asks_for_paper_in_2023_and_to_be_shown_it_now() -> None:
    then, now = asked(trip("TR", first=THEN)), asked(trip("TR"))
    assert codes(then, "TR") == ["must_show", "paper", "white_refused"]
    assert (then.verdict, then.to_ask.paper) == (Verdict.PAPER, True)
    assert codes(now, "TR") == ["must_show", "digital"]
    assert (now.verdict, now.to_ask.paper) == (Verdict.SHOW, False)


def test_f142_serbia_must_be_shown_it_in_2023_and_asks_for_nothing_now() -> None:
    assert codes(asked(trip("RS", first=THEN)), "RS") == ["must_show", "white_refused"]
    now = asked(trip("RS"))
    assert codes(now, "RS") == ["not_asked", "digital"]
    assert now.countries[0].lines[0].since == date(2012, 1, 1)


def test_f143_france_asks_for_none_and_it_is_advised() -> None:
    advice = asked(trip("FR"))
    assert (advice.verdict, advice.standing(Standing.FREE)) == (Verdict.FREE, ("FR",))
    assert "not required, but advised" in advice.take[0].words


@pytest.mark.parametrize(("iso", "why"), [("RU", "agreement_ended"), ("IR", "left_out"), ("XK", "outside")])
def test_no_cover_is_told_with_its_reason_and_can_be_asked_about(iso: str, why: str) -> None:
    advice = asked(trip(iso, "AT"))
    assert codes(advice, iso) == [why]
    assert (advice.verdict, advice.standing(Standing.NO_COVER)) == (Verdict.NOT_EVERYWHERE, (iso,))
    assert advice.questions == (Question.NO_COVER,)
    assert advice.countries[0].iso == iso  # the worst first


@pytest.mark.parametrize("iso", ["EG", "XK", "IR"])
def test_rule_without_a_day_of_its_own_has_that_of_the_list_and_not_of_the_trip(iso: str) -> None:
    for first, since in ((date(2021, 5, 5), date(2019, 2, 12)), (NOW, date(2023, 6, 1))):
        (line,) = asked(trip(iso, first=first)).countries[0].lines
        assert line.since == since


def test_cover_that_ends_during_the_trip_is_none() -> None:
    before = trip("RU", first=date(2023, 5, 1), days=31)
    assert asked(before).standing(Standing.NO_COVER) == ()
    assert asked(replace(before, last=date(2023, 6, 1))).standing(Standing.NO_COVER) == ("RU",)


def test_what_the_product_leaves_out_has_the_products_day_and_source() -> None:
    rules = Rules(Term.MONTHS, 12, 1, 1, frozenset({"TR", "D"}), "Product sheet 2026-01", date(2026, 1, 1))
    advice = asked(trip("TR", "DE", "IR"), rules=rules)
    (line,) = advice.countries[0].lines
    assert (line.code, line.since, line.source) == ("left_out", date(2026, 1, 1), "Product sheet 2026-01")
    # What stands in the block is never crossed out, and this product has Iran.
    assert advice.standing(Standing.NO_COVER) == ("TR",)


def test_small_states_go_with_the_country_around_them() -> None:
    advice = asked(trip("LI", "MC", "SM", "VA"))
    assert [(one.iso, one.sign) for one in advice.countries] == [("LI", "CH"), ("MC", "F"), ("SM", "I"), ("VA", "I")]
    assert advice.verdict is Verdict.FREE


@pytest.mark.parametrize(
    ("mass", "plate", "found"),
    [
        (None, None, Trailer.NONE),
        (749, None, Trailer.LIGHT),
        (749, TRAILER, Trailer.ASK),
        (750, None, Trailer.ASK),
        (750, TRAILER, Trailer.ASK),
        (751, None, Trailer.ASK),
        (751, TRAILER, Trailer.HEAVY),
    ],
)
def test_what_no_source_says_of_a_trailer_is_asked(mass: int | None, plate: Plate | None, found: Trailer) -> None:
    assert trailer_of(mass, plate) is found
    advice = asked(trip("AT", mass=mass, trailer=plate))
    assert (advice.verdict is Verdict.ASK) == (found is Trailer.ASK) == (Question.TRAILER in advice.questions)


def test_f144_light_trailer_goes_along_on_the_cars_card() -> None:
    advice = asked(trip("AT", via="DE", mass=600))
    assert "light_trailer" in [line.code for line in advice.take]
    assert (advice.to_ask.with_trailer, advice.to_ask.second) == (True, None)


def test_f145_heavy_trailer_to_austria_through_germany_needs_a_second_card() -> None:
    through = asked(trip("AT", via="DE", mass=1500, trailer=TRAILER))
    assert codes(through, "DE") == ["not_asked", "digital", "second_card"]
    assert "second_card" not in codes(through, "AT")
    assert through.to_ask.second == TRAILER
    assert [line.code for line in through.take] == ["take_card", "take_second"]
    around = asked(trip("AT", via="CH", mass=1500, trailer=TRAILER))
    assert around.to_ask.second is None
    (said,) = [line.words for line in around.besides if line.code == "heavy_without_card"]
    assert said.endswith("Only Germany, Poland and Spain ask for one.")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 1, 15), date(2026, 7, 14)),
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
    ],
)
def test_f146_six_calendar_months(first: date, last: date) -> None:
    assert longest_stay(first) == last
    within = Trip(frozenset({"FR"}), frozenset(), first, last)
    assert (asked(within).verdict, asked(within).to_ask.until) == (Verdict.FREE, None)
    beyond = replace(within, last=last + timedelta(1))
    assert (asked(beyond).verdict, asked(beyond).to_ask.until) == (Verdict.TOO_LONG, last)
    assert "too_long" in [line.code for line in asked(beyond).besides]


def test_f146_first_of_january_to_second_of_july_is_too_long() -> None:
    assert asked(Trip(frozenset({"ES"}), frozenset(), date(2026, 1, 1), date(2026, 7, 2))).questions == (
        Question.TOO_LONG,
    )


@given(days)
def test_f146_six_months_are_never_under_181_nor_over_184_days(first: date) -> None:
    last = longest_stay(first)
    assert 181 <= (last - first).days + 1 <= 184
    after = last + timedelta(1)
    assert (after.year * 12 + after.month) - (first.year * 12 + first.month) in {6, 7}
    # The day after has the number of the first one, or the month had no such day.
    assert after.day == first.day or (after.day == 1 and monthrange(last.year, last.month)[1] < first.day)


@given(days, days)
def test_f146_who_leaves_later_may_stay_at_least_as_long(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert longest_stay(first) <= longest_stay(second)


@given(countries, countries, days, st.integers(1, 400), st.integers(1, 3000) | st.none(), st.booleans())
def test_every_country_is_spoken_of_once_and_every_line_is_dated(
    to: frozenset[str], via: frozenset[str], first: date, length: int, mass: int | None, plated: bool
) -> None:
    going = Trip(to, via, first, first + timedelta(length), mass, TRAILER if plated else None)
    advice = asked(going)
    assert sorted(one.iso for one in advice.countries) == sorted(to | via)
    for one in advice.countries:
        assert one.lines
        assert (one.role is Role.DESTINATION) == (one.iso in to)
        assert one.sign or one.iso in OUTSIDE
    assert all(line.words and line.source and isinstance(line.since, date) for line in advice.every_line)
    standing = [list(Standing).index(one.standing) for one in advice.countries]
    assert standing == sorted(standing)
    assert bool(advice.questions) == (advice.verdict in {Verdict.NOT_EVERYWHERE, Verdict.ASK, Verdict.TOO_LONG})


@given(countries, countries)
def test_order_and_role_change_no_rule(to: frozenset[str], via: frozenset[str]) -> None:
    one = asked(Trip(to, via, NOW, NOW))
    other = asked(Trip(via, to, NOW, NOW))
    assert {(c.iso, c.standing, c.lines) for c in one.countries} == {
        (c.iso, c.standing, c.lines) for c in other.countries
    }


def test_card_that_reaches_to_the_end_is_not_asked_for_again() -> None:
    cover = [(date(2026, 1, 1), None)]
    going = trip("TR", days=30)
    long = Held("0000048", CAR, Span(NOW, NOW + timedelta(29)))
    short = Held("0000049", CAR, Span(NOW, NOW + timedelta(20)))
    has, lacks = asked(going, Car(CAR, cover, (short, long))), asked(going, Car(CAR, cover, (short,)))
    assert (has.to_ask.card, [line.code for line in has.besides]) == (False, ["has_card"])
    assert (lacks.to_ask.card, [line.code for line in lacks.besides]) == (True, ["card_ends"])
    # One that does not note the trailer is not one for a trip with it; the trailer's own is not the car's.
    light = asked(trip("TR", days=30, mass=500), Car(CAR, cover, (long,)))
    assert light.to_ask.card
    second = Held("0000050", TRAILER, long.span, is_second=True)
    heavy = asked(trip("DE", days=30, mass=1500, trailer=TRAILER), Car(CAR, cover, (second,)))
    assert (heavy.to_ask.card, heavy.to_ask.second) == (True, None)


def test_insurance_that_does_not_reach_is_told() -> None:
    going = trip("FR", days=30)
    ends = asked(going, Car(CAR, [(date(2026, 1, 1), NOW + timedelta(10))]))
    later = asked(going, Car(CAR, [(NOW + timedelta(1), None)]))
    assert [line.code for line in ends.besides] == ["insurance_ends"]
    assert [line.code for line in later.besides] == ["not_insured"]
    assert (ends.verdict, later.verdict) == (Verdict.INSURANCE_ENDS, Verdict.NOT_INSURED)


def test_card_is_not_said_to_be_valid_where_and_when_it_is_not() -> None:
    car = Car(CAR, [(date(2026, 1, 1), None)], (Held("0000110", CAR, Span(NOW, NOW + timedelta(364))),))
    (partly,) = asked(trip("AT", "RU", via="BY"), car).besides
    assert (partly.code, "but not in Belarus and Russia" in partly.words) == ("has_card", True)
    too_long, at_most = asked(trip("MA", days=212), car).besides
    assert too_long.code == "too_long"
    assert f"valid up to and including {shown_day(longest_stay(NOW))}." in at_most.words
    _too_long, both = asked(trip("MA", "RU", days=212), car).besides
    assert f"including {shown_day(longest_stay(NOW))}, but not in Russia." in both.words
    assert "whole trip" in asked(trip("MA"), car).besides[0].words


@pytest.mark.parametrize("heavy", [{}, {"mass": 500}, {"mass": 1500, "trailer": TRAILER}])
def test_where_no_card_counts_none_is_spoken_of_nor_asked_for(heavy: dict[str, Any]) -> None:
    held = Held("0000110", CAR, Span(NOW, NOW + timedelta(364)))
    going = trip("RU", via="BY", **heavy)
    for car in (None, Car(CAR, [(date(2026, 1, 1), None)]), Car(CAR, [(date(2026, 1, 1), None)], (held,))):
        advice = asked(going, car)
        assert (advice.take, advice.besides, advice.card_helps) == ((), (), False)
        assert advice.to_ask == ToAsk()
    uninsured = asked(trip("DE", mass=1500, trailer=TRAILER), Car(CAR, []))
    assert (uninsured.card_helps, uninsured.to_ask) == (False, ToAsk())


@pytest.mark.parametrize(
    ("going", "verdict"),
    [
        (trip("RU", days=30), Verdict.NOT_EVERYWHERE),
        (trip("FR", days=30, mass=750), Verdict.ASK),
        (trip("FR", days=300), Verdict.INSURANCE_ENDS),
    ],
)
def test_worst_of_trip_and_cover_is_the_answer(going: Trip, verdict: Verdict) -> None:
    ends = Car(CAR, [(date(2026, 1, 1), NOW + timedelta(10))])
    assert asked(going, ends).verdict is verdict
    assert asked(going, replace(ends, cover=[])).verdict is Verdict.NOT_INSURED
