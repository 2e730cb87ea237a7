"""Whether a catalogue value can be what the register says: pure, by a dated table.

The register's catalogue price is what somebody once typed: among 2,795 that stand out are placeholders (55555,
7777777) and prices of a small car with a digit too many (RDW open data, 2026). Such a value is shown as not sure and
is not used until the insurer's desk confirms it (docs/adr/0012)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from remise.core.money import cents


class Doubt(StrEnum):
    """Why a value is not sure; stored beside it."""

    PLACEHOLDER = "placeholder"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    UNLIKE_ITS_MODEL = "unlike_its_model"


REASONS: Mapping[str, Promise] = {
    Doubt.PLACEHOLDER: _("This looks like a number that somebody typed to fill the field."),
    Doubt.TOO_LOW: _("This is very little for such a vehicle."),
    Doubt.TOO_HIGH: _("This is very much for such a vehicle."),
    Doubt.UNLIKE_ITS_MODEL: _("Other vehicles of this make and model have a very different value."),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a new one of this kind costs, in whole euros, tax included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ValueRule:
    """From `starts` on these bounds hold; a value unlike its model is `factor` times more or less than the median."""

    starts: date
    kinds: Mapping[str, Bounds]
    other: Bounds
    factor: int
    source: str


RULES = (
    ValueRule(
        starts=date(2020, 1, 1),
        kinds=MappingProxyType(
            {
                "Personenauto": Bounds(2_500, 250_000),
                "Bedrijfsauto": Bounds(3_000, 400_000),
                "Motorfiets": Bounds(1_000, 80_000),
                "Motorfiets met zijspan": Bounds(1_000, 100_000),
                "Driewielig motorrijtuig": Bounds(1_000, 100_000),
                "Bromfiets": Bounds(300, 25_000),
                "Bus": Bounds(10_000, 900_000),
                "Aanhangwagen": Bounds(200, 250_000),
                "Oplegger": Bounds(1_000, 250_000),
                "Autonome aanhangwagen": Bounds(1_000, 250_000),
                "Middenasaanhangwagen": Bounds(200, 250_000),
                "Land- of bosbouwtrekker": Bounds(2_000, 600_000),
                "Land- of bosb aanhw of getr uitr stuk": Bounds(200, 400_000),
                "Motorrijtuig met beperkte snelheid": Bounds(500, 600_000),
                "Mobiele machine": Bounds(500, 1_000_000),
            }
        ),
        other=Bounds(100, 1_000_000),
        factor=3,
        source="list prices 1980-2026; outliers of RDW open data of 2026",
    ),
)
# Before the euro and before cars grew, a list price was a fraction of today's.
OLD_BEFORE, OLD_SHARE = 1990, 4
LEAST = 100  # in euros: nothing with a plate was ever sold for less
_SAME_DIGITS = re.compile(r"(\d)\1{4,}")  # 55555, 7777777; a round 100000 begins with another digit
_ASCENDING = "123456789"


def doubt(
    value: Decimal, *, kind: str, first_admitted_on: date | None, typical: Decimal | None, on: date
) -> Doubt | None:
    """What makes the value unsure, on that day's rule. `typical`: the median of its make and model, where known."""
    return doubt_of(value, kind=kind, old=is_old(first_admitted_on), typical=typical, on=on)


def is_old(first_admitted_on: date | None) -> bool:
    return first_admitted_on is not None and first_admitted_on.year < OLD_BEFORE


def doubt_of(value: Decimal, *, kind: str, old: bool, typical: Decimal | None, on: date) -> Doubt | None:
    """The same by the age alone: all that the rule asks of a vehicle's day."""
    rule = rule_on(on)
    digits = str(int(value))
    if value < LEAST or _SAME_DIGITS.fullmatch(digits) or (len(digits) >= 5 and _ASCENDING.startswith(digits)):
        return Doubt.PLACEHOLDER
    bounds = rule.kinds.get(kind, rule.other)
    if value < (Decimal(bounds.low) / OLD_SHARE if old else bounds.low):
        return Doubt.TOO_LOW
    if value > bounds.high:
        return Doubt.TOO_HIGH
    if typical and not typical / rule.factor <= value <= typical * rule.factor:
        return Doubt.UNLIKE_ITS_MODEL
    return None


# A comma in the wrong place, thousands left out, cents taken for euros: the likeliest slip first.
SLIPS = tuple(Decimal(10) ** power for power in (1, -1, 2, -2, 3, -3))


def meant(value: Decimal, is_likely: Callable[[Decimal], bool]) -> Decimal | None:
    """What somebody who typed a doubtful value may have meant: the same digits with the comma elsewhere; None where
    nothing near is likely."""
    others = (cents(value * slip) for slip in SLIPS if value * slip == cents(value * slip))
    return next((other for other in others if is_likely(other)), None)


def rule_on(day: date) -> ValueRule:
    """The rule in force on that day; before the first one, the first."""
    return max((rule for rule in RULES if rule.starts <= day), key=lambda rule: rule.starts, default=RULES[0])
