"""Dutch plates. Known by shape; letters and letter groups only raise a doubt, because lists of them differ
between sources and exceptions have been issued."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.base import Identifier
from remise.core.identifiers.series import Reading, Series, read
from remise.core.identifiers.text import Doubt, IdentifierError, excerpt


class VehicleKind(StrEnum):
    """What the first letter says of the vehicle. A hint: the register knows better."""

    CAR = "car"
    LIGHT_COMMERCIAL = "light_commercial"  # up to 3,500 kg
    HEAVY_COMMERCIAL = "heavy_commercial"
    COMMERCIAL = "commercial"  # either: the older B series
    MOTORCYCLE = "motorcycle"
    MOPED = "moped"
    TRAILER = "trailer"
    SEMI_TRAILER = "semi_trailer"


# First letter to kind, since sidecode 4. B is heavy except in the two older series that were light too.
_KINDS: dict[str, VehicleKind] = {
    "B": VehicleKind.HEAVY_COMMERCIAL,
    "D": VehicleKind.MOPED,
    "F": VehicleKind.MOPED,
    "M": VehicleKind.MOTORCYCLE,
    "O": VehicleKind.SEMI_TRAILER,
    "V": VehicleKind.LIGHT_COMMERCIAL,
    "W": VehicleKind.TRAILER,
} | dict.fromkeys("GHJKLNPRSTXZ", VehicleKind.CAR)

# Groups that the register says it leaves out. Lists differ: BBB and SP stand on some, yet were issued.
_EXCLUDED_GROUPS = frozenset(
    {"FVD", "GVD", "KKK", "KVT", "LPF", "NSB", "PKK", "PSV", "PVV", "SA", "SD", "SGP", "SS", "TBS", "VVD"}
)


@dataclass(frozen=True, slots=True, order=True)
class Plate(Identifier):
    """A Dutch plate; `value` is in capitals without hyphens, as the register stores it."""

    @classmethod
    def fits(cls, value: str) -> bool:
        return read(value) is not None

    @property
    def formatted(self) -> str:
        """With hyphens, as on the plate: GBB-01-B."""
        return "-".join(self._reading.groups)

    @property
    def sidecode(self) -> int | None:
        """1 to 14 by shape alone (a trade plate has 1), None for a shape of its own."""
        return self._reading.sidecode

    @property
    def series(self) -> Series:
        return self._reading.series

    @property
    def is_trade(self) -> bool:
        """A green plate: not tied to one vehicle."""
        return self.series is Series.TRADE

    @property
    def needs_check_code(self) -> bool:
        """A trade plate belongs to no vehicle, so there is no chassis number to take a code from."""
        return not self.is_trade

    @property
    def kind_hint(self) -> VehicleKind | None:
        """What the letters say of the vehicle, where they say something."""
        if self.is_trade:
            return {"HC": VehicleKind.MOPED, "OA": VehicleKind.TRAILER}.get(self.value[:2])
        return _kind(self.sidecode or 0, self._letters[0])

    @property
    def warnings(self) -> tuple[Doubt, ...]:
        """Doubts about the letters, for the page to show. Never a reason to refuse."""
        if self.sidecode is None or self.is_trade:
            return ()
        doubts = []
        if letters := _unlikely_letters(self.sidecode, self._letters):
            message = _("Check the plate: we do not expect the letter %(letters)s in this place.")
            doubts.append(Doubt("plate_letters", message, {"letters": letters[0]}))
        if groups := _EXCLUDED_GROUPS.intersection(self._reading.groups):
            message = _("Check the plate: the letters %(letters)s are normally not used.")
            doubts.append(Doubt("plate_group", message, {"letters": min(groups)}))
        return tuple(doubts)

    @classmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        params = {"plate": excerpt(typed)}
        if not value:
            return IdentifierError(_("Enter a plate."), code="empty")
        if not re.fullmatch("[A-Z0-9]+", value):
            message = _("This is not a Dutch plate: %(plate)s. Use only letters and digits.")
            return IdentifierError(message, code="characters", params=params)
        if len(value) < 6:
            message = _("This is not a Dutch plate: %(plate)s. It has too few characters.")
            return IdentifierError(message, code="too_short", params=params)
        if len(value) > 6:
            message = _("This is not a Dutch plate: %(plate)s. It has too many characters.")
            return IdentifierError(message, code="too_long", params=params)
        message = _("This is not a Dutch plate: %(plate)s. No Dutch plate has its letters and digits in this order.")
        return IdentifierError(message, code="shape", params=params)

    @property
    def _reading(self) -> Reading:
        reading = read(self.value)
        assert reading
        return reading

    @property
    def _letters(self) -> str:
        return re.sub("[^A-Z]", "", self.value)


def _kind(sidecode: int, letter: str) -> VehicleKind | None:
    if sidecode < 4:
        return None
    if letter == "B" and sidecode in {4, 6}:
        return VehicleKind.COMMERCIAL
    if letter in "LT" and sidecode >= 11:  # no longer given to cars
        return None
    return _KINDS.get(letter)


def _unlikely_letters(sidecode: int, letters: str) -> list[str]:
    unlikely = set("CQ")  # read as a zero
    if sidecode >= 4:
        unlikely |= set("AEIOU")
    if sidecode >= 5:
        unlikely.add("Y")
    if (letters[0] == "O" and sidecode >= 4) or (letters[0] == "Y" and sidecode == 13):
        letters = letters[1:]  # semi-trailers; the Y series outside cars
    return sorted(unlikely & set(letters))
