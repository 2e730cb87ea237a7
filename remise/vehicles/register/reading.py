"""What a row of the register says: pure, and tolerant of whatever comes. Fields are renamed over the years
(https://opendata.rdw.nl, sets m9d7-ebf2 and 8ys7-d773); all values are text; what is not known is a word or zero.

`FIELDS` is all that we read, for an answer of the API and for a line of the whole register as a file alike."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

# How the register says that it does not say.
NOT_SAID = frozenset(
    {"", "0", "-", "n.v.t.", "nvt", "niet geregistreerd", "onbekend", "geen verstrekking in open data"}
)
PLATE = "kenteken"
FIRST_YEAR, LAST_YEAR = 1880, 2100  # a date outside is a mistake of typing
ELECTRIC, HYBRID = "Elektriciteit", "Hybride"
_DATE = re.compile(r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:[T.].*)?")
_DATE_IN_FILE = re.compile(r"(?P<month>\d\d)/(?P<day>\d\d)/(?P<year>\d{4})(?: .*)?")
_MONEY = re.compile(r"(\d{1,9})(?:\.\d+)?")
_MASS = re.compile(r"(\d{1,6})(?:\.\d+)?")

type Value = str | Decimal | date | int | bool | None


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
    exported: bool | None = None
    wam_insured: bool | None = None
    taxi: bool | None = None
    transferable: bool | None = None
    empty_mass: int | None = None  # in kilograms, as the others
    running_mass: int | None = None
    maximum_mass: int | None = None


def plate_of(row: object) -> str:
    """Of which plate a row is; empty where it is no row."""
    return said(row.get(PLATE), 8).upper() if isinstance(row, Mapping) else ""


def vehicle_in(row: Mapping[str, object], fuel: str = "") -> Published:
    found = {field.name: field.of(row) for field in FIELDS}
    found["model"] = without(str(found["make"]), str(found["model"]))
    return Published(plate=plate_of(row), fuel=fuel, **found)  # type: ignore[arg-type]


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
    if not value.isprintable():
        value = "".join(char if char.isprintable() else " " for char in value)
    text = " ".join(value.split())
    return "" if text.lower() in NOT_SAID else text[:most].strip()


def day(value: object) -> date | None:
    """`20270517`, or the twin field's `2027-05-17T00:00:00.000`, in a file `05/17/2027 12:00:00 AM`."""
    text = str(value).strip() if isinstance(value, (str, int)) else ""
    found = _DATE.fullmatch(text) or _DATE_IN_FILE.fullmatch(text)
    if found is None:
        return None
    try:
        read = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def euros(value: object) -> Decimal | None:
    """Whole euros; a zero says that there is none."""
    found = _MONEY.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
    amount = Decimal(int(found[1])) if found and found[1].isascii() else Decimal(0)
    return amount or None


def kilograms(value: object) -> int | None:
    found = _MASS.fullmatch(str(value).strip()) if isinstance(value, (str, int)) else None
    return (int(found[1]) or None) if found and found[1].isascii() else None


def flag(value: object) -> bool | None:
    return {"ja": True, "nee": False}.get(said(value, 10).lower())


def without(make: str, model: str) -> str:
    """VOLKSWAGEN, VOLKSWAGEN GOLF: some say their make once more."""
    rest = model.removeprefix(f"{make} ")
    return rest if make and rest else model


@dataclass(frozen=True, slots=True)
class Field:
    """A column of ours, by its name in `Published`: under which names the register says it (each after the first
    only where those before say nothing), and how that is read."""

    name: str
    keys: tuple[str, ...]
    read: Callable[[object], Value]

    def of(self, row: Mapping[str, object]) -> Value:
        read: Value = None
        for key in self.keys:
            read = self.read(row.get(key))
            if read is not None and read != "":
                break
        return read


def _text(name: str, key: str, most: int) -> Field:
    return Field(name, (key,), partial(said, most=most))


def _date(name: str, key: str) -> Field:
    return Field(name, (key, f"{key}_dt"), day)


# Plate and fuel besides: the one says whose row it is, the other stands in a set of its own.
FIELDS = (
    _text("kind", "voertuigsoort", 40),
    _text("make", "merk", 60),
    _text("model", "handelsbenaming", 80),
    _text("colour", "eerste_kleur", 30),
    Field("catalogue_value", ("catalogusprijs",), euros),
    _date("first_admitted_on", "datum_eerste_toelating"),
    _date("in_name_since", "datum_tenaamstelling"),
    _date("inspection_until", "vervaldatum_apk"),
    Field("exported", ("export_indicator",), flag),
    Field("wam_insured", ("wam_verzekerd",), flag),
    Field("taxi", ("taxi_indicator",), flag),
    Field("transferable", ("tenaamstellen_mogelijk",), flag),
    Field("empty_mass", ("massa_ledig_voertuig",), kilograms),
    Field("running_mass", ("massa_rijklaar",), kilograms),
    Field("maximum_mass", ("toegestane_maximum_massa_voertuig",), kilograms),
)
