"""What a product allows, as pure functions over its dated rules. Sources stand with each version.

Two readings of the 28 days exist in the market, both rooted in the insurer's duty to notify the state register
within four weeks of the start (Besluit kennisgevingen WAM, art. 3); which one holds is the product's choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class BackDate(StrEnum):
    FROM_TODAY = "from_today"  # so many days back from today, and never before the name date where that is known
    FROM_NAME_DATE = "from_name_date"  # back to the name date, as long as it is at most so many days ago


class PremiumBasis(StrEnum):
    MEASURED = "measured"  # fixed at renewal; what changes in the fleet counts in the next premium
    PER_VEHICLE = "per_vehicle"  # each registration is charged or refunded at once, by the day


class FieldKind(StrEnum):
    CHOICE = "choice"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field that the product asks per vehicle; `name` is a term of the registration."""

    name: str
    kind: FieldKind
    labels: Mapping[str, str]  # language -> label
    required: bool
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "FieldRule":
        return cls(
            name=stored["name"],
            kind=FieldKind(stored["kind"]),
            labels=stored["labels"],
            required=stored["required"],
            choices=tuple((choice["value"], choice["labels"]) for choice in stored.get("choices", ())),
        )

    @property
    def values(self) -> frozenset[str]:
        return frozenset(value for value, _ in self.choices)

    def labels_of(self, value: str) -> Mapping[str, str]:
        """Language -> what that choice is called; the choice itself where it is offered no more."""
        return next((labels for choice, labels in self.choices if choice == value), {"": value})


@dataclass(frozen=True, slots=True)
class ProductRules:
    back_date_days: int
    back_date_reading: BackDate
    ahead_days: int
    last_day_covered: bool
    premium_basis: PremiumBasis
    fields: tuple[FieldRule, ...]
    source: str


class Limit(StrEnum):
    """Which limit a day breaks."""

    TOO_LONG_AGO = "too_long_ago"
    BEFORE_NAME_DATE = "before_name_date"
    TOO_FAR_AHEAD = "too_far_ahead"


@dataclass(frozen=True, slots=True)
class Window:
    """The days that can be chosen online, both included; `early` is the limit that a day before it breaks."""

    earliest: date
    latest: date
    early: Limit = Limit.TOO_LONG_AGO

    def broken_by(self, day: date) -> Limit | None:
        if day < self.earliest:
            return self.early
        return Limit.TOO_FAR_AHEAD if day > self.latest else None


def registering_window(rules: ProductRules, *, today: date, in_name_since: date | None) -> Window:
    """From which day a vehicle can be put on cover. `in_name_since` is the register's date, where it is known."""
    limit = today - timedelta(days=rules.back_date_days)
    latest = today + timedelta(days=rules.ahead_days)
    if in_name_since is None:
        return Window(limit, latest)
    if rules.back_date_reading is BackDate.FROM_NAME_DATE and in_name_since < limit:
        # The weeks after the name date are over: no day back remains.
        return Window(today, latest)
    if in_name_since > limit:
        return Window(in_name_since, latest, Limit.BEFORE_NAME_DATE)
    return Window(limit, latest)


def deregistering_window(rules: ProductRules, *, today: date) -> Window:
    """Which day can be given as the end."""
    return Window(today - timedelta(days=rules.back_date_days), today + timedelta(days=rules.ahead_days))


def first_day_without(rules: ProductRules, given: date) -> date:
    """The day the user gives is the last one covered, or the first one without cover: the product says which."""
    return given + timedelta(days=1) if rules.last_day_covered else given


def day_to_show(rules: ProductRules, ends: date) -> date:
    """The inverse: people see the day in the sense in which they gave it."""
    return ends - timedelta(days=1) if rules.last_day_covered else ends
