"""When a request is due, how late it is, and how long its words are kept: pure functions over dated tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from remise.core.clock import AMSTERDAM

# How long the words of a request (what was typed, what was said, the reason) stay after it was closed: a year in
# which who disagrees can come back on the answer. Then they have no purpose any more (Regulation (EU) 2016/679, art.
# 5(1)(e)); that there was a request, and what became of it, stays.
WORDS_KEPT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Due:
    """From a day on: how many working hours the desk takes at most."""

    starts: date
    hours: int
    source: str


@dataclass(frozen=True, slots=True)
class Opening:
    """From a day on: when the desk works on a working day. Monday is 0."""

    starts: date
    weekdays: frozenset[int]
    opens: time
    closes: time
    source: str


OPENINGS = (
    Opening(date(2020, 1, 1), frozenset(range(5)), time(8), time(17, 30), "Hours of the desks, Monday to Friday"),
)
# The last part of the time given in which a request is said to be due soon: an hour of half a day, half a day of two.
LAST_PART = 4


def hours_of(dues: Sequence[Due], day: date) -> int:
    """The hours in force on that day; before the first row, that row's."""
    return (next((due for due in reversed(dues) if due.starts <= day), dues[0])).hours


def due_at(opened: datetime, hours: int, openings: Sequence[Opening] = OPENINGS) -> datetime:
    """The moment at which so many working hours have passed since `opened`."""
    left = timedelta(hours=hours)
    for opens, closes in _working_days(opened.astimezone(AMSTERDAM), openings):
        start = max(opens, opened)
        if start >= closes:
            continue
        if left <= closes - start:
            return start + left
        left -= closes - start
    raise AssertionError("there is always another working day")


def working_time(since: datetime, until: datetime, openings: Sequence[Opening] = OPENINGS) -> timedelta:
    """How long the desk works between two moments: what `due_at` counted."""
    worked = timedelta()
    for opens, closes in _working_days(since.astimezone(AMSTERDAM), openings):
        if opens >= until:
            break
        worked += max(timedelta(), min(closes, until) - max(opens, since))
    return worked


def _working_days(opened: datetime, openings: Sequence[Opening]) -> Iterator[tuple[datetime, datetime]]:
    """From that day on, with the desk's hours as moments."""
    day = opened.date()
    while True:
        opening = next((row for row in reversed(openings) if row.starts <= day), openings[0])
        if day.weekday() in opening.weekdays and not is_holiday(day):
            yield (
                datetime.combine(day, opening.opens, AMSTERDAM),
                datetime.combine(day, opening.closes, AMSTERDAM),
            )
        day += timedelta(days=1)


def is_holiday(day: date) -> bool:
    """A day on which no term ends (Algemene termijnenwet, art. 3(1) and (2)). Sundays are no working days anyway."""
    if (day.month, day.day) in {(1, 1), (5, 5), (12, 25), (12, 26)} or day == kings_day(day.year):
        return True
    return (day - easter(day.year)).days in {-2, 1, 39, 50}  # Good Friday, Easter Monday, Ascension, Whit Monday


def kings_day(year: int) -> date:
    """27 April, or the day before where that is a Sunday (Besluit Koningsdag, since 2014)."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.weekday() == 6 else day


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm in Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


class Haste(StrEnum):
    """How the clock of an open request stands."""

    LATE = "late"
    SOON = "soon"
    FINE = "fine"


def haste(opened: datetime, due: datetime, now: datetime) -> Haste:
    """Relative to the promise as it was made, both in working hours: a night or a weekend brings nothing nearer."""
    if now >= due:
        return Haste.LATE
    is_soon = working_time(now, due) * LAST_PART <= working_time(opened, due)
    return Haste.SOON if is_soon else Haste.FINE
