"""Opening hours: read, told, and whether it is open at a moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from remise.core.clock import AMSTERDAM
from remise.core.opening import DAYS, Openness, UnreadableHours, Week, easter, is_holiday, kings_day, openness
from remise.ui import formats

RIGHTS_DESK = Week.parse("Mo-Fr 08:00-17:30; Sa 09:00-17:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


# Wednesday 21 October 2026.
@pytest.mark.parametrize(
    ("now", "is_open", "changes"),
    [
        ("2026-10-21T09:40", True, "2026-10-21T17:30"),
        ("2026-10-21T07:59", False, "2026-10-21T08:00"),
        ("2026-10-21T08:00", True, "2026-10-21T17:30"),
        ("2026-10-21T17:30", False, "2026-10-22T08:00"),
        ("2026-10-23T20:00", False, "2026-10-24T09:00"),  # Saturday has hours of its own
        ("2026-10-24T18:00", False, "2026-10-26T08:00"),  # over the night on which the clock is put back
        ("2026-12-24T18:00", False, "2026-12-28T08:00"),  # Christmas, and a Sunday: 26 December is a Saturday
        ("2027-04-26T18:00", False, "2027-04-28T08:00"),  # King's Day
    ],
)
def test_openness_of_a_week_with_a_saturday(now: str, is_open: bool, changes: str) -> None:
    assert openness(RIGHTS_DESK, at(now)) == Openness(is_open, at(changes))


def test_own_closed_days_are_skipped() -> None:
    closed = frozenset({date(2026, 10, 22), date(2026, 10, 23)})
    assert openness(RIGHTS_DESK, at("2026-10-21T18:00"), closed) == Openness(False, at("2026-10-24T09:00"))


def test_day_and_night_never_changes() -> None:
    assert openness(Week.parse("24/7"), at("2026-12-25T03:00")) == Openness(True, None)


def test_closed_for_good_opens_never() -> None:
    """Only on public holidays, and shut on those that are near."""
    closed = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}
    assert openness(Week.parse("PH 10:00-12:00"), at("2026-12-01T10:00"), closed) == Openness(False, None)


def test_midnight_is_no_break() -> None:
    late = Week.parse("Mo-Su 18:00-24:00; Tu 00:00-02:00,18:00-24:00")
    assert openness(late, at("2026-10-19T23:00")) == Openness(True, at("2026-10-20T02:00"))


minutes = some.integers(0, 24 * 60)


@some.composite
def weeks(draw: some.DrawFn) -> Week:
    rules = []
    for name in draw(some.sets(some.sampled_from(DAYS), min_size=1)):
        marks = sorted(draw(some.sets(minutes, min_size=2, max_size=6)))
        pairs = zip(marks[::2], marks[1::2], strict=False)
        spans = ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in pairs)
        rules.append(f"{name} {spans}")
    return Week.parse("; ".join(rules))


moments = some.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
days_near = some.frozensets(some.dates(date(2025, 1, 1), date(2028, 1, 1)), max_size=4)


def contains(week: Week, moment: datetime, closed: frozenset[date]) -> bool:
    """The same question asked the plain way: does one of the stretches around it hold the moment?"""
    day = moment.astimezone(AMSTERDAM).date()
    around = week.stretches(day - timedelta(days=1), closed, until=day + timedelta(days=1))
    return any(opens <= moment < closes for opens, closes in around)


@given(week=weeks(), now=moments, closed=days_near, share=some.floats(0, 0.999))
def test_open_and_closed_never_contradict_and_the_next_change_is_the_first(
    week: Week, now: datetime, closed: frozenset[date], share: float
) -> None:
    found = openness(week, now, closed)
    assert found.is_open is contains(week, now, closed)
    if found.changes_at is None:
        return
    assert found.changes_at > now
    assert contains(week, found.changes_at, closed) is not found.is_open
    between = now + (found.changes_at - now) * share
    assert contains(week, between, closed) is found.is_open
    just_before = found.changes_at - timedelta(seconds=1)
    assert just_before < now or contains(week, just_before, closed) is found.is_open


@pytest.mark.parametrize(
    "text",
    [
        *("", "Mo", "08:00-17:00", "Mo-Fr 8:00-17:00", "Mo-Fr 17:00-08:00", "Mo-Fr 08:00-08:00", "Fr-Mo 08:00-17:00"),
        *("Xx 08:00-17:00", "Mo 08:00-25:00", "Mo 08:60-09:00", "Mo 10:00-12:00,11:00-13:00", "PH-Su 08:00-09:00"),
        *("Mo 08:00-17:00;", "Mo 08:00-17:00; ;", "Mo 08:0٠-17:00"),
    ],
)
def test_unreadable_hours_are_refused(text: str) -> None:
    with pytest.raises(UnreadableHours):
        Week.parse(text)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Mo-Fr 08:00-17:30; Sa 09:00-17:00", "nl", "ma–vr 8.00–17.30, za 9.00–17.00"),
        ("Mo-Fr 08:00-17:30; Sa 09:00-17:00", "de", "Mo–Fr 8:00–17:30, Sa 9:00–17:00"),
        ("Mo-Fr 08:00-17:30; Sa 09:00-17:00", "en", "Mon–Fri 8:00–17:30, Sat 9:00–17:00"),
        ("Mo,We 08:15-17:30", "nl", "ma 8.15–17.30, wo 8.15–17.30"),
    ],
)
def test_hours_are_told_in_each_language(text: str, language: str, said: str) -> None:
    with translation.override(language):
        assert formats.hours(Week.parse(text)) == said


@pytest.mark.parametrize(
    "day", ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2008-03-23", "1961-04-02"]
)
def test_easter(day: str) -> None:
    assert easter(date.fromisoformat(day).year) == date.fromisoformat(day)


def test_holidays_of_a_year() -> None:
    days = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    assert [day.isoformat()[5:] for day in days if is_holiday(day)] == [
        *("01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26")
    ]


def test_kings_day_on_a_sunday_is_the_day_before() -> None:
    assert kings_day(2025) == date(2025, 4, 26)
    assert kings_day(2026) == date(2026, 4, 27)
