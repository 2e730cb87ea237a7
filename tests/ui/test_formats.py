"""Numbers, days and plates as people write them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from remise.ui import formats, sparkline

NBSP = "\N{NO-BREAK SPACE}"
MARCH = dt.date(2026, 3, 12)


@pytest.mark.parametrize(
    ("language", "style", "amount", "written"),
    [
        ("nl", "", Decimal("1234.56"), "€ 1.234,56"),
        ("nl", "", Decimal("-743.10"), "\N{MINUS SIGN} € 743,10"),
        ("nl", "whole", Decimal("18642.00"), "€ 18.642"),
        ("nl", "whole", 0, "€ 0"),
        ("nl", "short", Decimal("9840796.00"), "€ 9,84 mln"),
        ("nl", "signed", Decimal("41.80"), "+ € 41,80"),
        ("nl", "signed", 0, "€ 0,00"),
        ("de", "", Decimal("1234.56"), "1.234,56 €"),
        ("en", "", Decimal("1234.56"), "€1,234.56"),
        ("en", "whole", 1234567, "€1,234,567"),
    ],
)
def test_money_is_written_as_the_language_does(
    language: str, style: str, amount: Decimal | int, written: str
) -> None:
    with override(language):
        assert formats.money(amount, style).replace(NBSP, " ") == written


def test_money_whole_is_rounded_half_away_from_zero() -> None:
    with override("nl"):
        assert formats.money(Decimal("2.50"), "whole").replace(NBSP, " ") == "€ 3"


@pytest.mark.parametrize(
    ("language", "style", "written"),
    [
        ("nl", "", "12 maart 2026"),
        ("nl", "short", "12 mrt 2026"),
        ("nl", "plain", "12 maart"),
        ("nl", "weekday", "donderdag 12 maart 2026"),
        ("de", "", "12. März 2026"),
        ("de", "plain", "12. März"),
        ("en", "", "12 March 2026"),
    ],
)
def test_day_is_written_as_the_language_does(language: str, style: str, written: str) -> None:
    with override(language):
        assert formats.day(MARCH, style) == written


@pytest.mark.parametrize(
    ("days", "nl", "de", "en"),
    [
        (1, "1 dag", "1 Tag", "1 day"),
        (7, "1 week", "1 Woche", "1 week"),
        (28, "4 weken", "4 Wochen", "4 weeks"),
        (30, "1 maand", "1 Monat", "1 month"),
        (90, "3 maanden", "3 Monate", "3 months"),
        (365, "1 jaar", "1 Jahr", "1 year"),
        (366, "1 jaar", "1 Jahr", "1 year"),
        (2557, "7 jaar", "7 Jahre", "7 years"),
        (400, "400 dagen", "400 Tage", "400 days"),
        (0, "0 dagen", "0 Tage", "0 days"),
    ],
)
def test_duration_is_said_in_the_largest_whole_unit(days: int, nl: str, de: str, en: str) -> None:
    for language, written in (("nl", nl), ("de", de), ("en", en)):
        with override(language):
            assert formats.duration(days) == written


def test_half_a_year_is_said_so() -> None:
    with override("en"):
        assert [days for days in range(400) if formats.duration(days) == "half a year"] == [182, 183, 184]


UNITS = {"day": (1, 1), "week": (7, 7), "month": (30, 30), "year": (365, 366)}


@given(days=st.integers(0, 40_000))
@example(364)
@example(367)
def test_duration_is_true_whatever_the_number(days: int) -> None:
    """What is read stands for days between which the number lies; a year may have its leap day."""
    with override("en"):
        said = formats.duration(days).replace(",", "")
    if said == "half a year":
        assert days in range(182, 185)
        return
    count, unit = said.split()
    least, most = UNITS[unit.rstrip("s")]
    assert int(count) * least <= days <= int(count) * most
    for language in ("nl", "de"):
        with override(language):
            assert re.match(r"[\d.]+", formats.duration(days))[0].replace(".", "") == count  # type: ignore[index]


def test_moment_is_told_in_amsterdam() -> None:
    with override("nl"):
        assert formats.moment(dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC)) == "13 maart 2026, 00:30"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (MARCH, "today"),
        (dt.date(2026, 3, 11), "yesterday"),
        (dt.date(2026, 3, 13), "tomorrow"),
        (dt.date(2026, 3, 1), "1 March"),
        (dt.date(2025, 12, 31), "31 December 2025"),
    ],
)
def test_near_day_is_said_in_words(day: dt.date, said: str) -> None:
    with override("en"):
        assert formats.near_day(day, MARCH) == said


@pytest.mark.parametrize(("language", "written"), [("nl", "1.234,5"), ("en", "1,234.5")])
def test_number_is_written_as_the_language_does(language: str, written: str) -> None:
    with override(language):
        assert formats.number(Decimal("1234.5")) == written


@pytest.mark.parametrize(
    ("given", "shown"),
    [("GBB01B", "GBB-01-B"), ("12abcd", "12-AB-CD"), ("HA1234", "HA-12-34"), ("b xx 1", "B XX 1"), ("", "")],
)
def test_plate_text_has_its_dashes(given: str, shown: str) -> None:
    assert formats.plate_text(given) == shown


@pytest.mark.parametrize(
    ("name", "letters"), [("Gerard Brug", "GB"), ("Sanne de Vries", "SV"), ("jan", "J"), ("", ""), ("Jan", "J")]
)
def test_initials_skip_the_small_words(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


def test_sparkline_runs_from_left_to_right_and_turns_upside_down() -> None:
    assert sparkline.points([0, 10]) == "0,29 120,3"


def test_sparkline_of_equal_values_lies_in_the_middle() -> None:
    assert sparkline.points([5, 5, 5]) == "0,16 60,16 120,16"


def test_sparkline_of_one_value_is_nothing() -> None:
    assert sparkline.points([5]) == ""
