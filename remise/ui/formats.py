"""How numbers, days and plates are written for people, in the language that is active."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache, lru_cache
from itertools import groupby
from math import ceil

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from remise.core.identifiers import IdentifierError, Plate
from remise.core.money import cents, format_euros
from remise.core.opening import END_OF_DAY, Span, Week

# English is written the European way: day before month.
LOCALES = {"nl": "nl_NL", "de": "de_DE", "en": "en_GB"}
MINUS = "\N{MINUS SIGN}"

type Amount = Decimal | int


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the reader's language, or in the first one there is."""
    language = (get_language() or "").partition("-")[0]
    return texts.get(language) or next(iter(texts.values()))


def locale() -> Locale:
    return _locale((get_language() or "nl")[:2])


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, "nl_NL"))


def money(value: Amount, style: str = "") -> str:
    """Euros: cents by default, "whole" without them, "short" in millions, "signed" with a plus or minus in front."""
    amount = abs(Decimal(value))
    # Half away from zero, as everywhere with money; the default would be half to even.
    with localcontext(rounding=ROUND_HALF_UP):
        text = _euros(amount, style, locale())
    if value < 0:
        return f"{MINUS} {text}"
    return f"+ {text}" if style == "signed" and value else text


@lru_cache(maxsize=10_000)  # a list writes fifty, and mostly those that it wrote before
def _euros(amount: Decimal, style: str, where: Locale) -> str:
    if style == "short" and amount >= 1_000_000:
        # Dutch writes the abbreviation of a million without a point.
        text = str(format_compact_currency(amount, "EUR", locale=where, fraction_digits=2))
        return text.replace("mln.", "mln")
    if style in {"whole", "short"}:
        pattern = re.sub(r"\.00", "", where.currency_formats["standard"].pattern.split(";")[0])
        return str(format_currency(amount, "EUR", pattern, locale=where, currency_digits=False))
    return format_euros(cents(amount), str(where))


def number(value: Amount, digits: int | None = None) -> str:
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    with localcontext(rounding=ROUND_HALF_UP):
        text = str(format_decimal(abs(Decimal(value)), format=pattern, locale=locale()))
    return f"{MINUS}{text}" if value < 0 else text


def day(value: dt.date, style: str = "") -> str:
    """A calendar day: "12 maart 2026"; "short" 12 mrt 2026, "plain" 12 maart, "weekday" donderdag 12 maart 2026."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return _day(value, style, locale())


@lru_cache(maxsize=10_000)  # of all that is written in a list, days come back most
def _day(value: dt.date, style: str, where: Locale) -> str:
    if style == "plain":
        return str(format_date(value, format=_WITHOUT_YEAR[where.language], locale=where))
    named = {"": "long", "short": "medium", "weekday": "full"}[style]
    return str(format_date(value, format=named, locale=where))


_WITHOUT_YEAR = {"nl": "d MMMM", "de": "d. MMMM", "en": "d MMMM"}


def amount(value: Decimal) -> str:
    """Euros, with the cents only where there are any: "€ 23.400", "€ 12,34"."""
    return money(value, "whole" if value == value.to_integral_value() else "")


def weekday(value: dt.date) -> str:
    """Its name: maandag, Montag, Monday."""
    return str(format_date(value, format="EEEE", locale=locale()))


def clock_time(value: dt.datetime) -> str:
    return str(format_time(timezone.localtime(value), format="HH:mm", locale=locale()))


def moment(value: dt.datetime, style: str = "") -> str:
    """A moment in the portal's time zone: "12 maart 2026, 11:42"."""
    return f"{day(value, style)}, {clock_time(value)}"


def hours(week: Week) -> str:
    """Opening hours as people write them, equal days in a row together: "ma-vr 8.00-17.30, za 9.00-17.00"."""
    if all(spans == (Span(0, END_OF_DAY),) for spans in week.days[:7]):
        return gettext("day and night")
    names = locale().days["stand-alone"]["abbreviated"]
    said: list[str] = []
    for spans, found in groupby(range(7), key=lambda place: week.days[place]):
        days = list(found)
        if spans:
            first, last = (names[place].rstrip(".") for place in (days[0], days[-1]))
            said.append(f"{first if first == last else f'{first}\N{EN DASH}{last}'} {_spans(spans)}")
    return ", ".join(said)


def _spans(spans: Sequence[Span]) -> str:
    dash = "\N{EN DASH}"
    return f" {gettext('and')} ".join(f"{_hour(span.opens)}{dash}{_hour(span.closes)}" for span in spans)


def _hour(minutes: int) -> str:
    return f"{minutes // 60}{'.' if locale().language == 'nl' else ':'}{minutes % 60:02d}"


def hour(value: dt.datetime) -> str:
    """The time of a moment as it stands in opening hours: 8.00."""
    local = timezone.localtime(value)
    return _hour(local.hour * 60 + local.minute)


def near_day(value: dt.date, today: dt.date) -> str:
    """A day as one says it: today, yesterday, tomorrow, else the day itself (with its year if that differs)."""
    words = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    distance = (value - today).days
    return words.get(distance) or day(value, "plain" if value.year == today.year else "")


_HALF_A_YEAR = range(182, 185)  # two quarters, whichever they are
_LONGEST_IN_WEEKS, _LONGEST_IN_MONTHS = 12, 11


def duration(days: int) -> str:
    """So many days as people say them, where they are whole weeks, months of thirty days, or years with or without
    their leap days: "4 weeks", "3 months", "half a year", "7 years". Only how it is said: a rule counts days."""
    if days in _HALF_A_YEAR:
        return gettext("half a year")
    years = round(days / 365.25)
    if years and 0 <= days - 365 * years <= ceil(years / 4):
        return _units(years, "year")
    if days > 0 and days % 30 == 0 and days // 30 <= _LONGEST_IN_MONTHS:
        return _units(days // 30, "month")
    if days > 0 and days % 7 == 0 and days // 7 <= _LONGEST_IN_WEEKS:
        return _units(days // 7, "week")
    # The locale data has no plain day among its units.
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}


def _units(count: int, unit: str) -> str:
    return str(format_unit(count, f"duration-{unit}", locale=locale()))


def read_plate(value: object) -> Plate | None:
    if isinstance(value, Plate):
        return value
    try:
        return Plate.parse(str(value))
    except IdentifierError:
        return None


def plate_text(value: object) -> str:
    """A plate with its dashes; what is no Dutch plate stays as it was given, in capitals."""
    plate = read_plate(value)
    return plate.formatted if plate else str(value).strip().upper()


def initials(name: str) -> str:
    """Two letters for the round mark: first and last word of a name, without the small words between."""
    words = [w for w in re.findall(r"\w+", name) if w[0].isupper() or w[0].isdigit()] or re.findall(r"\w+", name)
    return "".join(w[0] for w in (words[0], words[-1])[: len(words)]).upper() if words else ""
