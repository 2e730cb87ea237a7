"""Every operation, walked: as a key with all rights, one that may only look, strangers' keys, and none."""

import json
import re
from typing import Any

import pytest

from remise.api.description import document
from remise.core.schemas import RIGHTS
from remise.fleet.rights import FleetRight
from remise.organisations.rights import catalogue
from tests import vehicles, world
from tests.api.program import Program, program, token
from tests.config.known import Known, known
from tests.green_cards.test_trailers import trailer
from tests.routes import Route, operations

OPERATIONS = operations()
EVERY = [str(entry.right) for entry in catalogue]
WRITES = {"register", "change", "deregister", "correct", "begin_batch", "mail_receipt"}
WRITES |= {"run_pause", "run_resume", "run_cancel"}
WRITES |= {"batch_confirm", "batch_cancel"}
PATCHES = {"batch_mend"}
WRITES |= {
    "ask_late_registration",
    "ask_late_deregistration",
    "ask_late_change",
    "ask_correct_registration",
    "ask_catalogue_value",
}
WRITES |= {"ask_check_code", "ask_vehicle_kind"}
WRITES |= {"request_say", "request_withdraw"}
WRITES |= {"request_cards", "request_trailer_card", "reprint_card", "void_card", "mail_card", "ask_trip"}
WRITES |= {"dismiss_finding"}
WRITES |= {"add_party", "change_party", "merge_party", "erase_party"}
# What who may only look at vehicles may call.
OPEN_TO_A_READER = {
    "me",
    "branches",
    "policies",
    "policy",
    "vehicles",
    "totals",
    "vehicle",
    "vehicle_notices",
    "findings",
    "parties",
    "party",
    "receipt",
    "receipt_mails",
    "cards",
    "card",
    "card_mails",
    "trip_advice",
    "runs",
    "events",
    "search",
}
# Tells of the caller, and of nothing that the address names.
NAMES_NOTHING = {"me", "branches", "policies", "cards", "requests", "runs", "events", "begin_batch"}
NAMES_NOTHING |= {"trip_advice", "ask_trip", "search", "findings", "parties", "add_party"}

each = pytest.mark.parametrize("route", OPERATIONS, ids=str)


@pytest.fixture(scope="module")
def company() -> Known:
    return known()


def name(route: Route) -> str:
    return route.name.removeprefix("api:")


def call(caller: Program, route: Route, of: Known) -> Any:
    """About what is this company's."""
    parameters = of.parameters
    if "policies/" in route.path(parameters):
        parameters["number"] = of.garage.policy.number
    if name(route) == "batch_mend":
        parameters["number"] = of.waits
    if name(route) in {"batch_result", "batch_summary"}:
        parameters["number"] = of.file
    path = route.path(parameters)
    if name(route) == "search":
        path += f"?q={of.held[0].plate.value}"
    if name(route) == "run_resume":
        caller.post(path.replace("resume", "pause"))
    if name(route) == "trip_advice":
        return caller.get(path, **trip(of))  # type: ignore[arg-type]  # a list is sent as several
    return asked(caller, route, path, of)


def asked(caller: Program, route: Route, path: str, of: Known) -> Any:
    if name(route) in PATCHES:
        return caller.patch(path, body(route, of))
    return caller.post(path, body(route, of)) if name(route) in WRITES else caller.get(path)


def trip(of: Known) -> dict[str, object]:
    today = vehicles.today(of.garage).isoformat()
    return {"to": ["RU"], "first": today, "last": today}


def body(route: Route, of: Known) -> dict[str, object] | None:
    today = vehicles.today(of.garage).isoformat()
    row = {"plate": vehicles.fresh_plate().value, "check_code": vehicles.CODE, "day": today}
    late = vehicles.back(of.garage, 40).isoformat()
    bodies: dict[str, dict[str, object]] = {
        "register": row | {"branch": of.garage.branch.id},
        "deregister": {"plates": [of.held[0].plate.value], "day": today},
        "change": {"day": today, "details": {"driver": f"Jan {world.unique()}"}},
        "mail_receipt": {"recipient": "jan@example.test"},
        "ask_check_code": row | {"branch": of.garage.branch.id},
        "ask_late_registration": row | {"branch": of.garage.branch.id, "day": late},
        "ask_late_deregistration": {"plates": [of.held[0].plate.value], "day": late},
        "ask_late_change": {"day": late, "details": {"driver": f"Jan {world.unique()}"}},
        "ask_vehicle_kind": row | {"branch": of.garage.branch.id},
        "ask_correct_registration": {"why": "Another vehicle."},
        "ask_catalogue_value": {"value": "38950.00", "why": "The price list."},
        "request_say": {"text": "Of March."},
        "request_cards": {"plates": [of.held[0].plate.value]},
        "request_trailer_card": {
            "plate": of.held[0].plate.value,
            "trailer": trailer().value if name(route) == "request_trailer_card" else "",
        },
        "ask_trip": trip(of),
        "dismiss_finding": {"reason": "still_ours"},
        "add_party": {"name": "Somebody New"},
        "change_party": {"name": "Somebody Else"},
        "merge_party": {"other": of.parties[1].id},
        "void_card": {"reason": "misprint"},
        "mail_card": {"recipient": "jan@example.test"},
        "begin_batch": {"deed": "register", "policy": of.garage.policy.number, "rows": [row]},
        "batch_mend": {"cells": {"check_code": vehicles.CODE}},
    }
    return bodies.get(name(route))


