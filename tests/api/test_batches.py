"""Many vehicles at once by a program: looked through before anything happens, mended, confirmed, done once and told
row by row, by the same actions as on the pages."""

import csv
import json
import re
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from remise.core.models import Entry, Event
from remise.fleet.bulk import described
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import ApiToken
from remise.policies.models import ProductVersion
from remise.runs import documents, results
from remise.runs.models import Run
from tests import jobs, sessions, vehicles, world
from tests.api.program import Program, program
from tests.fleet.test_together import FIELDS
from tests.races import at_once
from tests.world import OWNER, Garage

ROOT = Path(__file__).parents[2]


class Scene:
    """A lessor and its program."""

    def __init__(self) -> None:
        self.garage: Garage = world.garage(fields=FIELDS)
        self.caller: Program = program(self.garage)

    def row(self, **cells: object) -> dict[str, object]:
        today = vehicles.today(self.garage).isoformat()
        plate = vehicles.fresh_plate().formatted
        return {"plate": plate, "check_code": "0413", "day": today, "cover": "wa"} | cells

    def send(self, *rows: dict[str, object], caller: Program | None = None, **more: Any) -> Any:
        sent = {"deed": "register", "policy": self.garage.policy.number, "rows": rows} | more
        return (caller or self.caller).post("/batches", sent)

    def begun(self, *rows: dict[str, object], **more: Any) -> int:
        answer = self.send(*rows, **more)
        assert answer.status_code == 202, answer.json()
        number: int = answer.json()["id"]
        return number

    def shown(self, batch: int) -> dict[str, Any]:
        found: dict[str, Any] = self.caller.get(f"/batches/{batch}").json()
        return found

    def rows(self, batch: int, **asked: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.caller.get(f"/batches/{batch}/rows", **asked).json()["items"]
        return found

    def mend(self, batch: int, position: int, **sent: object) -> Any:
        return self.caller.patch(f"/batches/{batch}/rows/{position}", sent)

    def confirm(self, batch: int) -> Any:
        return self.caller.post(f"/batches/{batch}/confirm")

    def covered(self) -> set[str]:
        held = RegistrationVersion.objects.using(OWNER).filter(policy=self.garage.policy.id, known_to=None)
        return set(held.values_list("plate", flat=True))


@pytest.fixture
def scene(media: Path, nothing_waits: None) -> Scene:
    return Scene()


def test_nothing_happens_before_it_is_confirmed(scene: Scene) -> None:
    answer = scene.send(scene.row(), scene.row(check_code="12A"))
    told = answer.json()
    path = f"/api/v1/batches/{told['id']}"
    assert (answer.status_code, answer["Location"]) == (202, path)
    assert (told["deed"], told["policy"], told["state"]) == ("register", scene.garage.policy.number, "checked")
    assert told["counts"] == {"wrong": 1, "pending": 1, "accepted": 0, "refused": 0}
    assert told["most_rows"] == described.MOST_ROWS
    assert told["links"] == {
        "rows": f"{path}/rows",
        "confirm": f"{path}/confirm",
        "pause": None,
        "resume": None,
        "cancel": f"{path}/cancel",
        "result": None,
        "summary": None,
    }
    assert scene.caller.get(path).json() == told
    jobs.work_off()
    assert scene.covered() == set()


def test_all_or_none_is_not_begun_by_going_on_with_it(scene: Scene) -> None:
    batch = scene.begun(scene.row(), scene.row(check_code="12A"), whole=True)
    assert scene.confirm(batch).json()["code"] == "not_all_right"
    refused = scene.caller.post(f"/runs/{batch}/resume")
    assert (refused.status_code, refused.json()["code"]) == (422, "illegal_move")
    jobs.work_off()
    assert (scene.shown(batch)["state"], scene.shown(batch)["confirmed_at"]) == ("checked", None)
    assert scene.covered() == set()


def test_row_tells_what_would_be_done(scene: Scene) -> None:
    """What it leaves to the batch is filled in."""
    row = scene.row(cover="WA", lessee="Bakkerij Bos")
    day = row.pop("day")
    number = scene.begun(row, day=day)
    (told,) = scene.rows(number)
    plate = str(row["plate"])
    assert (told["verdict"], told["problems"], told["receipt"]) == ("pending", [], None)
    assert told["cells"] == row
    assert told["will"] == {
        "plate": plate.replace("-", ""),
        "plate_formatted": plate,
        "starts": day,
        "ends": None,
        "branch": scene.garage.branch.id,
        "check_code": "0413",
        "details": {"cover": "wa", "lessee": "Bakkerij Bos"},
    }


def test_refused_row_says_which_rule_and_who_can_lift_it(scene: Scene) -> None:
    late = vehicles.back(scene.garage, 29).isoformat()
    number = scene.begun(scene.row(), scene.row(day=late), scene.row(check_code="12A"))
    first, second = scene.rows(number, verdict="wrong")
    assert (first["position"], second["position"]) == (2, 3)
    (problem,) = first["problems"]
    assert (problem["code"], problem["field"], problem["missing"]) == ("too_long_ago", "day", None)
    single = scene.caller.post(
        f"/policies/{scene.garage.policy.number}/vehicles",
        {name: first["cells"][name] for name in ("plate", "check_code", "day")} | {"details": {"cover": "wa"}},
    ).json()
    assert problem["remedy"] == single["remedy"]
    assert problem["detail"] == single["detail"]
    assert second["problems"][0]["remedy"] is None
    assert second["will"] is None


def test_row_in_a_branch_without_the_right_says_who_can_grant_it(scene: Scene) -> None:
    other = world.branch(scene.garage.organisation, name="Deventer", establishment_number="000000000019")
    held = vehicles.on_cover(scene.garage, cover="wa")
    narrow = program(scene.garage, branches=[other.id])
    today = vehicles.today(scene.garage).isoformat()
    answer = scene.send({"plate": held.plate.value}, caller=narrow, deed="deregister", day=today)
    (row,) = narrow.get(answer.json()["links"]["rows"]).json()["items"]
    (problem,) = row["problems"]
    branch = {"id": scene.garage.branch.id, "name": scene.garage.branch.name}
    assert problem["code"] == "right_missing"
    assert problem["missing"]["right"] == FleetRight.DEREGISTER
    assert problem["missing"]["branch"] == branch
    assert problem["granters"]


def test_row_is_mended_and_looked_at_anew(scene: Scene) -> None:
    number = scene.begun(scene.row(), scene.row(check_code="12A", lessee="Jansen"))
    still = scene.mend(number, 2, cells={"check_code": "1A"}).json()
    assert (still["verdict"], still["problems"][0]["field"]) == ("wrong", "check_code")
    answer = scene.mend(number, 2, cells={"Meldcode": "9876", "lessee": None})
    told = answer.json()
    assert (answer.status_code, told["verdict"], told["problems"]) == (200, "pending", [])
    assert (told["will"]["check_code"], told["will"]["details"]) == ("9876", {"cover": "wa"})
    assert scene.shown(number)["counts"] == {"wrong": 0, "pending": 2, "accepted": 0, "refused": 0}


def test_row_is_left_out(scene: Scene) -> None:
    number = scene.begun(scene.row(), scene.row(check_code="12A"))
    both = scene.mend(number, 2, cells={"check_code": "9876"}, leave_out=True)
    assert (both.status_code, both.json()["code"]) == (422, "mended_and_left_out")
    told = scene.mend(number, 2, leave_out=True).json()
    assert (told["verdict"], told["problems"][0]["code"]) == ("refused", "left_out")
    assert scene.mend(number, 2, cells={"check_code": "9876"}).status_code == 404
    assert scene.mend(number, 3, leave_out=True).status_code == 404


def test_confirmed_it_is_done_and_each_row_leads_to_its_receipt(scene: Scene) -> None:
    good = scene.row()
    number = scene.begun(good, scene.row(check_code="12A"))
    answer = scene.confirm(number)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert answer.json()["confirmed_at"]
    jobs.work_off()
    told = scene.shown(number)
    assert (told["state"], told["counts"]["accepted"], told["counts"]["refused"]) == ("done", 1, 1)
    first, second = scene.rows(number)
    assert (first["verdict"], first["cells"], first["will"]) == ("accepted", {}, None)
    receipt = scene.caller.get(first["receipt"]["path"]).json()
    assert (receipt["receipt"], receipt["plate_formatted"]) == (first["receipt"]["receipt"], good["plate"])
    assert (second["verdict"], second["receipt"], second["cells"]["check_code"]) == ("refused", None, "12A")
    assert scene.rows(number, verdict="refused") == [second]
    assert (told["links"]["confirm"], told["links"]["cancel"]) == (None, None)
    late = scene.mend(number, 2, cells={"check_code": "9876"})
    assert (late.status_code, late.json()["code"]) == (422, "illegal_move")


def test_result_and_summary_are_those_of_the_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    number = scene.begun(scene.row(), scene.row(check_code="12A"))
    assert scene.caller.get(f"/batches/{number}/result").status_code == 404
    assert scene.caller.get(f"/batches/{number}/summary").status_code == 404
    scene.confirm(number)
    jobs.work_off()
    links = scene.shown(number)["links"]
    answer = scene.caller.get(links["result"])
    clerk = world.member(scene.garage.organisation, rights=list(FleetRight))
    page = sessions.client_of(clerk, scene.garage.portal)
    page.cookies["language"] = "en"
    same = page.post(f"/vehicles/several/results/{number}.csv", headers={"Accept-Language": "en"})
    assert answer.content == same.content
    lines = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [bool(line["Receipt"]) for line in lines] == [True, False]
    book = openpyxl.load_workbook(BytesIO(scene.caller.get(links["result"], format="xlsx").content))
    assert book.active is not None
    assert book.active.max_row == 3
    assert scene.caller.get(links["result"], format="pdf").status_code == 422
    monkeypatch.setattr(results, "AT_ONCE", 1)
    monkeypatch.setattr("remise.fleet.bulk.results.AT_ONCE", 1)
    assert scene.caller.get(links["result"]).json()["code"] == "too_many_rows"
    sealed = scene.caller.get(links["summary"])
    assert (sealed.status_code, sealed["Content-Type"], sealed.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_long_summary_is_drawn_first(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "AT_ONCE", 0)
    number = scene.begun(scene.row())
    scene.confirm(number)
    jobs.work_off()
    path = f"/batches/{number}/summary"
    waits = scene.caller.get(path)
    assert (waits.status_code, waits["Retry-After"], waits.json()["id"]) == (202, "2", number)
    jobs.work_off()
    assert scene.caller.get(path)["Content-Type"] == "application/pdf"


def test_all_or_none(scene: Scene) -> None:
    kept, taken = vehicles.fresh_plate(), vehicles.fresh_plate()
    rows = [scene.row(plate=kept.value), scene.row(plate=taken.value), scene.row(check_code="12A")]
    number = scene.begun(*rows, whole=True)
    assert scene.shown(number)["whole"] is True
    refused = scene.confirm(number)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_all_right")
    scene.mend(number, 3, leave_out=True)
    vehicles.on_cover(scene.garage, taken, cover="wa")  # somebody was faster
    scene.confirm(number)
    jobs.work_off()
    told = scene.shown(number)
    assert (told["state"], told["counts"]["accepted"], told["counts"]["wrong"]) == ("checked", 0, 1)
    assert told["message"].startswith("Nothing was done")
    (row,) = scene.rows(number, verdict="wrong")
    assert row["problems"][0]["code"] == "already_registered"
    assert kept.value not in scene.covered()
    scene.mend(number, 2, leave_out=True)
    scene.confirm(number)
    jobs.work_off()
    assert scene.shown(number)["state"] == "done"
    assert kept.value in scene.covered()


def test_each_is_deregistered_on_its_own_day(scene: Scene) -> None:
    held = [vehicles.on_cover(scene.garage, days=20, cover="wa") for _ in range(2)]
    days = [vehicles.back(scene.garage, back) for back in (3, 5)]
    rows: list[dict[str, object]] = [
        {"kenteken": held[0].plate.formatted, "datum": days[0].strftime("%d-%m-%Y")},
        {"plate": held[1].plate.value},
    ]
    number = scene.begun(*rows, deed="deregister", day=days[1].isoformat())
    will = [row["will"]["ends"] for row in scene.rows(number)]
    assert will == [(day + timedelta(days=1)).isoformat() for day in days]
    scene.confirm(number)
    jobs.work_off()
    known = RegistrationVersion.objects.using(OWNER).filter(policy=scene.garage.policy.id, known_to=None)
    assert [day.isoformat() for day in known.order_by("item").values_list("ends", flat=True) if day] == will


def test_terms_are_changed(scene: Scene) -> None:
    held = vehicles.on_cover(scene.garage, days=20, cover="wa", lessee="Bakkerij Bos")
    row: dict[str, object] = {"plate": held.plate.value, "lessee": "-", "cover": None}
    number = scene.begun(row, deed="change", day=vehicles.today(scene.garage).isoformat())
    assert scene.rows(number)[0]["will"]["details"] == {"lessee": "-"}
    scene.confirm(number)
    jobs.work_off()
    now = RegistrationVersion.objects.using(OWNER).filter(item=held.item, known_to=None).latest("starts")
    assert (now.lessee, now.cover) == (None, "wa")


def test_branch_for_all_is_asked_of_who_registers_only(scene: Scene) -> None:
    answer = scene.send({"plate": "GB-001-B"}, deed="deregister", branch=scene.garage.branch.id)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "branch_not_asked", "branch")


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"colour": "red"}, "unknown_column", "rows.1.colour"),
        ({"kenteken": "GB-001-B"}, "column_twice", "rows.1.kenteken"),
        ({"": "x"}, "unknown_column", "rows.1."),
        ({"x" * 300: ""}, "unknown_column", "rows.1." + "x" * 60),
    ],
)
def test_cell_that_no_column_has_is_refused(scene: Scene, cells: dict[str, object], code: str, field: str) -> None:
    """Left unread, less would be done than was asked for."""
    answer = scene.send(scene.row(), scene.row() | cells)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert not Run.objects.using(OWNER).filter(organisation=scene.garage.organisation.id).exists()
    number = scene.begun(scene.row())
    assert scene.mend(number, 1, cells={"colour": "red"}).json()["field"] == "cells.colour"


