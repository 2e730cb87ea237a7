"""The register as a file: its real header where that is beside us, and lines of vehicles that could exist."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from remise.vehicles.copying.loading import Told, copy_register
from remise.vehicles.register.reading import FIELDS, PLATE
from tests import vehicles
from tests.register.published import DATA

EXAMPLE = DATA / "bulk_example_rows.csv"
# Of the register's ninety columns those that are read, among some that are not.
HEADER = (
    "Kenteken",
    "Voertuigsoort",
    "Merk",
    "Handelsbenaming",
    "Vervaldatum APK",
    "Datum tenaamstelling",
    "Bruto BPM",
    "Inrichting",
    "Eerste kleur",
    "Tweede kleur",
    "Massa ledig voertuig",
    "Toegestane maximum massa voertuig",
    "Massa rijklaar",
    "Datum eerste toelating",
    "Wacht op keuren",
    "Catalogusprijs",
    "WAM verzekerd",
    "Export indicator",
    "Taxi indicator",
    "Tenaamstellen mogelijk",
    "Vervaldatum APK DT",
    "Datum tenaamstelling DT",
    "Datum eerste toelating DT",
    "API Gekentekende_voertuigen_brandstof",
)
# Of nobody else: what is learned of them doubts no other test's values.
MODELS = (("KAROS", "EEN"), ("KAROS", "KAROS TWEE"), ("BOLIDE-X", "2.4TD"), ("WAGEN", ""))


def line(plate: str, **said: str) -> dict[str, str]:
    """A grey Volvo where nothing else is said; names of columns as the register's programs write them."""
    return {
        "kenteken": plate,
        "voertuigsoort": "Personenauto",
        "merk": "VOLVO",
        "handelsbenaming": "EX30",
        "eerste_kleur": "GRIJS",
        "catalogusprijs": "41495",
        "datum_eerste_toelating": "20250304",
        "datum_tenaamstelling": "20250304",
        "vervaldatum_apk": "20290304",
        "wam_verzekerd": "Ja",
        "export_indicator": "Nee",
        "taxi_indicator": "Nee",
        "tenaamstellen_mogelijk": "Ja",
        "massa_rijklaar": "1850",
        "wacht_op_keuren": "Geen verstrekking in Open Data",
    } | said


def lines(many: int, *, seed: int = 1) -> Iterator[dict[str, str]]:
    chance = Random(seed)
    for _number in range(many):
        make, model = chance.choice(MODELS)
        day = date(1985, 1, 1) + timedelta(chance.randrange(15_000))
        yield line(
            vehicles.fresh_plate().value,
            merk=make,
            handelsbenaming=model,
            catalogusprijs=chance.choice(["", "0", "55555", str(chance.randrange(50, 300_000))]),
            datum_eerste_toelating=day.strftime("%Y%m%d"),
            wam_verzekerd=chance.choice(["Ja", "Nee", "N.v.t."]),
        )


def text(rows: Sequence[Mapping[str, str]], header: Sequence[str] = HEADER) -> str:
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(header)
    keys = ["_".join(name.lower().split()) for name in header]
    sheet.writerows([row.get(key, "") for key in keys] for row in rows)
    return out.getvalue()


def put(path: Path, content: str | bytes) -> Path:
    written = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(written, 1) if path.suffix == ".gz" else written)
    return path


def take(path: Path) -> Told:
    return copy_register(path, progress=lambda _copy, _share: None)


def refused(path: Path) -> list[tuple[int, str]]:
    """Number and reason of each line that did not come in."""
    beside = path.with_name(f"{path.name}.refused.csv")
    if not beside.exists():
        return []
    with beside.open(encoding="utf-8-sig", newline="") as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file, delimiter=";")]


KEYS = (PLATE, *(key for field in FIELDS for key in field.keys))
