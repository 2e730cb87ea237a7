"""The clock of a request, in the desk's working hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from remise.core.clock import AMSTERDAM
from remise.core.opening import Week, is_holiday
from remise.desk.rules import (
    Age,
    Due,
    Haste,
    clock_of,
    days_back,
    due_at,
    first_days,
    haste,
    hours_of,
    working_day,
    working_time,
)

WEEK = Week.parse("Mo-Fr 08:00-17:30")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


# Wednesday 21 October 2026; the desk works Monday to Friday, 8.00-17.30.
@pytest.mark.parametrize(
    ("opened", "hours", "due"),
    [
        ("2026-10-21T09:40", 4, "2026-10-21T13:40"),
        ("2026-10-21T13:30", 4, "2026-10-21T17:30"),
        ("2026-10-21T13:31", 4, "2026-10-22T08:01"),
        ("2026-10-21T22:00", 4, "2026-10-22T12:00"),
        ("2026-10-21T06:00", 4, "2026-10-21T12:00"),
        ("2026-10-23T16:30", 4, "2026-10-26T11:00"),  # over a weekend in which the clock is changed
        ("2026-10-24T12:00", 4, "2026-10-26T12:00"),
        ("2026-10-21T09:40", 19, "2026-10-23T09:40"),
        ("2026-12-24T16:30", 2, "2026-12-28T09:00"),  # over Christmas
        ("2027-04-26T17:00", 1, "2027-04-28T08:30"),  # over King's Day
    ],
)
def test_due_counts_working_hours(opened: str, hours: int, due: str) -> None:
    assert due_at(at(opened), hours, WEEK) == at(due)
    assert due_at(at(opened).astimezone(UTC), hours, WEEK) == at(due)


@given(
    opened=some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    hours=some.integers(1, 60),
)
def test_due_is_in_working_hours_and_later_asked_is_never_due_earlier(opened: datetime, hours: int) -> None:
    due = due_at(opened, hours, WEEK)
    local = due.astimezone(AMSTERDAM)
    assert due - opened >= timedelta(hours=hours)
    assert local.weekday() < 5
    assert not is_holiday(local.date())
    assert (8, 0) <= (local.hour, local.minute) <= (17, 30)
    assert due_at(opened + timedelta(minutes=17), hours, WEEK) >= due
    assert due_at(opened, hours + 1, WEEK) > due


def test_due_counts_saturdays_where_the_desk_works() -> None:
    week = Week.parse("Mo-Fr 08:00-17:30; Sa 09:00-17:00")
    assert due_at(at("2026-10-23T16:30"), 3, week) == at("2026-10-24T11:00")


def test_hours_are_those_of_the_day() -> None:
    dues = (Due(date(2020, 1, 1), 19, "x"), Due(date(2026, 7, 1), 8, "y"))
    assert [hours_of(dues, date(*day)) for day in ((2019, 1, 1), (2026, 6, 30), (2026, 7, 1))] == [19, 19, 8]


@pytest.mark.parametrize(
    ("opened", "hours", "soon"),
    [
        ("2026-10-21T09:40", 4, "2026-10-21T12:40"),  # an hour of four
        ("2026-10-21T13:40", 4, "2026-10-21T16:40"),  # due the next morning: the night does not count
        ("2026-10-21T08:00", 19, "2026-10-22T12:45"),  # 4.45 of nineteen
        ("2026-10-23T15:00", 4, "2026-10-26T08:30"),  # over a weekend
    ],
)
def test_haste_begins_with_the_last_quarter_of_the_time_given(opened: str, hours: int, soon: str) -> None:
    due = due_at(at(opened), hours, WEEK)
    moments = [at(opened), at(soon) - timedelta(minutes=1), at(soon), due - timedelta(minutes=1), due]
    found = [haste(at(opened), due, moment, WEEK) for moment in moments]
    assert found == [Haste.FINE, Haste.FINE, Haste.SOON, Haste.SOON, Haste.LATE]


MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


@given(opened=MOMENTS, hours=some.integers(1, 60), minutes=some.lists(some.integers(0, 40_000), max_size=6))
def test_haste_only_ever_grows_and_is_the_same_share_of_every_promise(
    opened: datetime, hours: int, minutes: list[int]
) -> None:
    due = due_at(opened, hours, WEEK)
    assert working_time(opened, due, WEEK) == timedelta(hours=hours)
    moments = sorted(opened + timedelta(minutes=count) for count in minutes)
    order = [Haste.FINE, Haste.SOON, Haste.LATE]
    found = [order.index(haste(opened, due, moment, WEEK)) for moment in moments]
    assert found == sorted(found)
    for moment, now in zip(moments, found, strict=True):
        assert (now == 2) == (moment >= due)
        assert (now == 0) == (working_time(moment, due, WEEK) > timedelta(hours=hours) / 4 and moment < due)


@pytest.mark.parametrize(
    ("now", "days", "minutes"),
    [
        ("2026-10-21T13:40", 0, 0),
        ("2026-10-21T14:10", 0, 30),
        ("2026-10-22T08:00", 0, 230),  # the night makes nothing later
        ("2026-10-22T13:40", 1, 570),
        ("2026-10-26T13:40", 3, 1710),  # over a weekend
    ],
)
def test_late_is_counted_in_what_the_desk_works(now: str, days: int, minutes: int) -> None:
    found = clock_of(at("2026-10-21T09:40"), at("2026-10-21T13:40"), at(now), WEEK)
    assert (found.haste, found.days_late, found.passed) == (Haste.LATE, days, timedelta(minutes=minutes))
    assert found.left == timedelta()


def test_left_is_counted_in_what_the_desk_works() -> None:
    found = clock_of(at("2026-10-21T09:40"), at("2026-10-22T10:00"), at("2026-10-21T16:30"), WEEK)
    assert (found.left, found.passed, found.days_late) == (timedelta(hours=3), timedelta(), 0)


def test_working_day_is_the_mean_of_the_days_on_which_it_works() -> None:
    assert working_day(WEEK) == timedelta(hours=9, minutes=30)
    assert working_day(Week.parse("Mo-Th 08:00-12:00,13:00-17:00; Fr 08:00-12:00")) == timedelta(hours=7, minutes=12)


def test_ages_begin_so_many_working_days_back() -> None:
    monday = date(2026, 10, 26)
    assert first_days(monday, WEEK) == {
        Age.TODAY: monday,
        Age.FEW: date(2026, 10, 22),
        Age.MORE: date(2026, 10, 19),
    }
    assert days_back(date(2026, 12, 28), 1, WEEK) == date(2026, 12, 24)  # over Christmas
    assert days_back(date(2026, 10, 25), 1, WEEK) == date(2026, 10, 23)  # from a Sunday
