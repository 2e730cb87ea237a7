"""What the stand-in register serves in tests: vehicles that could exist, and real rows where they are beside us."""

import csv
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from remise.core.identifiers import Plate
from remise.demo.register_server import Row, Stand

DATA = Path(__file__).resolve().parents[2] / "../shared/data/rdw"
REAL = DATA / "ev_vehicles.csv"
FIXTURES = DATA / "api_fixtures"


def row_of(plate: Plate | str, **facts: object) -> dict[str, object]:
    """A row as the register writes it: text, and only the keys that it knows."""
    return {
        "kenteken": str(getattr(plate, "value", plate)),
        "voertuigsoort": "Personenauto",
        "merk": "VOLVO",
        "handelsbenaming": "EX30",
        "eerste_kleur": "GRIJS",
        "tweede_kleur": "Niet geregistreerd",
        "catalogusprijs": "41495",
        "datum_eerste_toelating": "20250304",
        "datum_tenaamstelling": "20250304",
        "datum_tenaamstelling_dt": "2025-03-04T00:00:00.000",
        "vervaldatum_apk": "20290304",
        "wam_verzekerd": "Ja",
        "api_gekentekende_voertuigen_brandstof": "https://opendata.rdw.nl/resource/8ys7-d773.json",
    } | facts


def stand_of(*rows: Row, **how: Any) -> Stand:
    """Serves these rows and knows no other plate; all of them are electric."""
    of = {str(row["kenteken"]): row for row in rows}
    fuels = {
        plate: {"kenteken": plate, "brandstof_volgnummer": "1", "brandstof_omschrijving": "Elektriciteit"}
        for plate in of
    }
    return Stand(
        vehicles=lambda plate: [of[plate]] if plate in of else [],
        fuels=lambda plate: [fuels[plate]] if plate in fuels else [],
        **how,
    )


def everything(**how: Any) -> Stand:
    """Knows every plate that is asked."""
    return Stand(vehicles=lambda plate: [row_of(plate)] if plate else [], **how)


def fixtures() -> dict[str, list[dict[str, Any]]]:
    """Set -> rows, as the real register once answered."""
    found: dict[str, list[dict[str, Any]]] = {"m9d7-ebf2": [], "8ys7-d773": []}
    for file in sorted(FIXTURES.glob("*.json")):
        said = json.loads(file.read_text())
        if isinstance(said, dict):
            for name in found:
                found[name] += said[name]
        elif "fuel" in file.name:
            found["8ys7-d773"] += said
        elif file.name.startswith("m9d7"):
            found["m9d7-ebf2"] += said
    return found


def real_rows(many: int) -> Iterator[dict[str, str]]:
    """As the API would give them: without the keys that say nothing."""
    with REAL.open(newline="", encoding="utf-8") as file:
        for row in islice(csv.DictReader(file), many):
            yield {key: value for key, value in row.items() if value}