def test_hostile_cells_harm_nothing(scene: Scene) -> None:
    """No fault, no mistake of ours: a verdict, and a result that no spreadsheet reads as a formula."""
    hostile: list[dict[str, object]] = [
        scene.row(lessee='=HYPERLINK("http://evil.example","x")'),
        scene.row(lessee="\u202eJansen\u0007\r\n"),
        scene.row(lessee="x" * 10_000),
        scene.row(plate=7, check_code=False, day=10**30, cover=True),
        scene.row(plate="'; drop table runs_run; --"),
        scene.row(plate="../../etc/passwd", day="\u0661\u0662-03-2026"),
        {},
    ]
    number = scene.begun(*hostile)
    rows = scene.rows(number)
    assert [row["verdict"] for row in rows] == ["pending", "pending", "wrong", "wrong", "wrong", "wrong", "wrong"]
    assert "fault" not in {problem["code"] for row in rows for problem in row["problems"]}
    mended = scene.mend(number, 3, cells={"lessee": "Jan\tsen"})
    assert mended.json()["cells"]["lessee"] == "Jan sen"
    scene.confirm(number)
    jobs.work_off()
    told = scene.shown(number)
    assert (told["state"], told["counts"]["accepted"], told["counts"]["refused"]) == ("done", 3, 4)
    written = scene.caller.get(told["links"]["result"]).content.decode("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "@")) for line in written.splitlines() for cell in line.split(";"))


def test_null_character_and_nested_cells_are_no_rows(scene: Scene) -> None:
    assert scene.send(scene.row(lessee="\0")).status_code == 400
    for cell in ({"a": 1}, [1], 1.5):
        answer = scene.send(scene.row(lessee=cell))
        assert (answer.status_code, answer.json()["code"]) == (422, "shape")
    many = scene.send({f"column {number}": "" for number in range(201)})
    assert (many.status_code, many.json()["mistakes"][0]["code"]) == (422, "too_long")


def test_limit_of_rows_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    row: dict[str, object] = {"plate": "GB-001-B"}
    for count, code in ((0, "too_short"), (described.MOST_ROWS + 1, "too_long")):
        answer = scene.send(*[row] * count)
        (mistake,) = answer.json()["mistakes"]
        assert (answer.status_code, mistake["field"], mistake["code"]) == (422, "body.sent.rows", code)
    assert "5000" in mistake["detail"]
    version = ProductVersion.objects.using(OWNER).get(product=scene.garage.policy.product_id)
    version.pk, version.starts, version.most_in_file = None, vehicles.today(scene.garage), 1
    version.save(using=OWNER)
    answer = scene.send(scene.row(), scene.row())
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, "too_many_rows", "rows")
    assert told["detail"] == "This policy takes one vehicle at a time."
    assert scene.send(scene.row()).json()["most_rows"] == 1


