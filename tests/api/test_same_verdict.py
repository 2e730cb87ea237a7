"""The same input gets the same verdict by page, API, file and batch: one code, one field, one sentence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from remise.core.actor import Actor
from remise.core.errors import Forbidden, NotVisible
from remise.core.identifiers import Plate
from remise.core.scope import enter
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.rights import FleetRight
from remise.organisations.models import Branch, Membership
from remise.runs.actions import confirm, send_lines
from remise.runs.models import RunRow
from tests import jobs, sessions, vehicles, world
from tests.api.program import Program, token
from tests.world import OWNER, Garage

FIELDS: list[dict[str, object]] = [
    {
        "name": "cover",
        "kind": "choice",
        "labels": {"en": "Cover"},
        "required": True,
        "choices": [{"value": "wa", "labels": {"en": "Liability"}}],
    },
    {"name": "driver", "kind": "party", "labels": {"en": "Driver"}, "required": False},
]
DONE = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    code: str  # empty: done
    field: str | None = None


@dataclass(slots=True)
class Scene:
    """A company with two branches, and an employee who registers in the first one."""

    garage: Garage
    other: Branch
    who: Membership
    rights: list[str]

    @property
    def sent(self) -> dict[str, object]:
        return {
            "plate": vehicles.fresh_plate().formatted,
            "check_code": vehicles.CODE,
            "day": vehicles.today(self.garage).isoformat(),
            "details": {"cover": "wa"},
            "branch": self.garage.branch.id,
            "policy": self.garage.policy.number,
        }


type Changed = Callable[[Scene], dict[str, object]]


def back(days: int) -> Changed:
    return lambda scene: {"day": vehicles.back(scene.garage, days).isoformat()}


def named_since(days: int, *, from_: int) -> Changed:
    def change(scene: Scene) -> dict[str, object]:
        known = vehicles.in_register(in_name_since=vehicles.back(scene.garage, days))
        return {"plate": known.plate, **back(from_)(scene)}

    return change


def covered(scene: Scene) -> dict[str, object]:
    return {"plate": vehicles.on_cover(scene.garage, cover="wa").plate.formatted}


def foreign_branch(_scene: Scene) -> dict[str, object]:
    return {"branch": world.garage().branch.id}


def foreign_policy(_scene: Scene) -> dict[str, object]:
    return {"policy": world.garage().policy.number}


@dataclass(frozen=True, slots=True)
class Case:
    change: Changed
    verdict: Verdict
    rights: tuple[str, ...] = tuple(FleetRight)
    only_here: bool = field(default=False)  # the rights hold in the first branch only


CASES = {
    "all in order": Case(lambda _: {}, Verdict(DONE)),
    "no plate": Case(lambda _: {"plate": ""}, Verdict("required", "plate")),
    "no such plate": Case(lambda _: {"plate": "1-2-3"}, Verdict("too_short", "plate")),
    "plate of other letters": Case(lambda _: {"plate": "GT-??1-K"}, Verdict("characters", "plate")),
    "no check code": Case(lambda _: {"check_code": ""}, Verdict("required", "check_code")),
    "check code of three": Case(lambda _: {"check_code": "04A"}, Verdict("check_code", "check_code")),
    "trade plate": Case(lambda _: {"plate": f"HA{world.number() % 10_000:04d}", "check_code": ""}, Verdict(DONE)),
    "no day": Case(lambda _: {"day": ""}, Verdict("required", "day")),
    "30 February": Case(lambda _: {"day": "2026-02-30"}, Verdict("invalid", "day")),
    "28 days back": Case(back(28), Verdict(DONE)),
    "29 days back": Case(back(29), Verdict("too_long_ago", "day")),
    "31 days ahead": Case(back(-31), Verdict(DONE)),
    "32 days ahead": Case(back(-32), Verdict("too_far_ahead", "day")),
    "day of the name": Case(named_since(3, from_=3), Verdict(DONE)),
    "day before the name": Case(named_since(3, from_=4), Verdict("before_name_date", "day")),
    "covered already": Case(covered, Verdict("already_registered", "plate")),
    "no cover": Case(lambda _: {"details": {}}, Verdict("required", "cover")),
    "no such cover": Case(lambda _: {"details": {"cover": "all"}}, Verdict("invalid_choice", "cover")),
    "branch of another company": Case(foreign_branch, Verdict("not_found")),
    "branch without the right": Case(
        lambda scene: {"branch": scene.other.id}, Verdict("right_missing"), only_here=True
    ),
    "policy of another company": Case(foreign_policy, Verdict("not_found")),
    "without the right": Case(lambda _: {}, Verdict("right_missing"), rights=(FleetRight.VIEW,)),
}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    case: Case = CASES[request.param]
    garage = world.garage(fields=FIELDS)
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    third = world.branch(garage.organisation, name="Kampen", establishment_number="000000000008")
    who = world.member(garage.organisation, rights=[] if case.only_here else list(case.rights))
    for branch in (garage.branch, third) if case.only_here else ():
        for right in case.rights:
            who.held_grants.model.objects.using(OWNER).create(
                portal=who.portal,
                organisation=who.organisation,
                membership=who,
                right=right,
                branch=branch,
                by_system="insurer",
            )
    return Scene(garage, other, who, [str(right) for right in case.rights])


@pytest.mark.parametrize(("scene", "name"), [(name, name) for name in CASES], indirect=["scene"])
def test_page_api_file_and_batch_agree(scene: Scene, name: str) -> None:
    case = CASES[name]
    found = {}
    for way in (by_page, by_api, by_file, by_batch):
        sent = scene.sent | case.change(scene)
        found[way.__name__] = way(scene, sent)
    said = {way: (verdict.code, verdict.field) for way, (verdict, _words) in found.items()}
    wanted = (case.verdict.code, case.verdict.field)
    assert said["by_page"] == said["by_api"] == wanted, said
    assert said["by_file"] == said["by_batch"], said
    assert said["by_batch"][0] == wanted[0], said
    sentence = found["by_api"][1]
    if sentence and case.verdict.field:
        for other in ("by_page", "by_file", "by_batch"):
            assert generic(sentence) in generic(found[other][1]), other


@pytest.mark.parametrize("scene", ["all in order"], indirect=True)
def test_only_lines_get_the_noughts_back_that_a_spreadsheet_left_out(scene: Scene) -> None:
    """The one difference, and told beside the line: who types three digits for one vehicle missed one."""
    for way, code in ((by_page, "check_code"), (by_api, "check_code"), (by_file, DONE), (by_batch, DONE)):
        verdict, _words = way(scene, scene.sent | {"plate": vehicles.fresh_plate().value, "check_code": "041"})
        assert verdict.code == code, way


def generic(sentence: str) -> str:
    """Each way has a vehicle of its own."""
    return " ".join(word for word in sentence.split() if "-" not in word)


def by_page(scene: Scene, sent: dict[str, object]) -> tuple[Verdict, str]:
    client = sessions.client_of(scene.who, scene.garage.portal)
    details = sent["details"]
    assert isinstance(details, dict)
    form = {key: str(sent[key]) for key in ("plate", "check_code", "day", "branch")} | details
    answer = client.post("/vehicles/register", form, query_params={"policy": str(sent["policy"])})
    text = answer.content.decode()
    if answer.status_code == 302:
        return Verdict(DONE), ""
    if answer.status_code in {403, 404}:
        return Verdict(answer.headers.get("X-Reason-Code", "not_found")), text
    assert answer.status_code == 422
    errors = answer.context["form"].errors.as_data()
    first = next(iter(errors))
    from html import unescape

    return Verdict(errors[first][0].code, first), unescape(text)


def by_api(scene: Scene, sent: dict[str, object]) -> tuple[Verdict, str]:
    row, secret = token(scene.who, rights=scene.rights)
    caller = Program(scene.garage.portal, secret, row)
    body = {key: value for key, value in sent.items() if key != "policy"}
    answer = caller.post(f"/policies/{sent['policy']}/vehicles", body)
    told = answer.json()
    if answer.status_code == 201:
        return Verdict(DONE), ""
    return Verdict(told["code"], told.get("field")), told["detail"].split(": ", 1)[-1]


def by_file(scene: Scene, sent: dict[str, object]) -> tuple[Verdict, str]:
    """As the lines of a file are judged: before anything happens, and where that found nothing, when it is done."""
    by: Actor = sessions.actor_of(scene.who)
    inputs = {"policy": sent["policy"], "branch": sent["branch"]}
    try:
        with enter(by.scope):
            run = send_lines(by=by, kind=REGISTER.name, inputs=inputs, lines=[line(sent)])
            if run.able:
                confirm(by=by, run=run.id)
    except (Forbidden, NotVisible) as refusal:
        return Verdict(refusal.code), str(refusal.message)
    jobs.work_off()
    judged = RunRow.objects.using(OWNER).get(run=run.id)
    return Verdict(judged.code, judged.field or None), judged.message


def by_batch(scene: Scene, sent: dict[str, object]) -> tuple[Verdict, str]:
    row, secret = token(scene.who, rights=scene.rights)
    caller = Program(scene.garage.portal, secret, row)
    whole = {"deed": "register", "policy": sent["policy"], "branch": sent["branch"], "rows": [line(sent)]}
    answer = caller.post("/batches", whole)
    told = answer.json()
    if answer.status_code != 202:
        return Verdict(told["code"], told.get("field")), told["detail"]
    if told["counts"]["pending"]:
        caller.post(told["links"]["confirm"])
        jobs.work_off()
    (judged,) = caller.get(told["links"]["rows"]).json()["items"]
    for problem in judged["problems"]:
        return Verdict(problem["code"], problem["field"]), problem["detail"]
    return Verdict(DONE), ""


def line(sent: dict[str, object]) -> dict[str, str]:
    """What one sends as a row: the details beside the rest."""
    details = sent["details"]
    assert isinstance(details, dict)
    return {name: str(sent[name]) for name in ("plate", "check_code", "day")} | details


def test_day_is_counted_by_the_clock_of_the_portal() -> None:
    """The 28 days are counted by the portal's clock in each way: one that runs a year ahead shows it."""
    garage = world.garage(offset=timedelta(days=365), fields=FIELDS)
    plate: Plate = vehicles.fresh_plate()
    who = world.member(garage.organisation, rights=list(FleetRight))
    scene = Scene(garage, garage.branch, who, [str(right) for right in FleetRight])
    for way in (by_page, by_api, by_file, by_batch):
        assert way(scene, scene.sent | {"day": vehicles.back(garage, 28).isoformat()})[0] == Verdict(DONE), way
        assert way(scene, scene.sent | {"plate": plate.value, **back(29)(scene)})[0].code == "too_long_ago"
