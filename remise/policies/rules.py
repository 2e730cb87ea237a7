"""What a product allows, as pure functions over its dated rules. Sources stand with each version.

Two readings of the 28 days exist in the market, both rooted in the insurer's duty to notify the state register
within four weeks of the start (Besluit kennisgevingen WAM, art. 3); which one holds is the product's choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

# People and companies are asked by these names only: each has a column in the ledger, so that who looks them up,
# moves them out or erases them finds all of them (docs/adr/0028).
PARTIES = ("lessee", "driver")
LONGEST = 80  # of a text that is filled in, in characters, where the product says no other


class BackDate(StrEnum):
    FROM_TODAY = "from_today"  # so many days back from today, and never before the name date where that is known
    FROM_NAME_DATE = "from_name_date"  # back to the name date, as long as it is at most so many days ago


class PremiumBasis(StrEnum):
    MEASURED = "measured"  # fixed at renewal; what changes in the fleet counts in the next premium
    PER_VEHICLE = "per_vehicle"  # each registration is charged or refunded at once, by the day


class Misfit(StrEnum):
    """What happens to a vehicle of a kind that the product is not for."""

    REFUSED = "refused"  # the desk can allow it
    ASKED = "asked"  # once: who says that it is right goes on


class TradePlates(StrEnum):
    NEVER = "never"
    ALSO = "also"
    ONLY = "only"


class FieldKind(StrEnum):
    CHOICE = "choice"
    PARTY = "party"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field that the product asks per vehicle; `name` is a term of the registration. `policies.fields` reads what
    is typed in it."""

    name: str
    kind: FieldKind
    labels: Mapping[str, str]  # language -> label
    required: bool
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)  # language -> what to fill in
    longest: int = LONGEST  # of a text, in characters
    least: Decimal | None = None  # of a number or an amount
    most: Decimal | None = None
    units: Mapping[str, str] = field(default_factory=dict)  # language -> what a number counts
    # How a choice may be written, in small letters: by its value, or as it is called in any language.
    spellings: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "FieldRule":
        choices = tuple((choice["value"], choice["labels"]) for choice in stored.get("choices", ()))
        called = {name.casefold(): value for value, labels in choices for name in labels.values()}
        return cls(
            name=stored["name"],
            kind=FieldKind(stored["kind"]),
            labels=stored["labels"],
            required=stored["required"],
            choices=choices,
            hints=stored.get("hints") or {},
            longest=stored.get("longest") or LONGEST,
            least=_number(stored.get("least")),
            most=_number(stored.get("most")),
            units=stored.get("units") or {},
            spellings=called | {value.casefold(): value for value, _labels in choices},
        )

    @property
    def values(self) -> frozenset[str]:
        return frozenset(value for value, _ in self.choices)

    def labels_of(self, value: str) -> Mapping[str, str]:
        """Language -> what that choice is called; the choice itself where it is offered no more."""
        return next((labels for choice, labels in self.choices if choice == value), {"": value})


def _number(stored: str | int | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that comes back each year: 1 November."""

    month: int
    day: int

    def on_or_before(self, day: date) -> date:
        this_year = self.in_year(day.year)
        return this_year if this_year <= day else self.in_year(day.year - 1)

    def after(self, day: date) -> date:
        this_year = self.in_year(day.year)
        return this_year if this_year > day else self.in_year(day.year + 1)

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)


NEW_YEAR = YearDay(1, 1)
CLAIMS_YEAR = YearDay(11, 1)  # 1 November up to and including 31 October


@dataclass(frozen=True, slots=True)
class ProductRules:
    back_date_days: int
    back_date_reading: BackDate
    ahead_days: int
    last_day_covered: bool
    premium_basis: PremiumBasis
    fields: tuple[FieldRule, ...]
    source: str
    starts: date | None = None  # from when these hold; None = from before anybody asked
    name_date: bool = True  # does the date in the owner's name limit how far back cover goes?
    most_in_file: int | None = None  # vehicles registered by one file or list; None = no limit, 1 = one at a time
    kinds: frozenset[str] = frozenset()  # of the register (voertuigsoort); empty = every kind
    other_kinds: Misfit = Misfit.REFUSED
    trade_plates: TradePlates = TradePlates.ALSO
    insurance_year: YearDay = NEW_YEAR  # the main due date
    window: YearDay = CLAIMS_YEAR  # when the year begins over which a measured premium counts
    divisor: int | None = None  # of its days; None = as many as that year has
    # What rooms above read, by the name of their section: policies.sections.
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def counts_from_name_date(self) -> bool:
        return self.name_date and self.back_date_reading is BackDate.FROM_NAME_DATE

    @property
    def asks_parties(self) -> bool:
        """Does it ask for a lessee or driver?"""
        return any(one.kind is FieldKind.PARTY for one in self.fields)


class Unfit(StrEnum):
    """Why a vehicle does not fit a product."""

    KIND = "kind_unfit"
    TRADE_PLATE = "trade_plate_unfit"
    NO_TRADE_PLATE = "no_trade_plate"


def unfit(rules: ProductRules, *, is_trade: bool, kind: str) -> Unfit | None:
    """`kind` as the register says it; empty where it says nothing yet, or ever, as of a trade plate."""
    if is_trade and rules.trade_plates is TradePlates.NEVER:
        return Unfit.TRADE_PLATE
    if not is_trade and rules.trade_plates is TradePlates.ONLY:
        return Unfit.NO_TRADE_PLATE
    if rules.kinds and kind and not is_trade and kind not in rules.kinds:
        return Unfit.KIND
    return None


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
    if in_name_since is None or not rules.name_date:
        return Window(limit, latest)
    if rules.counts_from_name_date and in_name_since < limit:
        # The weeks after the name date are over: no day back remains.
        return Window(today, latest)
    if in_name_since > limit:
        return Window(in_name_since, latest, Limit.BEFORE_NAME_DATE)
    return Window(limit, latest)


def registering_until(rules: ProductRules, day: date, *, in_name_since: date | None) -> date:
    """The last day on which a vehicle that is in one's name on `day` can still be put on cover from then on."""
    counted = min(day, in_name_since) if in_name_since is not None and rules.counts_from_name_date else day
    return max(day, counted + timedelta(days=rules.back_date_days))


def deregistering_window(rules: ProductRules, *, today: date) -> Window:
    """Which day can be given as the end."""
    return Window(today - timedelta(days=rules.back_date_days), today + timedelta(days=rules.ahead_days))


def deregistering_until(rules: ProductRules, day: date) -> date:
    """The last day on which `day` can still be given as the end."""
    return day + timedelta(days=rules.back_date_days)


def first_day_without(rules: ProductRules, given: date) -> date:
    """The day the user gives is the last one covered, or the first one without cover: the product says which."""
    return given + timedelta(days=1) if rules.last_day_covered else given


def day_to_show(rules: ProductRules, ends: date) -> date:
    """The inverse: people see the day in the sense in which they gave it."""
    return ends - timedelta(days=1) if rules.last_day_covered else ends
