"""A product is for some kinds of vehicle: others are refused with the way to the desk, or asked about once."""

from typing import Any

import pytest

from remise.core.actor import system
from remise.core.errors import BrokenRule
from remise.core.identifiers import CheckCode, Plate
from remise.core.models import Event
from remise.core.scope import enter
from remise.desk.models import DeskRequest
from remise.fleet.actions import Registered, complete_registration, register_vehicle
from remise.fleet.models import Finding, RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.policies.rules import Misfit, TradePlates
from tests import vehicles, world
from tests.api.program import program
from tests.desk.office import office
from tests.world import OWNER, Garage

ONLY_BIKES: dict[str, Any] = {"kinds": ["Motorfiets", "Bromfiets"]}


def register(garage: Garage, plate: Plate, *, sure: bool = False) -> Registered:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        return register_vehicle(
            by=by,
            policy=garage.policy,
            plate=plate,
            check_code=CheckCode(vehicles.CODE) if plate.needs_check_code else None,
            starts=vehicles.today(garage),
            branch=garage.branch.id,
            sure=sure,
        )


def trade_plate() -> Plate:
    return Plate(f"HA{world.number() % 10_000:04d}")


def test_other_kind_is_refused_and_the_desk_can_allow_it() -> None:
    garage = world.garage(**ONLY_BIKES)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    for sure in (False, True):  # being sure lifts a question, not a limit
        with pytest.raises(BrokenRule) as refused:
            register(garage, plate, sure=sure)
        assert (refused.value.code, refused.value.field) == ("kind_unfit", "plate")
        assert refused.value.remedy is not None
        assert refused.value.remedy.request_kind == "vehicle_kind"
    assert not RegistrationVersion.objects.using(OWNER).filter(plate=plate.value).exists()


def test_kind_that_fits_is_taken() -> None:
    garage = world.garage(**ONLY_BIKES)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, kind="Motorfiets")
    assert register(garage, plate).plate == plate


def test_asked_once_and_then_taken() -> None:
    garage = world.garage(**ONLY_BIKES, other_kinds=Misfit.ASKED)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    with pytest.raises(BrokenRule) as asked:
        register(garage, plate)
    assert (asked.value.code, asked.value.remedy) == ("kind_doubtful", None)
    assert register(garage, plate, sure=True).plate == plate


@pytest.mark.parametrize(
    ("takes", "plate", "code"),
    [
        (TradePlates.NEVER, trade_plate(), "trade_plate_unfit"),
        (TradePlates.ONLY, vehicles.fresh_plate(), "no_trade_plate"),
        (TradePlates.ONLY, trade_plate(), None),
        (TradePlates.ALSO, trade_plate(), None),
    ],
)
def test_trade_plates(takes: TradePlates, plate: Plate, code: str | None) -> None:
    garage = world.garage(trade_plates=takes)
    if code is None:
        assert register(garage, plate).plate == plate
        return
    with pytest.raises(BrokenRule) as refused:
        register(garage, plate)
    assert refused.value.code == code


@pytest.mark.parametrize(("other_kinds", "found"), [(Misfit.REFUSED, 1), (Misfit.ASKED, 0)])
def test_silent_register_refuses_nobody_and_finds_it_later(other_kinds: Misfit, found: int) -> None:
    garage = world.garage(**ONLY_BIKES, other_kinds=other_kinds)
    plate = vehicles.fresh_plate()
    done = register(garage, plate)
    said = vehicles.in_register(plate)
    by = system(portal=garage.portal.id, name="fleet.ask_register").acting_for(garage.organisation.id)
    for _again in range(2):
        with enter(by.scope):
            complete_registration(by=by, item=done.item, vehicle=said)
    findings = Finding.objects.using(OWNER).filter(item=done.item, kind="other_kind", settled_at=None)
    assert findings.count() == found
    assert DeskRequest.objects.using(OWNER).filter(portal=garage.portal.id).count() == found
    # What the register says later mends it.
    said.kind = "Motorfiets"
    with enter(by.scope):
        complete_registration(by=by, item=done.item, vehicle=said)
    assert findings.count() == 0


def test_program_asks_the_desk_and_the_desk_allows_it() -> None:
    of = office()
    world.version(of.garage.policy.product, starts=vehicles.back(of.garage, 1), **ONLY_BIKES)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    caller = program(of.garage)
    body = {
        "plate": plate.value,
        "check_code": vehicles.CODE,
        "day": vehicles.today(of.garage).isoformat(),
        "branch": of.garage.branch.id,
    }
    path = f"/policies/{of.garage.policy.number}"
    refused = caller.post(f"{path}/vehicles", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "kind_unfit")
    assert refused.json()["remedy"]["request_kind"] == "vehicle_kind"
    asked = caller.post(f"{path}/requests/vehicle-kind", body)
    assert asked.status_code == 201, asked.json()
    request = DeskRequest.objects.using(OWNER).get(id=asked.json()["id"])
    of.accept(request)
    held = RegistrationVersion.objects.using(OWNER).get(plate=plate.value)
    assert held.policy == of.garage.policy.id
    again = caller.post(f"{path}/requests/vehicle-kind", body)
    assert again.json()["code"] == "already_registered"


def test_program_says_that_it_is_sure() -> None:
    garage = world.garage(**ONLY_BIKES, other_kinds=Misfit.ASKED)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    body = {"plate": plate.value, "check_code": vehicles.CODE, "day": vehicles.today(garage).isoformat()}
    path = f"/policies/{garage.policy.number}/vehicles"
    assert program(garage).post(path, body).json()["code"] == "kind_doubtful"
    assert program(garage).post(path, body | {"sure": True}).status_code == 201


@pytest.mark.parametrize(("most", "vehicles_in_it", "taken"), [(None, 3, True), (1, 1, True), (1, 2, False)])
def test_file_as_long_as_the_product_takes(most: int | None, vehicles_in_it: int, taken: bool) -> None:
    garage = world.garage(most_in_file=most)
    row = {"check_code": vehicles.CODE, "day": vehicles.today(garage).isoformat()}
    rows = [row | {"plate": vehicles.fresh_plate().value} for _each in range(vehicles_in_it)]
    answer = program(garage).post("/batches", {"deed": "register", "policy": garage.policy.number, "rows": rows})
    if not taken:
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_rows")
    assert Event.objects.using(OWNER).filter(portal=garage.portal.id, kind="run.begun").exists() == taken


def test_name_date_that_does_not_matter() -> None:
    garage = world.garage(name_date=False)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, in_name_since=vehicles.today(garage))
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        done = register_vehicle(
            by=by,
            policy=garage.policy,
            plate=plate,
            check_code=CheckCode(vehicles.CODE),
            starts=vehicles.back(garage, 10),
            branch=garage.branch.id,
        )
    assert done.starts == vehicles.back(garage, 10)
