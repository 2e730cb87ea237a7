"""When somebody is there: a week of opening hours, public holidays, and whether it is open at a moment. One rule for
the desk's clock, for what a page says of a contact, and for whatever promises an answer. Pure: moments come in."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from remise.core.clock import AMSTERDAM

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
HOLIDAY = 7  # the place of public holidays behind the seven days of the week
END_OF_DAY = 24 * 60
# How far ahead is looked: over Christmas and New Year, and a summer in which a small office shuts.
AHEAD = timedelta(days=60)


class UnreadableHours(ValueError):
    """Not written as `Week.parse` reads it."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From so many minutes after midnight, until so many: 480-1050 is 8.00-17.30, and 1440 the end of the day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Week:
    """Opening hours for Monday to Sunday, and for public holidays: closed, unless said. Written and stored as the
    notation of OpenStreetMap's key `opening_hours` has it (the part with weekdays, times, PH and 24/7):
    "Mo-Fr 08:00-17:30; Sa 09:00-17:00"."""

    days: tuple[tuple[Span, ...], ...]

    @classmethod
    def parse(cls, text: str) -> "Week":
        days: list[tuple[Span, ...]] = [()] * 8
        if text.strip() == "24/7":
            return cls(((Span(0, END_OF_DAY),),) * 8)
        for rule in text.split(";"):
            found = re.fullmatch(r"\s*([A-Za-z]{2}(?:[-,][A-Za-z]{2})*)\s+([\d:,\- ]+?)\s*", rule, re.ASCII)
            if found is None:
                raise UnreadableHours(rule)
            spans = _spans(found[2])
            for place in _places(found[1]):
                days[place] = spans
        return cls(tuple(days))

    def on(self, day: date) -> tuple[Span, ...]:
        return self.days[HOLIDAY if is_holiday(day) else day.weekday()]

    def stretches(
        self, day: date, closed: Collection[date] = (), *, until: date
    ) -> Iterator[tuple[datetime, datetime]]:
        """From that day on, the stretches of that week as moments in Coordinated Universal Time: across the nights on
        which the clock is changed no other zone compares rightly."""
        while day <= until:
            if day not in closed:
                for span in self.on(day):
                    opens, closes = _moment(day, span.opens), _moment(day, span.closes)
                    if opens < closes:  # else it lies in the hour that is left out in March
                        yield opens, closes
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Openness:
    """Open or not at a moment, and when that changes; None: not within the days that are looked ahead."""

    is_open: bool
    changes_at: datetime | None


def openness(week: Week, now: datetime, closed: Collection[date] = ()) -> Openness:
    """At `now`: open, and until when without a break; or closed, and from when it is open. `closed` are days of this
    office alone."""
    today = now.astimezone(AMSTERDAM).date()
    horizon = today + AHEAD
    for opens, closes in _joined(week.stretches(today - timedelta(days=1), closed, until=horizon)):
        if closes <= now:
            continue
        if opens > now:
            return Openness(is_open=False, changes_at=opens)
        is_endless = closes.astimezone(AMSTERDAM).date() > horizon
        return Openness(is_open=True, changes_at=None if is_endless else closes)
    return Openness(is_open=False, changes_at=None)


def _joined(stretches: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Without the breaks of no length, such as midnight."""
    held: tuple[datetime, datetime] | None = None
    for opens, closes in stretches:
        if held and opens <= held[1]:
            held = (min(held[0], opens), max(held[1], closes))
            continue
        if held:
            yield held
        held = (opens, closes)
    if held:
        yield held


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


def _places(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS[:HOLIDAY]):
            raise UnreadableHours(part)
        begin, end = DAYS.index(first), DAYS.index(last or first)
        if end < begin or (last and begin == HOLIDAY):
            raise UnreadableHours(part)
        found.extend(range(begin, end + 1))
    return found


def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d\d):(\d\d)-(\d\d):(\d\d)\s*", part, re.ASCII)
        if found is None:
            raise UnreadableHours(part)
        hours = [int(found[place]) for place in (1, 2, 3, 4)]
        opens, closes = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        after = spans[-1].closes if spans else -1
        if not after < opens < closes <= END_OF_DAY or hours[1] > 59 or hours[3] > 59:
            raise UnreadableHours(part)
        spans.append(Span(opens, closes))
    return tuple(spans)


def _moment(day: date, minutes: int) -> datetime:
    if minutes == END_OF_DAY:
        day, minutes = day + timedelta(days=1), 0
    return datetime.combine(day, time(minutes // 60, minutes % 60), AMSTERDAM).astimezone(UTC)