def test_more_than_is_read_at_once_is_told(scene: Scene) -> None:
    answer = scene.send(scene.row(lessee="x" * 3_000_000))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (413, "too_large")
    assert "2,621,440" in told["detail"]


def test_plate_that_stands_there_twice_counts_once(scene: Scene) -> None:
    number = scene.begun(*(scene.row(plate=plate) for plate in ("GB-001-B", "gb001b")))
    assert [row["problems"][0]["code"] if row["problems"] else "" for row in scene.rows(number)] == ["", "twice"]
    scene.mend(number, 1, leave_out=True)
    assert scene.rows(number, verdict="wrong") == []


def test_same_sent_twice_is_one_batch(scene: Scene) -> None:
    rows = [scene.row(), scene.row()]
    sent = {"deed": "register", "policy": scene.garage.policy.number, "rows": rows}
    first, again = (scene.caller.post("/batches", sent, key="once") for _ in range(2))
    assert (again.content, again["Idempotency-Replayed"], again["Location"]) == (
        first.content,
        "true",
        first["Location"],
    )
    other = scene.caller.post("/batches", sent, key="other")
    assert (other.json()["id"], other.json()["sent_before"]) == (first.json()["id"], True)
    whole = scene.caller.post("/batches", sent | {"whole": True})
    assert whole.json()["id"] != first.json()["id"]
    elsewhere = program(scene.garage).post("/batches", sent)
    assert elsewhere.json()["id"] != first.json()["id"]  # of another key


