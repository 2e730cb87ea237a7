"""Other terms for one vehicle get the same verdict by page, API and file: one code, one field, one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape

import pytest

from remise.core.errors import Forbidden
from remise.core.scope import enter
from remise.fleet.bulk.kinds import CHANGE
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Branch, Membership
from remise.runs.actions import confirm, send_lines
from remise.runs.models import RunRow
from tests import jobs, sessions, vehicles, world
from tests.api.program import Program, token
from tests.api.test_same_verdict import DONE, FIELDS, Verdict, generic
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

WIDER: list[dict[str, object]] = [
    *FIELDS,
    {"name": "seats", "kind": "number", "labels": {"en": "Seats"}, "required": False, "least": 1, "most": 9},
]
ALL_IN_ORDER = Verdict(DONE)


@dataclass(slots=True)
class Scene:
    garage: Garage
    other: Branch
    who: Membership
    rights: list[str]
    held: OnCover

    @property
    def today(self) -> str:
        return vehicles.today(self.garage).isoformat()


@dataclass(frozen=True, slots=True)
class Case:
    """What becomes different; `day` as typed, or so many days back."""

    change: Mapping[str, str]
    verdict: Verdict = ALL_IN_ORDER
    day: int | str = 0
    rights: tuple[str, ...] = tuple(FleetRight)


CASES = {
    "driver": Case({"driver": "Lotte Smit"}),
    "28 days back": Case({"seats": "4"}, day=28),
    "29 days back": Case({"seats": "4"}, Verdict("too_long_ago", "day"), day=29),
    "31 days ahead": Case({"seats": "4"}, day=-31),
    "32 days ahead": Case({"seats": "4"}, Verdict("too_far_ahead", "day"), day=-32),
    "no day": Case({"seats": "4"}, Verdict("required", "day"), day=""),
    "30 February": Case({"seats": "4"}, Verdict("invalid", "day"), day="2026-02-30"),
    "too many seats": Case({"seats": "12"}, Verdict("too_high", "seats")),
    "no number": Case({"seats": "vijf"}, Verdict("number", "seats")),
    "no such cover": Case({"cover": "all"}, Verdict("invalid_choice", "cover")),
    "what must be there taken away": Case({"cover": ""}, Verdict("required", "cover")),
    "what may be left open taken away": Case({"driver": ""}),
    "as it is already": Case({"cover": "wa"}, Verdict("nothing_changes")),
    "without the right": Case({"seats": "4"}, Verdict("right_missing"), rights=(FleetRight.VIEW,)),
}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    case: Case = CASES[request.param]
    garage = world.garage(fields=WIDER)
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    who = world.member(garage.organisation, rights=list(case.rights))
    held = fresh(garage)
    return Scene(garage, other, who, [str(right) for right in case.rights], held)


def fresh(garage: Garage) -> OnCover:
    return vehicles.on_cover(garage, days=28, cover="wa", driver="Wim Kuipers", seats="5")


@pytest.mark.parametrize(("scene", "name"), [(name, name) for name in CASES], indirect=["scene"])
def test_page_api_and_file_agree(scene: Scene, name: str) -> None:
    case = CASES[name]
    day = case.day if isinstance(case.day, str) else vehicles.back(scene.garage, case.day).isoformat()
    found: dict[str, tuple[Verdict, str]] = {}
    after: dict[str, object] = {}
    ways: list[Callable[[Scene, str, Mapping[str, str]], tuple[Verdict, str]]] = [by_page, by_api, by_file]
    for way in ways:
        scene.held = fresh(scene.garage)
        found[way.__name__] = way(scene, day, case.change)
        after[way.__name__] = terms(scene)
    said = {way: (verdict.code, verdict.field) for way, (verdict, _words) in found.items()}
    wanted = (case.verdict.code, case.verdict.field)
    assert said["by_page"] == said["by_api"] == wanted, said
    assert said["by_file"][0] == wanted[0], said  # a row holds the code and the sentence
    assert after["by_page"] == after["by_api"] == after["by_file"]
    sentence = found["by_api"][1]
    if sentence and case.verdict.field:
        for other in ("by_page", "by_file"):
            assert generic(sentence) in generic(found[other][1]), other


def terms(scene: Scene) -> list[object]:
    """What holds from which day."""
    versions = RegistrationVersion.objects.using(OWNER).filter(item=scene.held.item, known_to=None)
    return list(versions.order_by("starts").values_list("starts", "cover", "driver", "details"))


def by_page(scene: Scene, day: str, change: Mapping[str, str]) -> tuple[Verdict, str]:
    client = sessions.client_of(scene.who, scene.garage.portal)
    shown = {"cover": "wa", "driver": "Wim Kuipers", "seats": "5", "branch": str(scene.garage.branch.id)}
    form = shown | dict(change) | {"day": day, "step": "confirm"}
    form |= {f"shown-{name}": text for name, text in shown.items()}
    answer = client.post(f"/vehicles/{scene.held.item}/change", form)
    text = answer.content.decode()
    if answer.status_code == 302:
        return Verdict(DONE), ""
    if answer.status_code in {403, 404}:
        return Verdict(answer.headers.get("X-Reason-Code", "not_found")), text
    errors = answer.context["form"].errors.as_data()
    first = next(iter(errors))
    return Verdict(errors[first][0].code, None if first == "__all__" else first), unescape(text)


def by_api(scene: Scene, day: str, change: Mapping[str, str]) -> tuple[Verdict, str]:
    row, secret = token(scene.who, rights=scene.rights)
    caller = Program(scene.garage.portal, secret, row)
    body = {"day": day, "details": {name: text or None for name, text in change.items()}}
    answer = caller.post(f"/vehicles/{scene.held.item}/changes", body)
    told = answer.json()
    if answer.status_code == 201:
        assert told["what"] == "changed"
        return Verdict(DONE), ""
    return Verdict(told["code"], told.get("field")), told["detail"].split(": ", 1)[-1]


def by_file(scene: Scene, day: str, change: Mapping[str, str]) -> tuple[Verdict, str]:
    by = sessions.actor_of(scene.who)
    inputs = {"policy": scene.garage.policy.number}
    row = {"plate": scene.held.plate.value, "day": day} | {name: text or "-" for name, text in change.items()}
    try:
        with enter(by.scope):
            run = send_lines(by=by, kind=CHANGE.name, inputs=inputs, lines=[row])
            if run.able:
                confirm(by=by, run=run.id)
    except Forbidden as refusal:
        return Verdict(refusal.code), str(refusal.message)
    jobs.work_off()
    judged = RunRow.objects.using(OWNER).get(run=run.id)
    return Verdict(judged.code), judged.message


def test_field_that_the_policy_does_not_have_is_refused() -> None:
    garage = world.garage(fields=WIDER)
    held = fresh(garage)
    who = world.member(garage.organisation, rights=[*FleetRight])
    row, secret = token(who, rights=[str(right) for right in FleetRight])
    caller = Program(garage.portal, secret, row)
    day = vehicles.today(garage).isoformat()
    answer = caller.post(f"/vehicles/{held.item}/changes", {"day": day, "details": {"colour": "red"}})
    assert answer.json()["code"] == "unknown_field"


def test_branch_is_changed_by_program() -> None:
    garage = world.garage(fields=WIDER)
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    held = fresh(garage)
    who = world.member(garage.organisation, rights=[*FleetRight])
    row, secret = token(who, rights=[str(right) for right in FleetRight])
    caller = Program(garage.portal, secret, row)
    day = vehicles.today(garage).isoformat()
    told = caller.post(f"/vehicles/{held.item}/changes", {"day": day, "branch": other.id})
    assert (told.status_code, told.json()["branch"]) == (201, "Deventer")
    foreign = world.garage(at=garage.portal).branch.id
    assert caller.post(f"/vehicles/{held.item}/changes", {"day": day, "branch": foreign}).status_code == 404
