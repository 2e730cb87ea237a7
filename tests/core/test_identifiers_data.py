"""Identifiers as the world writes them: published lists that lie beside the project, not in it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from remise.core.identifiers import Iban, IdentifierError, KvkNumber, Plate

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

# Countries that use the IBAN's form without being in its register, which the list's source allows on request.
UNREGISTERED = {"BF", "CI", "CM", "CV", "GQ", "IR", "MA", "SN", "TG"}


def opened(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"shared/data/{name} is not here")
    return path


def rows(name: str) -> Iterator[dict[str, str]]:
    with opened(name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def test_plates_of_the_register_have_their_stated_sidecode() -> None:
    read = [(Plate.parse(row["kenteken"]), row) for row in rows("identifiers/nl_plates.csv")]
    assert len(read) > 15_000
    assert [row for plate, row in read if str(plate.sidecode) != row["sidecode"]] == []
    assert [row for plate, row in read if plate.value != row["kenteken"]] == []


def test_plates_of_the_register_raise_no_doubt() -> None:
    known = [Plate.parse(r["kenteken"]) for r in rows("identifiers/nl_plates.csv") if r["in_rdw"] == "ja"]
    assert len(known) > 10_000
    assert [plate.value for plate in known if plate.warnings] == []


def test_plates_with_inspection_dates_are_read_and_formatted() -> None:
    read = [(Plate.parse(row["kenteken"]), row) for row in rows("rdw/apk_expiry.csv")]
    assert len(read) > 7_000
    # Nine were typed by hand with a hyphen left out, doubled or misplaced; they are read all the same.
    assert sum(plate.formatted != row["kenteken_formatted"] for plate, row in read) == 9
    assert [row for plate, row in read if str(plate.sidecode) != row["sidecode"]] == []
    assert [row for plate, row in read if plate.warnings and row["bekend_bij_rdw"] == "ja"] == []
    assert [row for plate, row in read if Plate.parse(row["kenteken_formatted"]) != plate] == []


def test_plates_of_electric_vans_are_read_and_hinted() -> None:
    read = [(Plate.parse(row["kenteken"]), row) for row in rows("rdw/ev_vehicles.csv")]
    assert len(read) > 19_000
    assert not any(plate.is_trade or plate.warnings for plate, _ in read)
    hinted = [(plate.kind_hint, row["europese_voertuigcategorie"]) for plate, row in read if plate.kind_hint]
    # The letter is a hint: small buses carry a car's, and vans made heavy by their battery keep V.
    right = sum(
        {"N1": "V", "N2": "B", "N3": "B", "M3": "B"}.get(category) == _letter(kind) for kind, category in hinted
    )
    assert right / len(hinted) > 0.99


def test_plate_shapes_of_another_list_agree() -> None:
    shapes = json.loads(opened("identifiers/nl_plates_kenteken_kit.json").read_text(encoding="utf-8"))
    for shape in shapes["valid"]:
        plate = Plate.parse(shape["raw"])
        assert (plate.formatted, plate.sidecode) == (shape["formatted"], shape["series"])
    for shape in shapes["invalid"]:
        with pytest.raises(IdentifierError) as refusal:
            Plate.parse(shape["raw"])
        assert [{"shape": "unknown_series"}.get(refusal.value.code, refusal.value.code)] == shape["codes"]
    for shape in shapes["forbidden"]:
        # Refused there, doubted here; BBB was issued after all (four times in the lists above).
        assert bool(Plate.parse(shape["plate"]).warnings) == (shape["combination"] != "BBB")


def test_account_numbers_of_the_iban_register_are_read() -> None:
    for row in rows("identifiers/iban_vectors.csv"):
        try:
            Iban.parse(row["iban"])
        except IdentifierError as refusal:
            verdict = refusal.code
        else:
            verdict = "valid"
        if row["iban"][:2] in UNREGISTERED:
            assert verdict == "country"
        else:
            assert (verdict == "valid") == (row["expected"] == "valid")


def test_numbers_of_the_trade_register_are_read() -> None:
    for row in rows("identifiers/kvk_test_numbers.csv"):
        assert KvkNumber.parse(row["kvk_nummer"]).formatted == row["kvk_nummer"]


def _letter(kind: str | None) -> str:
    return {"light_commercial": "V", "heavy_commercial": "B"}.get(kind or "", "")