def test_same_sent_at_once_is_one_batch(scene: Scene) -> None:
    sent = {"deed": "register", "policy": scene.garage.policy.number, "rows": [scene.row(), scene.row()]}
    answers = at_once(*[lambda: scene.caller.post("/batches", sent)] * 6)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_confirmed_at_once_is_done_once(scene: Scene) -> None:
    number = scene.begun(scene.row(), scene.row())
    answers = at_once(*[lambda: scene.confirm(number)] * 6)
    assert {answer.status_code for answer in answers} == {202}
    jobs.work_off()
    assert Entry.objects.using(OWNER).filter(organisation=scene.garage.organisation.id).count() == 2
    confirmed = Event.objects.using(OWNER).filter(organisation=scene.garage.organisation.id, kind="run.confirmed")
    assert confirmed.count() == 1
    assert scene.confirm(number).json()["state"] == "done"


def test_paused_resumed_and_cancelled(scene: Scene) -> None:
    number = scene.begun(scene.row())
    scene.confirm(number)
    links = scene.shown(number)["links"]
    assert scene.caller.post(links["pause"]).json()["state"] == "paused"
    assert scene.caller.post(scene.shown(number)["links"]["resume"]).json()["state"] == "waiting"
    told = scene.caller.post(links["cancel"]).json()
    assert (told["state"], told["links"]["cancel"], told["links"]["resume"]) == ("cancelled", None, None)
    refused = scene.caller.post(links["cancel"])
    assert (refused.status_code, refused.json()["code"]) == (422, "illegal_move")
    jobs.work_off()
    assert scene.covered() == set()


