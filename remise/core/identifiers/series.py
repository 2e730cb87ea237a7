"""The series of Dutch plates: by shape, and by the letter groups that the Kentekenreglement sets apart."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Series(StrEnum):
    """The series a plate belongs to: the 14 sidecodes, and those that the Kentekenreglement sets apart."""

    SIDECODE_1 = "1"
    SIDECODE_2 = "2"
    SIDECODE_3 = "3"
    SIDECODE_4 = "4"
    SIDECODE_5 = "5"
    SIDECODE_6 = "6"
    SIDECODE_7 = "7"
    SIDECODE_8 = "8"
    SIDECODE_9 = "9"
    SIDECODE_10 = "10"
    SIDECODE_11 = "11"
    SIDECODE_12 = "12"
    SIDECODE_13 = "13"
    SIDECODE_14 = "14"
    TRADE = "trade"
    ROYAL = "royal"
    DIPLOMATIC = "diplomatic"
    ALLIED_FORCES = "allied_forces"
    BORDER = "border"
    EXEMPT = "exempt"
    ONE_DAY = "one_day"
    TRANSIT = "transit"


class Reading(NamedTuple):
    """What the shape and the letters of a plate say. `sidecode` is None for shapes of their own."""

    series: Series
    sidecode: int | None
    groups: tuple[str, ...]


# Shape to sidecode and the lengths of its groups (Regeling kentekens en kentekenplaten, art. 1).
_SIDECODES: dict[str, tuple[int, tuple[int, int, int]]] = {
    "AA9999": (1, (2, 2, 2)),
    "9999AA": (2, (2, 2, 2)),
    "99AA99": (3, (2, 2, 2)),
    "AA99AA": (4, (2, 2, 2)),
    "AAAA99": (5, (2, 2, 2)),
    "99AAAA": (6, (2, 2, 2)),
    "99AAA9": (7, (2, 3, 1)),
    "9AAA99": (8, (1, 3, 2)),
    "AA999A": (9, (2, 3, 1)),
    "A999AA": (10, (1, 3, 2)),
    "AAA99A": (11, (3, 2, 1)),
    "A99AAA": (12, (1, 2, 3)),
    "9AA999": (13, (1, 2, 3)),
    "999AA9": (14, (3, 2, 1)),
}
_SHAPE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "A" * 26 + "9" * 10)

# Look like sidecode 1, but the letters are set apart (Kentekenreglement art. 3 and 4).
_RESERVED_LETTERS: dict[str, Series] = {
    "HA": Series.TRADE,
    "HF": Series.TRADE,
    "FH": Series.TRADE,
    "HC": Series.TRADE,  # mopeds
    "OA": Series.TRADE,  # trailers
    "BN": Series.ALLIED_FORCES,
    "GN": Series.ALLIED_FORCES,
    "GV": Series.BORDER,
    "ZZ": Series.EXEMPT,
}
# Of another shape than any sidecode. The single letter of a one-day or Z plate may stand in each of three
# places. Of the export and transit plates of two groups of three only this shape is not also a sidecode's.
_SPECIAL: tuple[tuple[Series, re.Pattern[str]], ...] = (
    (Series.ROYAL, re.compile(r"(AA)([0-9]{1,3})")),
    (Series.DIPLOMATIC, re.compile(r"(CDJ?)([0-9]{1,3})")),
    (Series.ONE_DAY, re.compile(r"(F)([0-9]{2})([0-9]{2})|([0-9]{2})(F)([0-9]{2})|([0-9]{2})([0-9]{2})(F)")),
    (Series.TRANSIT, re.compile(r"(Z)([0-9]{2})([0-9]{2})|([0-9]{2})(Z)([0-9]{2})|([0-9]{2})([0-9]{2})(Z)")),
    (Series.TRANSIT, re.compile(r"([0-9][A-Z]{2})([0-9][A-Z][0-9])")),
)


@lru_cache(maxsize=4096)  # one plate is asked for its shape, its form and its code, again and again
def read(value: str) -> Reading | None:
    """Place a plate in capitals without hyphens, or None where no Dutch plate looks like it."""
    if known := _SIDECODES.get(value.translate(_SHAPE)):
        sidecode, (first, second, _third) = known
        reserved = _RESERVED_LETTERS.get(value[:2]) if sidecode == 1 else None
        groups = value[:first], value[first : first + second], value[first + second :]
        return Reading(reserved or Series(str(sidecode)), sidecode, groups)
    for series, pattern in _SPECIAL:
        if match := pattern.fullmatch(value):
            return Reading(series, None, tuple(group for group in match.groups() if group))
    return None