def key(of: Known, *, reader: bool = False) -> Program:
    made, secret = token(of.reader if reader else of.owner, rights=[FleetRight.VIEW] if reader else EVERY[:])
    return Program(of.garage.portal, secret, made)


def asked_by(answer: Any) -> list[str]:
    """The rights that the operation says it asks; of runs and requests these are the kinds' own."""
    called = answer.wsgi_request
    for path, methods in document()["paths"].items():
        said = methods.get(called.method.lower())
        if said and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), called.path):
            return list(said.get(RIGHTS, EVERY))
    raise AssertionError(called.path)


def place(route: Route) -> str:
    """One for each: who shows wrong keys is slowed down by the place it comes from."""
    return f"198.51.100.{OPERATIONS.index(route)}"


@each
def test_owner_calls_each(route: Route) -> None:
    of = known()
    if name(route).startswith("ask_"):  # there is nothing to ask about what was done today
        vehicles.later(of.garage, 40)
    answer = call(key(of), route, of)
    # Nor about what was not refused: those ways are in test_requests and tests/fleet/test_kinds_of_vehicle.
    if name(route) in {"ask_check_code", "ask_vehicle_kind"}:
        assert (answer.status_code, answer.json()["code"]) == (422, "not_needed")
    elif name(route) == "erase_party":  # who drives what is on cover
        assert (answer.status_code, answer.json()["code"]) == (422, "in_use")
    else:
        assert answer.status_code in {200, 201, 202, 204}


@each
def test_missing_right_is_403_with_the_way_out(route: Route, company: Known) -> None:
    answer = call(key(company, reader=True), route, company)
    if name(route) in OPEN_TO_A_READER:
        assert answer.status_code == 200
        return
    told = answer.json()
    assert (answer.status_code, told["code"]) == (403, "right_missing")
    assert told["missing"]["right"] in asked_by(answer)
    assert told["granters"]


@each
@pytest.mark.parametrize("who", ["stranger", "elsewhere"])
def test_stranger_meets_nothing(route: Route, who: str, company: Known) -> None:
    """With all rights at another company of this insurer, and at a customer of another insurer."""
    garage = world.garage(at=company.garage.portal) if who == "stranger" else world.garage()
    before = company.state()[:5]
    answer = call(program(garage, held=EVERY), route, company)
    # The bare mark may be the beginning of one that the stranger's own things bear.
    secrets = [company.garage.organisation.name, *company.secrets[1:]]
    seen = [secret for secret in secrets if secret in answer.content.decode()]
    assert seen == []
    if name(route) not in NAMES_NOTHING or name(route) == "begin_batch":
        assert answer.status_code == 404
    assert company.state()[:5] == before


@each
def test_key_of_another_insurer_is_unknown(route: Route, company: Known) -> None:
    thief = Program(company.garage.portal, program(world.garage(), held=EVERY).secret, address=place(route))
    answer = call(thief, route, company)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@each
def test_without_a_key_it_is_401(route: Route, company: Known) -> None:
    answer = call(Program(company.garage.portal, None, address=place(route)), route, company)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**40])
@pytest.mark.parametrize("route", [route for route in OPERATIONS if route.numbers], ids=str)
def test_number_that_is_nobodys_is_404(route: Route, number: int, company: Known) -> None:
    caller = key(company)
    path = route.path(company.parameters | dict.fromkeys(route.numbers, number))
    assert asked(caller, route, path, company).status_code == 404


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/me", "/api/v1/me/"])
def test_address_that_is_none_is_a_problem_document(path: str, company: Known) -> None:
    answer = key(company).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(answer.content)["code"] == "not_found"
