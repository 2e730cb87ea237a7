"""A program follows the remedy of a refusal to the desk, and the request to its end."""

from typing import Any

import pytest

from remise.core.identifiers import Plate
from remise.desk import actions
from remise.desk.models import DeskRequest
from remise.fleet.remedies import RequestName
from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.api.program import Program, program
from tests.desk.office import Office, office, stored
from tests.register.test_check_codes import known as known_chassis
from tests.routes import operations
from tests.world import OWNER


@pytest.fixture
def here() -> Office:
    return office()


@pytest.fixture
def caller(here: Office) -> Program:
    return program(here.garage)


def registration(here: Office, back: int = 40, **more: object) -> dict[str, object]:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    return {"plate": plate.value, "check_code": vehicles.CODE, "day": here.day(back).isoformat()} | more


def refused(caller: Program, path: str, body: object = None) -> tuple[str, str]:
    """The remedy: its kind and where it is."""
    answer = caller.post(path, body)
    assert answer.status_code == 422
    remedy = answer.json()["remedy"]
    assert remedy["method"] == "POST"
    return remedy["request_kind"], remedy["path"]


def test_refused_registration_leads_to_the_request(here: Office, caller: Program) -> None:
    body = registration(here)
    kind, path = refused(caller, f"/policies/{here.garage.policy.number}/vehicles", body)
    assert kind == RequestName.LATE_REGISTRATION
    asked = caller.post(path, body)
    assert asked.status_code == 201
    told = asked.json()
    assert (told["kind"], told["state"], told["plate"]) == (kind, "waiting", body["plate"])
    again = caller.post(path, body).json()
    assert (again["id"], again["sent_before"]) == (told["id"], True)
    here.accept(DeskRequest.objects.using(OWNER).get(id=told["id"]))
    done = caller.get(asked["Location"]).json()
    assert (done["state"], done["reason"], done["state_label"]) == ("accepted", "Het klopt.", "Accepted")
    assert done["rule_met"]["words"].startswith("40 days back is no longer possible online: the limit is 28 days.")
    assert caller.get(f"/receipts/{done['entry']}").json()["plate"] == body["plate"]


def test_refused_deregistration_leads_to_a_request_for_each(here: Office, caller: Program) -> None:
    plates = []
    for _each in range(2):
        late = here.late(back=60)
        here.accept(late)
        plates.append(stored(late).data["plate"])
    body = {"plates": plates, "day": here.day(40).isoformat()}
    kind, path = refused(caller, f"/policies/{here.garage.policy.number}/deregistrations", body)
    assert kind == RequestName.LATE_DEREGISTRATION
    told = caller.post(path, body).json()
    assert sorted(one["plate"] for one in told) == sorted(plates)
    assert {one["kind"] for one in told} == {kind}
    too_early = caller.post(path, body | {"day": here.day(61).isoformat()})
    assert (too_early.status_code, too_early.json()["code"]) == (422, "ends_before_start")


def test_refused_correction_leads_to_the_request(here: Office, caller: Program) -> None:
    one = vehicles.on_cover(here.garage)
    vehicles.later(here.garage, 1)
    kind, path = refused(caller, f"/receipts/{one.entry}/correction")
    assert kind == RequestName.CORRECT_REGISTRATION
    assert caller.post(path, {"why": ""}).json()["field"] == "why"
    told = caller.post(path, {"why": "Another vehicle."}).json()
    assert (told["kind"], told["vehicle"], told["plate"]) == (kind, one.item, one.plate.value)


def test_refused_check_code_leads_to_the_request_once_the_attempts_are_over(here: Office, caller: Program) -> None:
    body = registration(here, back=0)
    known_chassis(here.garage, Plate(str(body["plate"])))
    path = f"/policies/{here.garage.policy.number}/vehicles"
    codes = iter(f"{1000 + turn}" for turn in range(20))
    answers = [caller.post(path, body | {"check_code": next(codes)}).json() for _ in range(7)]
    remedies = [answer["remedy"] for answer in answers if "remedy" in answer]
    assert remedies
    assert {remedy["request_kind"] for remedy in remedies} == {RequestName.CHECK_CODE}
    told = caller.post(remedies[-1]["path"], body | {"check_code": "9999"}).json()
    assert (told["kind"], told["state"]) == (RequestName.CHECK_CODE, "waiting")
    here.accept(DeskRequest.objects.using(OWNER).get(id=told["id"]))
    done = caller.get(f"/requests/{told['id']}").json()
    assert caller.get(f"/receipts/{done['entry']}").json()["plate"] == body["plate"]


def test_value_that_looks_like_a_slip_is_asked_about_first(here: Office, caller: Program) -> None:
    one = vehicles.on_cover(here.garage)
    path = f"/vehicles/{one.item}/requests/value"
    body = {"value": "12.34", "why": "De prijslijst."}
    refusal = caller.post(path, body)
    assert (refusal.status_code, refusal.json()["code"]) == (422, "value_doubtful")
    assert caller.post(path, body | {"sure": True}).status_code == 201