def test_nothing_that_can_be_done_is_not_confirmed(scene: Scene) -> None:
    number = scene.begun(scene.row(check_code="12A"))
    answer = scene.confirm(number)
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_able")
    assert scene.shown(number)["state"] == "checked"


def test_batch_does_what_its_key_may_and_no_more(scene: Scene) -> None:
    other = world.branch(scene.garage.organisation, name="Deventer", establishment_number="000000000019")
    narrow = program(scene.garage, branches=[other.id])
    refused = scene.send(scene.row(), caller=narrow, branch=scene.garage.branch.id)
    assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    number = scene.send(scene.row(), caller=narrow).json()["id"]
    narrow.post(f"/batches/{number}/confirm")
    jobs.work_off()
    held = RegistrationVersion.objects.using(OWNER).filter(organisation=scene.garage.organisation.id)
    assert set(held.values_list("branch", flat=True)) == {other.id}
    made = Event.objects.using(OWNER).filter(organisation=scene.garage.organisation.id, kind="vehicle.registered")
    assert set(made.values_list("token", flat=True)) == {narrow.token and narrow.token.id}


def test_batch_ends_with_its_key(scene: Scene) -> None:
    number = scene.begun(scene.row(), scene.row())
    scene.confirm(number)
    assert scene.caller.token
    ApiToken.objects.using(OWNER).filter(id=scene.caller.token.id).update(revoked_at=timezone.now())
    jobs.work_off()
    told = program(scene.garage).get(f"/batches/{number}").json()
    assert (told["counts"]["accepted"], told["counts"]["refused"]) == (0, 2)
    assert scene.covered() == set()


