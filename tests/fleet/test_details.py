"""What a product asks besides is a term like others: by file and by program, changed, exported, undone."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import translation

from remise.core.errors import BrokenRule
from remise.core.scope import enter
from remise.fleet.actions import change_vehicle, correct_entry
from remise.fleet.changing import CLEARED, Change
from remise.fleet.exports import write_stock
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.policies.selectors import rules_of
from tests import jobs, vehicles, world
from tests.api.program import program
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

LABELS = {"nl": "Veld", "de": "Feld", "en": "Field"}
FIELDS: list[dict[str, Any]] = [
    {"name": "seats", "kind": "number", "labels": LABELS, "required": True, "least": 1, "most": 9},
    {"name": "abroad", "kind": "yes_no", "labels": LABELS, "required": False},
    {"name": "built_in", "kind": "money", "labels": LABELS, "required": False},
    {"name": "ends_on", "kind": "date", "labels": LABELS, "required": False},
    {"name": "place", "kind": "text", "labels": LABELS, "required": False},
]


@pytest.fixture
def garage() -> Garage:
    return world.garage(fields=FIELDS)


def details(vehicle: OnCover, *, back: int = 0, of: Garage) -> dict[str, Any]:
    held = RegistrationVersion.objects.using(OWNER).filter(item=vehicle.item)
    return dict(held.as_of(vehicles.back(of, back)).get().details)


def change(of: Garage, vehicle: OnCover, *, back: int = 0, **typed: str) -> int:
    by = of.actor(*FleetRight)
    with enter(by.scope):
        wanted = Change(vehicle.plate, vehicles.back(of, back), typed)
        return change_vehicle(by=by, policy=of.policy, change=wanted).entry.id


def test_change_of_one_leaves_the_others_and_is_undone(garage: Garage) -> None:
    vehicle = vehicles.on_cover(garage, days=20, seats="5", place="Loods 2", abroad="ja")
    at_first = {"seats": 5, "place": "Loods 2", "abroad": True}
    assert details(vehicle, of=garage) == at_first
    later = change(garage, vehicle, back=5, place="Loods 3")
    # For a day before it, entered after it: what was entered for the other day stays.
    change(garage, vehicle, back=10, seats="7")
    assert details(vehicle, back=7, of=garage) == at_first | {"seats": 7}
    assert details(vehicle, of=garage) == {"seats": 7, "place": "Loods 3", "abroad": True}
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=later)
    assert details(vehicle, of=garage) == at_first | {"seats": 7}
    change(garage, vehicle, abroad=CLEARED)
    assert details(vehicle, of=garage) == {"seats": 7, "place": "Loods 2"}
    with pytest.raises(BrokenRule) as refused:
        change(garage, vehicle, seats=CLEARED)
    assert (refused.value.code, refused.value.field) == ("required", "seats")


def test_by_program_and_by_file_of_a_program(garage: Garage, nothing_waits: None) -> None:
    caller = program(garage)
    typed = {"seats": "9", "abroad": "nee", "built_in": "12.500,50", "ends_on": "31-12-2027", "place": ""}
    row = {"plate": vehicles.fresh_plate().value, "check_code": vehicles.CODE, "day": str(vehicles.today(garage))}
    path = f"/policies/{garage.policy.number}"
    refused = caller.post(f"{path}/vehicles", row | {"details": typed | {"seats": "10"}})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "too_high", "seats")
    assert caller.post(f"{path}/vehicles", row | {"details": typed}).status_code == 201
    (shown,) = caller.get(f"{path}/vehicles").json()["items"]
    kept = {"seats": 9, "abroad": False, "built_in": "12500.50", "ends_on": "2027-12-31"}
    assert shown["details"] == kept
    asked = {field["name"]: field for field in caller.get(path).json()["fields"]}
    assert (asked["seats"]["kind"], asked["seats"]["most"]) == ("number", "9.00")

    other = row | {"plate": vehicles.fresh_plate().value} | typed
    batch = caller.post("/batches", {"deed": "register", "policy": garage.policy.number, "rows": [other]})
    assert caller.post(batch.json()["links"]["confirm"]).status_code == 202
    jobs.work_off()
    held = RegistrationVersion.objects.using(OWNER).get(plate=other["plate"])
    assert held.details == kept


def test_export_counts_with_them(garage: Garage) -> None:
    vehicles.on_cover(garage, seats="5", abroad="yes", built_in="1000", ends_on="2027-12-31")
    by = garage.actor(*FleetRight)
    with enter(by.scope), translation.override("nl"):
        rules = rules_of(garage.policy, on=vehicles.today(garage))
        file = BytesIO()
        versions = RegistrationVersion.objects.filter(policy=garage.policy.id).known()
        assert list(write_stock(by, file, "csv", versions, rules)) == [1]
    last = file.getvalue().decode("utf-8-sig").strip().splitlines()[-1]
    assert last.split(";")[-5:] == ["5", "ja", "1000,00", "2027-12-31", ""]
