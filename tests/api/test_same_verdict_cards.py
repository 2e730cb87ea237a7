"""A request for cards gets the same verdict by page and by API: one code, one field, one sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest

from remise.core.scope import enter
from remise.fleet.actions import deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.organisations.models import Branch, Membership
from tests import sessions, vehicles, world
from tests.api.program import Program, token
from tests.green_cards.cards import held
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

DONE = ""
ADDRESS = {"addressee": "Balie", "street": "Rijnstraat 12", "postcode": "8011 AB", "town": "Zwolle", "country": "NL"}


@dataclass(frozen=True, slots=True)
class Verdict:
    code: str  # empty: done
    field: str | None = None


@dataclass(slots=True)
class Scene:
    garage: Garage
    other: Branch
    who: Membership
    rights: list[str]


@dataclass(slots=True)
class Sent:
    """For one vehicle; a page names it by its number and a program by its plate."""

    vehicle: OnCover
    more: dict[str, str] = field(default_factory=dict)
    garage: Garage | None = None  # of the policy that the program names


type Make = Callable[[Scene], Sent]


def good(more: dict[str, str] | None = None) -> Make:
    return lambda scene: Sent(held(scene.garage), more or {})


def unknown(scene: Scene) -> Sent:
    return Sent(vehicles.on_cover(scene.garage))


def gone(scene: Scene, days: int = -1) -> Sent:
    vehicle = held(scene.garage)
    by = scene.garage.actor(*FleetRight)
    with enter(by.scope):
        day = vehicles.back(scene.garage, -days)
        deregister_vehicles(by=by, policy=scene.garage.policy, items=[vehicle.item], day=day)
    return Sent(vehicle)


def ends_soon(scene: Scene) -> Sent:
    return gone(scene, days=10)


def ending_policy(scene: Scene) -> Sent:
    vehicle = held(scene.garage)
    scene.garage.policy.ends = vehicles.today(scene.garage) + timedelta(days=9)
    scene.garage.policy.save(using=OWNER)
    return Sent(vehicle)


def elsewhere(scene: Scene) -> Sent:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate)
    return Sent(vehicles.on_cover(scene.garage, plate, days=3, branch=scene.other.id))


def foreign(_scene: Scene) -> Sent:
    garage = world.garage()
    return Sent(held(garage), garage=garage)


@dataclass(frozen=True, slots=True)
class Case:
    make: Make
    verdict: Verdict
    rights: tuple[str, ...] = tuple(FleetRight)
    only_here: bool = False


PAPER = {"format": "paper"} | ADDRESS
CASES = {
    "pdf": Case(good(), Verdict(DONE)),
    "pdf and mail": Case(good({"recipient": "jan@example.test"}), Verdict(DONE)),
    "paper": Case(good(PAPER), Verdict(DONE)),
    "paper without a street": Case(good(PAPER | {"street": ""}), Verdict("required", "street")),
    "paper without a town": Case(good(PAPER | {"town": ""}), Verdict("required", "town")),
    "paper without a name": Case(good(PAPER | {"addressee": ""}), Verdict("required", "addressee")),
    "paper to another country": Case(good(PAPER | {"country": "US"}), Verdict("invalid_choice", "country")),
    "no such way": Case(good({"format": "fax"}), Verdict("invalid_choice", "format")),
    "no mail address": Case(good({"recipient": "jan@"}), Verdict("address", "recipient")),
    "not known to the register": Case(unknown, Verdict("not_known_to_register", "plates")),
    "no longer insured": Case(gone, Verdict("not_insured", "plates")),
    "ends within fifteen days": Case(ends_soon, Verdict("card_too_short", "plates")),
    "policy ends within fifteen days": Case(ending_policy, Verdict("card_too_short", "plates")),
    "without the right": Case(good(), Verdict("right_missing"), rights=(FleetRight.VIEW,)),
    "in a branch without the right": Case(elsewhere, Verdict("right_missing"), only_here=True),
    "of another company": Case(foreign, Verdict("not_found")),
}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    case: Case = CASES[request.param]
    garage = world.garage()
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    who = world.member(garage.organisation, rights=[] if case.only_here else list(case.rights))
    for right in case.rights if case.only_here else ():
        who.held_grants.model.objects.using(OWNER).create(
            portal=who.portal,
            organisation=who.organisation,
            membership=who,
            right=right,
            branch=garage.branch,
            by_system="insurer",
        )
    return Scene(garage, other, who, [str(right) for right in case.rights])


@pytest.mark.parametrize(("scene", "name"), [(name, name) for name in CASES], indirect=["scene"])
def test_page_and_api_agree(scene: Scene, name: str) -> None:
    case = CASES[name]
    by_page, page_words = asked_on_page(scene, case.make(scene))
    by_api, api_words = asked_by_api(scene, case.make(scene))
    assert by_page == by_api == case.verdict
    if api_words and case.verdict.field:
        assert generic(api_words) in generic(page_words)


def generic(sentence: str) -> str:
    """Each way has a vehicle of its own."""
    return " ".join(word for word in sentence.split() if not re.search(r"[A-Z0-9]+-[A-Z0-9]+", word))


def asked_on_page(scene: Scene, sent: Sent) -> tuple[Verdict, str]:
    """Up to the last click: the page refuses a vehicle before it, and a field on the way."""
    client = sessions.client_of(scene.who, scene.garage.portal)
    form = {"item": [sent.vehicle.item], "step": "check", "format": "pdf", **sent.more}
    answer = client.post("/cards/request", form)
    text = unescape(answer.content.decode())
    if answer.status_code in {403, 404}:
        return Verdict(answer.headers.get("X-Reason-Code", "not_found")), text
    errors = answer.context["form"].errors.as_data()
    if errors:
        first = next(iter(errors))
        assert answer.status_code == 422
        return Verdict(errors[first][0].code, first), text
    for plan in answer.context["impossible"]:
        return Verdict(plan.problem.code, "plates"), text
    shown = [plan.as_shown for plan in answer.context["possible"]]
    done = client.post("/cards/request", form | {"step": "issue", "shown": shown})
    assert done.status_code == 302
    return Verdict(DONE), ""


def asked_by_api(scene: Scene, sent: Sent) -> tuple[Verdict, str]:
    row, secret = token(scene.who, rights=scene.rights)
    caller = Program(scene.garage.portal, secret, row)
    body: dict[str, object] = {"plates": [sent.vehicle.plate.formatted]}
    body |= {name: text for name, text in sent.more.items() if name not in ADDRESS}
    if address := {name: text for name, text in sent.more.items() if name in ADDRESS}:
        body["address"] = address
    answer = caller.post(f"/policies/{(sent.garage or scene.garage).policy.number}/cards", body)
    told = answer.json()
    if answer.status_code == 201:
        return Verdict(DONE), ""
    return Verdict(told["code"], told.get("field")), told["detail"].split(": ", 1)[-1]
