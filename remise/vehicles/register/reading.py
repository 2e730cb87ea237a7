"""What a row of the register says: pure, and tolerant of whatever comes. Fields are renamed over the years
(https://opendata.rdw.nl, sets m9d7-ebf2 and 8ys7-d773); all values are text; what is not known is a word or zero."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# How the register says that it does not say.
NOT_SAID = frozenset(
    {"", "0", "-", "n.v.t.", "nvt", "niet geregistreerd", "onbekend", "geen verstrekking in open data"}
)
FIRST_YEAR, LAST_YEAR = 1880, 2100  # a date outside is a mistake of typing
ELECTRIC, HYBRID = "Elektriciteit", "Hybride"
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T.].*)?")
_MONEY = re.compile(r"(\d{1,9})(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Published:
    """What the register publishes of one plate; empty or None where it says nothing."""

    plate: str
    kind: str = ""
    make: str = ""
    model: str = ""
    colour: str = ""
    fuel: str = ""
    catalogue_value: Decimal | None = None
    first_admitted_on: date | None = None
    in_name_since: date | None = None
    inspection_until: date | None = None


def plate_of(row: object) -> str:
    """Of which plate a row is; empty where it is no row."""
    return said(row.get("kenteken"), 8).upper() if isinstance(row, Mapping) else ""


def vehicle_in(row: Mapping[str, object], fuel: str = "") -> Published:
    make = said(row.get("merk"), 60)
    return Published(
        plate=plate_of(row),
        kind=said(row.get("voertuigsoort"), 40),
        make=make,
        model=_without(make, said(row.get("handelsbenaming"), 80)),
        colour=said(row.get("eerste_kleur"), 30),
        fuel=fuel,
        catalogue_value=euros(row.get("catalogusprijs")),
        first_admitted_on=_day(row, "datum_eerste_toelating"),
        in_name_since=_day(row, "datum_tenaamstelling"),
        inspection_until=_day(row, "vervaldatum_apk"),
    )


def fuels_in(rows: Iterable[object]) -> dict[str, str]:
    """Plate -> its fuel, in one word: the set has a row for each, and a hybrid has two."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if isinstance(row, Mapping) and (fuel := said(row.get("brandstof_omschrijving"), 30)):
            found.setdefault(plate_of(row), []).append(fuel)
    return {plate: HYBRID if len(set(all_)) > 1 and ELECTRIC in all_ else all_[0] for plate, all_ in found.items()}


def said(value: object, most: int) -> str:
    """A text without control characters (PostgreSQL stores no null), no longer than there is room for."""
    if not isinstance(value, str):
        return ""
    text = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    return "" if text.lower() in NOT_SAID else text[:most].strip()


def day(value: object) -> date | None:
    """`20270517`, or the twin field's `2027-05-17T00:00:00.000`."""
    found = _DATE.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
    if found is None:
        return None
    try:
        read = date(*map(int, found.groups()))
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def euros(value: object) -> Decimal | None:
    """Whole euros; a zero says that there is none."""
    found = _MONEY.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
    amount = Decimal(int(found[1])) if found and found[1].isascii() else Decimal(0)
    return amount or None


def _day(row: Mapping[str, object], name: str) -> date | None:
    return day(row.get(name)) or day(row.get(f"{name}_dt"))


def _without(make: str, model: str) -> str:
    """VOLKSWAGEN, VOLKSWAGEN GOLF: some say their make once more."""
    rest = model.removeprefix(f"{make} ")
    return rest if make and rest else model
