"""When a request is due, how late it is, and how long its words are kept: pure functions over dated tables."""

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
