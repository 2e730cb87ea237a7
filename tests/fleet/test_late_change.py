"""Other terms from a day further back than goes online: offered to the desk from the page, a program and a file
alike, and done once the desk decides."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from remise.core.errors import DomainError, Forbidden
from remise.core.models import Entry
from remise.core.scope import enter
from remise.desk.models import DeskRequest
from remise.desk.rights import DeskRight
from remise.fleet.actions import deregister_vehicles
from remise.fleet.models import RegistrationVersion
from remise.fleet.remedies import RequestName
from remise.fleet.requests import LATE_CHANGE, LateChange
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.organisations.models import Party
from tests import jobs, sessions, vehicles, world
from tests.api.program import Program, program
from tests.desk.office import Office, office, stored
from tests.fleet.test_change_page import FIELDS, on_cover, send, terms
from tests.vehicles import OnCover
from tests.world import OWNER

KIND = str(RequestName.LATE_CHANGE)


@pytest.fixture
def of() -> Office:
    return office(fields=FIELDS)


@pytest.fixture
def held(of: Office) -> OnCover:
    """On cover for sixty days."""
    one = on_cover(of.garage)
    vehicles.later(of.garage, 50)
    return one


@pytest.fixture
def client(of: Office) -> Client:
    return sessions.client_of(of.owner, of.garage.portal)


def requests(of: Office) -> list[DeskRequest]:
    return list(DeskRequest.objects.using(OWNER).filter(organisation=of.garage.organisation.id).order_by("id"))


def ask(client: Client, held: OnCover, **typed: Any) -> Any:
    """The form as it stands, by the button of the refusal."""
    page = send(client, held, **typed)
    form = page.context["form"]
    sent = {bound.name: str(bound.value() or "") for bound in form}
    sent |= {f"shown-{name}": text for name, text in form.shown.items()} | {"ask": KIND}
    return client.post(f"/vehicles/{held.item}/change/ask", sent)


def asked(of: Office, held: OnCover, back: int = 40, **details: str) -> DeskRequest:
    data = LateChange(of.garage.policy.id, held.item, held.plate.value, of.day(back), details or {"seats": "4"})
    return of.ask(LATE_CHANGE.name, data)


def refused(of: Office, held: OnCover, back: int = 40, **details: str) -> str:
    with pytest.raises(DomainError) as error:
        asked(of, held, back, **details)
    return error.value.code


def test_page_offers_the_request_and_it_goes_with_all_that_was_typed(
    of: Office, held: OnCover, client: Client
) -> None:
    typed: dict[str, Any] = {"driver": "", "seats": "7", "rent": "999,00", "day": of.day(40)}
    page = send(client, held, **typed)
    assert page.status_code == 422
    assert page.context["refusal"].remedy.request_kind == KIND
    assert f'formaction="/vehicles/{held.item}/change/ask"' in page.content.decode()
    answer = ask(client, held, **typed)
    (request,) = requests(of)
    assert answer["Location"] == f"/requests/{request.id}"
    assert (request.kind, request.subject, request.branch) == (KIND, held.item, of.garage.branch.id)
    assert request.data["details"] == {"driver": "-", "seats": "7", "rent": "999,00"}
    assert Entry.objects.using(OWNER).filter(item=held.item).count() == 1
    text = unescape(client.get(answer["Location"]).content.decode())
    for said in ("Change from an earlier day", "becomes empty", "999", "40 days ago"):
        assert said in text, said


def test_desk_reads_it_with_the_rule_and_its_yes_changes_the_vehicle(
    of: Office, held: OnCover, client: Client
) -> None:
    request = asked(of, held, driver="Lotte Smit", seats="-")
    page = unescape(sessions.client_of(of.mirjam, of.garage.portal).get(f"/desk/{request.id}").content.decode())
    for said in ("Lotte Smit", "becomes empty", "40 days back is no longer possible online: the limit is 28 days."):
        assert said in page, said
    assert not Party.objects.using(OWNER).filter(organisation=of.garage.organisation.id, name="Lotte Smit").exists()
    done = stored(of.accept(request))
    before, after = terms(held, of.day(41)), terms(held, of.day(40))
    assert (before.details["seats"], after.details.get("seats")) == (5, None)
    assert Party.objects.using(OWNER).get(id=after.driver or 0).name == "Lotte Smit"
    entry = Entry.objects.using(OWNER).get(id=done.entry or 0)
    assert (entry.starts, entry.account, entry.reason) == (of.day(40), of.mirjam.account_id, f"desk.{KIND}")
    receipt = unescape(client.get(f"/vehicles/receipts/{entry.id}").content.decode())
    for said in ("is insured on other terms from", "made empty", "Decided by", "the insurer"):
        assert said in receipt, said
    assert of.mirjam.display_name not in receipt


def test_program_follows_the_remedy(of: Office, held: OnCover) -> None:
    caller = program(of.garage)
    body = {"day": of.day(40).isoformat(), "details": {"seats": "7", "driver": None}}
    answer = caller.post(f"/vehicles/{held.item}/changes", body).json()
    remedy = answer["remedy"]
    assert (answer["code"], remedy["request_kind"], remedy["method"]) == ("too_long_ago", KIND, "POST")
    made = caller.post(remedy["path"], body)
    assert (made.status_code, made.json()["kind"], made.json()["vehicle"]) == (201, KIND, held.item)
    again = caller.post(remedy["path"], body).json()
    assert (again["id"], again["sent_before"]) == (made.json()["id"], True)
    of.accept(DeskRequest.objects.using(OWNER).get(id=again["id"]))
    assert terms(held, of.day(40)).driver is None


def test_row_of_a_batch_says_the_same(of: Office, held: OnCover) -> None:
    caller = program(of.garage)
    rows = [{"plate": held.plate.formatted, "day": of.day(40).isoformat(), "seats": "7"}]
    batch = caller.post("/batches", {"deed": "change", "policy": of.garage.policy.number, "rows": rows}).json()
    jobs.work_off()
    (row,) = caller.get(f"/batches/{batch['id']}/rows").json()["items"]
    (problem,) = row["problems"]
    by_hand = _refused_change(caller, of, held)
    assert (problem["code"], problem["field"]) == ("too_long_ago", "day")
    assert {name: problem["remedy"][name] for name in ("request_kind", "method", "path")} == {
        name: by_hand["remedy"][name] for name in ("request_kind", "method", "path")
    }
    assert problem["detail"] == by_hand["detail"]


def _refused_change(caller: Program, of: Office, held: OnCover) -> dict[str, Any]:
    body = {"day": of.day(40).isoformat(), "details": {"seats": "7"}}
    told: dict[str, Any] = caller.post(f"/vehicles/{held.item}/changes", body).json()
    return told


def test_what_would_stop_it_all_the_same_is_said_at_once(of: Office, held: OnCover) -> None:
    assert refused(of, held, 28) == "not_needed"
    assert refused(of, held, -40) == "too_far_ahead"
    assert refused(of, held, 61) == "before_cover"
    assert refused(of, held, seats="5") == "nothing_changes"
    assert refused(of, held, driver="wim kuipers") == "nothing_changes"
    assert refused(of, held, seats="12") == "too_high"
    assert refused(of, held, cover="-") == "required"
    assert refused(of, held, colour="red") == "unknown_field"
    assert requests(of) == []


def test_what_cannot_be_done_any_more_leaves_it_open(of: Office, held: OnCover) -> None:
    request = asked(of, held, 30)
    late = of.accept(of.gone(held, back=35))
    assert stored(late).entry
    with pytest.raises(DomainError) as error:
        of.accept(request)
    assert (error.value.code, stored(request).state) == ("not_registered", "taken")


def test_who_may_not_lift_it_does_not(of: Office, held: OnCover) -> None:
    request = asked(of, held)
    clerk = world.member(of.insurer, rights=[*DeskRight], name="Tom")
    with pytest.raises(Forbidden) as error:
        of.accept(request, clerk)
    assert error.value.decision.right is UnderwritingRight.ALLOW_LATE
    assert RegistrationVersion.objects.using(OWNER).filter(item=held.item).known().count() == 1


def test_who_may_not_change_it_does_not_ask_either(of: Office, held: OnCover) -> None:
    """Also in another branch: nothing of the vehicle is told."""
    reader = sessions.client_of(world.member(of.garage.organisation, rights=[FleetRight.VIEW]), of.garage.portal)
    form = {"seats": "7", "shown-seats": "5", "day": of.day(40).isoformat()}
    assert reader.post(f"/vehicles/{held.item}/change/ask", form).status_code == 403
    other = world.branch(of.garage.organisation, name="Elders", establishment_number="000000000002")
    caller = program(of.garage, branches=[other.id])
    for back in (40, 2):
        body = {"day": of.day(back).isoformat(), "details": {"seats": "7"}}
        answer = caller.post(f"/vehicles/{held.item}/requests/late-change", body)
        assert answer.status_code in {403, 404}
    stranger = program(world.garage(at=of.garage.portal))
    assert stranger.post(f"/vehicles/{held.item}/requests/late-change", body).status_code == 404
    assert requests(of) == []


def test_customer_undoes_it_only_by_the_desk(of: Office, held: OnCover, client: Client) -> None:
    done = stored(of.accept(asked(of, held)))
    refusal = client.post(f"/vehicles/receipts/{done.entry}/correct")
    assert refusal.status_code in {403, 422}
    assert terms(held, of.day(40)).details["seats"] == 4


def test_vehicle_that_left_meanwhile_is_said_at_once(of: Office, held: OnCover) -> None:
    by = of.garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=of.garage.policy, items=[held.item], day=of.day(20))
    assert asked(of, held, 40).kind == KIND  # for days on which it was insured it may still be told
