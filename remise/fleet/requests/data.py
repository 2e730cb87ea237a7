"""What is asked, as it is stored with the request."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from remise.core.identifiers import CheckCode, Plate, Vin
from remise.fleet.changing import Change


@dataclass(frozen=True, slots=True)
class LateRegistration:
    """All that was typed."""

    policy: int
    plate: str
    day: date
    branch: int
    check_code: str | None
    details: dict[str, str]
    vin: str | None = None

    @property
    def code_typed(self) -> CheckCode | None:
        return CheckCode(self.check_code) if self.check_code else None

    @property
    def vin_typed(self) -> Vin | None:
        return Vin(self.vin) if self.vin else None


@dataclass(frozen=True, slots=True)
class LateDeregistration:
    """`day` as the user gives it: the last one covered, or the first without cover."""

    policy: int
    item: int
    plate: str
    day: date


@dataclass(frozen=True, slots=True)
class LateChange:
    """`details` and `branch` as in `Change`."""

    policy: int
    item: int
    plate: str
    day: date
    details: dict[str, str]
    branch: int | None = None

    @property
    def change(self) -> Change:
        return Change(Plate(self.plate), self.day, self.details, self.branch)


@dataclass(frozen=True, slots=True)
class Correction:
    policy: int
    item: int
    plate: str
    entry: int
    why: str


@dataclass(frozen=True, slots=True)
class WrongValue:
    policy: int
    item: int
    plate: str
    value: Decimal
    why: str
    sure: bool = False  # said once more, though it looks like a slip


@dataclass(frozen=True, slots=True)
class FoundLater:
    """`what` is a FindingKind, `said` what it was found by: days, sums and codes."""

    policy: int
    item: int
    plate: str
    finding: int
    what: str
    said: dict[str, str]


type OfVehicle = LateDeregistration | LateChange | Correction | WrongValue | FoundLater