def test_right_for_one_deed_opens_no_other(scene: Scene) -> None:
    number = scene.begun(scene.row())
    only = program(scene.garage, held=[FleetRight.VIEW, FleetRight.DEREGISTER])
    for answer in (
        scene.send(scene.row(), caller=only),
        only.get(f"/batches/{number}"),
        only.get(f"/batches/{number}/rows"),
        only.patch(f"/batches/{number}/rows/1", {"leave_out": True}),
        only.post(f"/batches/{number}/confirm"),
        only.post(f"/batches/{number}/cancel"),
    ):
        told = answer.json()
        assert (answer.status_code, told["missing"]["right"]) == (403, FleetRight.REGISTER)
    assert scene.send({"plate": "GB-001-B"}, caller=only, deed="deregister").status_code == 202


def test_what_is_no_batch_is_not_there(scene: Scene) -> None:
    vehicles.on_cover(scene.garage, cover="wa")
    clerk = world.member(scene.garage.organisation, rights=list(FleetRight))
    done = scene.begun(scene.row())
    scene.confirm(done)
    jobs.work_off()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("remise.fleet.bulk.results.AT_ONCE", 0)
        page = sessions.client_of(clerk, scene.garage.portal)
        page.post(f"/vehicles/several/results/{done}.csv")
    export = Run.objects.using(OWNER).filter(organisation=scene.garage.organisation.id, kind="fleet.results").get()
    assert scene.caller.get(f"/runs/{export.id}").status_code == 200
    assert scene.caller.get(f"/batches/{export.id}").status_code == 404
    assert scene.caller.post(f"/batches/{export.id}/cancel").status_code == 404


def test_what_was_sent_on_a_page_is_followed_by_a_program_and_the_other_way(scene: Scene) -> None:
    clerk = world.member(scene.garage.organisation, rights=list(FleetRight))
    page = sessions.client_of(clerk, scene.garage.portal)
    lines = "\n".join(["plate;check_code;day;cover", *(";".join(map(str, scene.row().values())) for _ in range(2))])
    answer = page.post("/vehicles/several/register", {"lines": lines})
    number = int(answer["Location"].rpartition("/")[2])
    assert scene.confirm(number).status_code == 202
    jobs.work_off()
    assert scene.shown(number)["counts"]["accepted"] == 2
    sent = scene.begun(scene.row(), scene.row(), whole=True)
    shown = page.get(f"/runs/{sent}").content.decode()
    assert 'name="whole" value="1" checked' in shown
    page.post(f"/runs/{sent}/confirm", {"whole": "1"})
    jobs.work_off()
    assert scene.shown(sent)["state"] == "done"


@pytest.mark.usefixtures("scene")
def test_worked_example_of_the_documentation_works() -> None:
    garage = world.garage()
    caller = program(garage)
    told = (ROOT / "docs/api.md").read_text().partition("## Many at once")[2].partition("\n## ")[0]
    begin, *mendings = (json.loads(body) for body in re.findall(r"-d '(\{.*?\})'", told, re.S))
    sent = begin | {"policy": garage.policy.number, "day": vehicles.today(garage).isoformat()}
    batch = caller.post("/batches", sent).json()
    rows = caller.get(batch["links"]["rows"]).json()["items"]
    assert [row["verdict"] for row in rows] == ["pending", "wrong", "wrong"], rows[0]["problems"]
    for position, mending in enumerate(mendings, start=2):
        assert caller.patch(f"{batch['links']['rows']}/{position}", mending).status_code == 200
    assert caller.post(batch["links"]["confirm"]).status_code == 202
    jobs.work_off()
    done = caller.get(f"/batches/{batch['id']}").json()
    assert (done["state"], done["counts"]["accepted"], done["counts"]["refused"]) == ("done", 2, 1)


def test_events_of_a_batch_are_followed(scene: Scene) -> None:
    after = scene.caller.get("/events").json()["after"]
    number = scene.begun(scene.row(), scene.row(check_code="12A"))
    scene.confirm(number)
    jobs.work_off()
    told = [one for one in scene.caller.get("/events", after=after).json()["events"] if "run" in one["data"]]
    assert [(one["kind"], one["data"]["run"]) for one in told] == [
        ("run.begun", number),
        ("run.confirmed", number),
        ("run.done", number),
    ]
    assert (told[0]["data"]["rows"], told[2]["data"]["accepted"], told[2]["data"]["refused"]) == (2, 1, 1)