def test_value_is_asked_in_the_form_in_which_the_api_tells_money(here: Office, caller: Program) -> None:
    one = vehicles.on_cover(here.garage)
    path = f"/vehicles/{one.item}/requests/value"
    told = caller.post(path, {"value": "38950.50", "why": "De prijslijst."}).json()
    assert told["kind"] == RequestName.CATALOGUE_VALUE
    assert DeskRequest.objects.using(OWNER).get(id=told["id"]).data["value"] == "38950.50"
    for wrong, field in (({"value": "much", "why": "x"}, "value"), ({"value": "38950.00"}, "why")):
        assert caller.post(path, wrong).json()["field"] == field


def test_request_is_talked_about_and_withdrawn(here: Office, caller: Program) -> None:
    body = registration(here)
    made = caller.post(f"/policies/{here.garage.policy.number}/requests/late-registration", body)
    number, path = made.json()["id"], made["Location"]
    request = DeskRequest.objects.using(OWNER).get(id=number)
    here.take(request)
    here.do(actions.say, request, here.mirjam, text="Welke factuur?")
    assert caller.get(path).json()["asks_you"] is True
    said = caller.post(f"{path}/messages", {"text": "Die van mei."}).json()
    assert [(one["from_desk"], one["text"]) for one in said["messages"]] == [
        (True, "Welke factuur?"),
        (False, "Die van mei."),
    ]
    assert said["messages"][0]["by"] == ""
    assert caller.post(f"{path}/messages", {"text": " "}).json()["field"] == "text"
    assert caller.post(f"{path}/withdraw").json()["state"] == "withdrawn"
    again = caller.post(f"{path}/withdraw")
    assert (again.status_code, again.json()["code"]) == (422, "illegal_move")
    assert caller.post(f"{path}/messages", {"text": "Toch wel."}).json()["code"] == "illegal_move"


def test_reading_by_program_leaves_the_outcome_on_the_home_page(here: Office, caller: Program) -> None:
    request = here.late()
    here.accept(request)
    assert caller.get(f"/requests/{request.id}").status_code == 200
    assert stored(request).unread


def test_list_shows_what_is_open(here: Office, caller: Program) -> None:
    first, second = here.late(), here.late()
    here.accept(first)
    assert [one["id"] for one in caller.get("/requests").json()["items"]] == [second.id, first.id]
    assert [one["id"] for one in caller.get("/requests", open="true").json()["items"]] == [second.id]


def test_day_that_nobody_lifts_offers_nothing(here: Office, caller: Program) -> None:
    answer = caller.post(f"/policies/{here.garage.policy.number}/vehicles", registration(here, back=-40))
    assert (answer.json()["code"], answer.json().get("remedy")) == ("too_far_ahead", None)
    path = f"/policies/{here.garage.policy.number}/requests/late-registration"
    assert caller.post(path, registration(here, back=-40)).json()["code"] == "too_far_ahead"
    assert caller.post(path, registration(here, back=3)).json()["code"] == "not_needed"


@pytest.mark.parametrize("more", [{"details": {"colour": "red"}}, {"branch": 1}], ids=str)
def test_request_is_refused_as_the_registration_would_be(here: Office, caller: Program, more: dict[str, Any]) -> None:
    """Two days later it would be too late to say so."""
    number = here.garage.policy.number
    answer = caller.post(f"/policies/{number}/requests/late-registration", registration(here, **more))
    usual = caller.post(f"/policies/{number}/vehicles", registration(here, back=3, **more))
    assert (answer.status_code, answer.json()["code"]) == (usual.status_code, usual.json()["code"])


def test_rights_are_those_of_the_page(here: Office) -> None:
    seller = program(here.garage, held=[FleetRight.DEREGISTER])
    path = f"/policies/{here.garage.policy.number}/requests/late-registration"
    answer = seller.post(path, registration(here))
    assert (answer.status_code, answer.json()["missing"]["right"]) == (403, "vehicles.register")
    other = world.branch(here.garage.organisation, name="Deventer", establishment_number="000000000009")
    elsewhere = program(here.garage, branches=[other.id])
    request = here.late()
    assert elsewhere.get("/requests").json()["items"] == []
    assert elsewhere.get(f"/requests/{request.id}").status_code == 403


def test_each_remedy_has_an_operation() -> None:
    """What a customer asks can be asked by program; what the system places before the desk cannot, nor what a person
    asks before there are rights."""
    from remise.desk.kinds import kinds

    asked = {kind.name for kind in kinds if kind.rights and not kind.by_system}
    assert asked == {
        route.name.removeprefix("api:ask_") for route in operations() if route.name.startswith("api:ask_")
    }


def test_late_deregistration_says_nothing_of_a_vehicle_in_another_branch(here: Office) -> None:
    """Since when it is insured is not for a key of another branch: the right is asked before the rule."""
    garage = here.garage
    other = world.branch(garage.organisation, name="Elders", establishment_number="000000000002")
    held, caller = vehicles.on_cover(garage, days=3), program(garage, branches=[other.id])
    for back in (40, 2):
        body = {"plates": [held.plate.value], "day": here.day(back).isoformat()}
        answer = caller.post(f"/policies/{garage.policy.number}/requests/late-deregistration", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "right_missing")
