"""Working hours, holidays and the clock of a request."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from remise.core.clock import AMSTERDAM
from remise.desk.rules import Due, Haste, due_at, easter, haste, hours_of, is_holiday, kings_day, working_time


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
    assert due_at(at(opened), hours) == at(due)
    assert due_at(at(opened).astimezone(UTC), hours) == at(due)


@given(
    opened=some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    hours=some.integers(1, 60),
)
def test_due_is_in_working_hours_and_later_asked_is_never_due_earlier(opened: datetime, hours: int) -> None:
    due = due_at(opened, hours)
    local = due.astimezone(AMSTERDAM)
    assert due - opened >= timedelta(hours=hours)
    assert local.weekday() < 5
    assert not is_holiday(local.date())
    assert (8, 0) <= (local.hour, local.minute) <= (17, 30)
    assert due_at(opened + timedelta(minutes=17), hours) >= due
    assert due_at(opened, hours + 1) > due


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
    due = due_at(at(opened), hours)
    moments = [at(opened), at(soon) - timedelta(minutes=1), at(soon), due - timedelta(minutes=1), due]
    found = [haste(at(opened), due, moment) for moment in moments]
    assert found == [Haste.FINE, Haste.FINE, Haste.SOON, Haste.SOON, Haste.LATE]


MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


@given(opened=MOMENTS, hours=some.integers(1, 60), minutes=some.lists(some.integers(0, 40_000), max_size=6))
def test_haste_only_ever_grows_and_is_the_same_share_of_every_promise(
    opened: datetime, hours: int, minutes: list[int]
) -> None:
    due = due_at(opened, hours)
    assert working_time(opened, due) == timedelta(hours=hours)
    moments = sorted(opened + timedelta(minutes=count) for count in minutes)
    order = [Haste.FINE, Haste.SOON, Haste.LATE]
    found = [order.index(haste(opened, due, moment)) for moment in moments]
    assert found == sorted(found)
    for moment, now in zip(moments, found, strict=True):
        assert (now == 2) == (moment >= due)
        assert (now == 0) == (working_time(moment, due) > timedelta(hours=hours) / 4 and moment < due)
