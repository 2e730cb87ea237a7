"""When a request is due, how late it is, and how long it has waited: pure functions over dated tables and the week of
the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from remise.core.clock import AMSTERDAM
from remise.core.opening import Week

# What one company may have asked and not heard of, at once. Our own measure: a request is about one vehicle, and this
# is a whole yard of them; more come of a program that asks in a circle, and hide what all other companies asked.
OPEN_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Due:
    """From a day on: how many working hours the desk takes at most."""

    starts: date
    hours: int
    source: str


# The last part of the time given in which a request is said to be due soon: an hour of half a day, half a day of two.
LAST_PART = 4
LONGEST_WAIT = timedelta(days=366)  # in which even a desk that works one morning a week answers


def hours_of(dues: Sequence[Due], day: date) -> int:
    """The hours in force on that day; before the first row, that row's."""
    return (next((due for due in reversed(dues) if due.starts <= day), dues[0])).hours


def due_at(opened: datetime, hours: int, week: Week) -> datetime:
    """The moment at which so many working hours have passed since `opened`, for a desk with these hours."""
    left = timedelta(hours=hours)
    day = opened.astimezone(AMSTERDAM).date()
    for opens, closes in week.stretches(day, until=day + LONGEST_WAIT):
        start = max(opens, opened)
        if start >= closes:
            continue
        if left <= closes - start:
            return start + left
        left -= closes - start
    raise AssertionError("a desk is open often enough")


def working_time(since: datetime, until: datetime, week: Week) -> timedelta:
    """How long the desk works between two moments: what `due_at` counted."""
    worked = timedelta()
    first, last = (moment.astimezone(AMSTERDAM).date() for moment in (since, until))
    for opens, closes in week.stretches(first, until=last):
        worked += max(timedelta(), min(closes, until) - max(opens, since))
    return worked


class Haste(StrEnum):
    """How the clock of an open request stands."""

    LATE = "late"
    SOON = "soon"
    FINE = "fine"


def haste(opened: datetime, due: datetime, now: datetime, week: Week) -> Haste:
    """Relative to the promise as it was made, both in working hours: a night or a weekend brings nothing nearer."""
    if now >= due:
        return Haste.LATE
    is_soon = working_time(now, due, week) * LAST_PART <= working_time(opened, due, week)
    return Haste.SOON if is_soon else Haste.FINE


def working_day(week: Week) -> timedelta:
    """How long one is, taken over the days on which this desk works."""
    worked = [sum(span.closes - span.opens for span in spans) for spans in week.days[:7] if spans]
    return timedelta(minutes=sum(worked) / len(worked))


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time of an open request stands, all of it in working hours."""

    haste: Haste
    due: datetime
    now: datetime
    passed: timedelta  # since it was due; nothing while it is not late
    left: timedelta
    working_day: timedelta

    @property
    def days_late(self) -> int:
        return self.passed // self.working_day


def clock_of(opened: datetime, due: datetime, now: datetime, week: Week) -> Clock:
    is_late = now >= due
    return Clock(
        haste=haste(opened, due, now, week),
        due=due,
        now=now,
        passed=working_time(due, now, week) if is_late else timedelta(),
        left=timedelta() if is_late else working_time(now, due, week),
        working_day=working_day(week),
    )


class Age(StrEnum):
    """How many working days something has waited."""

    TODAY = "today"
    FEW = "1-2"
    MORE = "3-5"
    OLDER = "older"


# The longest that is counted to each, in working days; older has no end.
AGES = {Age.TODAY: 0, Age.FEW: 2, Age.MORE: 5}


def first_days(today: date, week: Week) -> dict[Age, date]:
    """The first day of each age; what was opened before the last of them is older."""
    return {age: days_back(today, count, week) for age, count in AGES.items()}


def days_back(day: date, count: int, week: Week) -> date:
    """So many days on which the desk works before this one."""
    while count:
        day -= timedelta(days=1)
        count -= bool(week.on(day))
    return day
