"""A file of vehicles: looked through before anything happens, mended in place, done once, and told line by line."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.core.models import Event
from remise.core.scope import enter
from remise.documents.models import Document
from remise.fleet.bulk import forms
from remise.fleet.bulk.kinds import KINDS, REGISTER
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Grant, Party
from remise.policies.models import ProductVersion
from remise.policies.rules import TradePlates
from remise.runs import checking, documents, places, selectors
from remise.runs.actions import sending
from remise.runs.files import read_file
from remise.runs.models import Run, RunRow
from remise.runs.rules import ROWS
from remise.runs.tasks import forget
from remise.runs.views import mending
from tests import jobs, sessions, vehicles, world
from tests.api.program import program
from tests.fleet.scene import HEAD, Scene
from tests.world import OWNER


def test_nothing_happens_before_somebody_says_so(scene: Scene) -> None:
    answer = scene.paste(HEAD, scene.line(), scene.line(code="12A"), scene.line(cover="moon"))
    assert answer["Location"] == reverse("runs:detail", args=[scene.run.id])
    assert (scene.run.state, scene.run.rows, scene.run.wrong) == ("checked", 3, 2)
    assert [(verdict, field) for verdict, _code, field in scene.rows()] == [
        ("pending", ""),
        ("wrong", "check_code"),
        ("wrong", "cover"),
    ]
    jobs.work_off()
    assert scene.covered() == set()


def test_branch_that_no_line_says_is_asked_once_and_not_on_each_line(scene: Scene) -> None:
    north = world.branch(scene.garage.organisation, name="Noord", establishment_number="000037178598")
    lines = [scene.line(), scene.line()]
    answer = scene.paste(HEAD, *lines)
    assert answer.status_code == 422
    assert "No line says its branch: choose it here." in answer.content.decode()
    assert not Run.objects.using(OWNER).filter(organisation=scene.garage.organisation.id).exists()
    scene.paste(HEAD, *lines, branch=north.id)
    assert scene.run.wrong == 0
    scene.paste(f"{HEAD};Branch", f"{scene.line()};Noord", scene.line())
    assert (scene.run.rows, scene.run.wrong) == (2, 1)  # one line says it: the other is mended by itself


def test_page_says_what_was_not_done_and_what_to_do_about_it(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(), scene.line(code="12A"), ";0413")
    assert "1 of 3 can be done" in scene.client.get(reverse("runs:list")).content.decode()
    scene.confirm()
    jobs.work_off()
    page = scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.decode()
    assert "2 lines were not done" in page
    assert "All lines (XLSX)" in page
    assert "no plate" in page


def test_file_that_was_thrown_away_says_that_nothing_was_done(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(), scene.line(code="12A"))
    scene.client.post(reverse("runs:cancel", args=[scene.run.id]))
    answer = scene.client.get(reverse("runs:detail", args=[scene.run.id]))
    assert "Thrown away: nothing was done." in answer.content.decode()
    assert (answer.context["waiting"], answer.context["run"].wrong) == (1, 1)  # a filter for each: all are found
    wrong = scene.client.get(reverse("runs:detail", args=[scene.run.id]), {"show": "wrong"})
    assert [line.row.position for line in wrong.context["page"].rows] == [2]


def test_what_can_be_done_is_done_and_the_rest_comes_back_with_its_reason(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(lessee="Bakkerij Bos"), scene.line(code="12A", lessee="Jansen"))
    scene.confirm()
    jobs.work_off()
    run = scene.run
    assert (run.state, run.accepted, run.refused) == ("done", 1, 1)
    assert len(scene.covered()) == 1
    answer = scene.client.post(reverse("fleet:several_results", args=[run.id, "csv"]))
    lines = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [bool(line["Receipt"]) for line in lines] == [True, False]
    assert [line["Takes effect"] for line in lines] == [scene.today, ""]
    assert (lines[1]["Lessee"], lines[1]["State"]) == ("Jansen", "Refused")
    # Mended and sent in again as it is, with our own columns in it.
    mended = answer.content.decode("utf-8-sig").replace(";12A;", ";0413;")
    scene.send(mended.encode())
    jobs.work_off()
    assert (scene.run.id > run.id, scene.run.not_read, scene.run.wrong) == (
        True,
        [],
        1,
    )  # the first is covered by now
    scene.confirm()
    jobs.work_off()
    assert len(scene.covered()) == 2


def test_sent_or_confirmed_twice_is_done_once(scene: Scene) -> None:
    lines = [HEAD, scene.line(), scene.line()]
    scene.paste(*lines)
    scene.confirm()
    scene.confirm()
    jobs.work_off()
    again = scene.paste(*lines)
    assert again["Location"].endswith("?again")
    jobs.work_off()
    assert Run.objects.using(OWNER).filter(organisation=scene.garage.organisation.id).count() == 1
    assert RegistrationVersion.objects.using(OWNER).filter(policy=scene.garage.policy.id).count() == 2


def test_line_is_mended_in_its_place(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(), scene.line(code="12A"))
    plate = vehicles.fresh_plate()
    answer = scene.mend(2, plate=plate.value, check_code="9876", cover="casco", day=scene.today)
    assert answer.status_code == 302
    assert (scene.run.wrong, scene.rows()[1]) == (0, ("pending", "", ""))
    scene.confirm()
    jobs.work_off()
    assert plate.value in scene.covered()
    assert scene.mend(2, plate=plate.value).status_code == 302  # begun: refused in words
    assert scene.rows()[1][0] == "accepted"


def test_mending_one_cell_leaves_the_choice_as_it_was_typed(scene: Scene) -> None:
    """By another name or in capitals, or as no choice at all: what the page sends back is what was said."""
    scene.paste(HEAD, scene.line(code="12A", cover="wA"), scene.line(code="12A", cover="moon"))
    page = scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.decode()
    assert re.findall(r"<option([^>]*) selected>([^<]+)", page) == [(' value="wa"', "WA"), ("", "moon")]


def alike(scene: Scene, text: str, *, first: int = 0) -> str:
    """What stands first among what many lines have wrong, answered once for all of these; what the page says then."""
    position = first or of_many(scene)[0].first
    address = reverse("runs:alike", args=[scene.run.id, position])
    return str(scene.client.post(address, {"text": text}, follow=True).content.decode())


def of_many(scene: Scene) -> list[selectors.Alike]:
    with enter(sessions.actor_of(scene.clerk).scope):
        return selectors.alike(scene.run, REGISTER.columns(sessions.actor_of(scene.clerk), scene.run.inputs))


def counted(scene: Scene) -> list[tuple[int, str]]:
    return [(one.lines, one.cell.text) for one in of_many(scene)]


def test_what_many_lines_have_wrong_is_mended_once(scene: Scene) -> None:
    moons = [scene.line(cover="moon") for _ in range(3)]
    scene.paste(
        HEAD, *moons, scene.line(cover="mars"), scene.line(cover="sun"), scene.line(cover="sun"), scene.line()
    )
    assert counted(scene) == [(3, "moon"), (2, "sun")]
    page = scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.decode()
    assert "Put it on these 3 lines" in page
    assert "3 lines were looked at anew; 3 can be done now." in alike(scene, "Casco")
    # Pressed twice: nothing of that is left, and nobody is told that it was done again.
    assert "These lines were mended already." in alike(scene, "Casco", first=1)
    assert counted(scene) == [(2, "sun")]
    assert [row[0] for row in scene.rows()] == ["pending"] * 3 + ["wrong"] * 3 + ["pending"]
    assert (scene.run.wrong, scene.run.able) == (3, 4)
    # Still wrong: told, and nothing is lost.
    assert "2 lines were looked at anew; 0 can be done now." in alike(scene, "venus")
    assert counted(scene) == [(2, "venus")]
    told = Event.objects.using(OWNER).filter(kind="run.line_mended", subject=scene.run.id).order_by("id")
    assert [one.said for one in told] == [{"lines": lines, "columns": ["cover"]} for lines in (3, 2)]
    scene.confirm()
    jobs.work_off()
    covers = RegistrationVersion.objects.using(OWNER).filter(organisation=scene.garage.organisation.id)
    assert list(covers.order_by("cover").values_list("cover", flat=True)) == ["casco"] * 3 + ["wa"]


def test_only_lines_with_the_same_answer_are_mended_together(scene: Scene) -> None:
    """The same day on all, and two reasons why it cannot be."""
    asked = vehicles.back(scene.garage, 20).isoformat()
    lines = [
        scene.line(vehicles.in_register(in_name_since=vehicles.back(scene.garage, days)).plate, day=asked)
        for days in (5, 5, 5, 9, 9)
    ]
    scene.paste(HEAD, *lines)
    assert [one.lines for one in of_many(scene)] == [3, 2]
    assert "3 lines were looked at anew; 3 can be done now." in alike(scene, scene.today)
    stand = RunRow.objects.using(OWNER).filter(run=scene.run.id).order_by("position")
    assert [row.data["day"] for row in stand] == [scene.today] * 3 + [asked] * 2


def test_nothing_is_put_on_many_lines_without_being_chosen(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(cover="moon"), scene.line(cover="moon"))
    for nothing in ("", " ", "\0"):
        assert "Choose or fill in what is to stand on these lines." in alike(scene, nothing)
    assert counted(scene) == [(2, "moon")]


def test_more_lines_than_one_waits_for_are_mended_in_turns(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sending, mending):
        monkeypatch.setattr(module, "WHILE_ONE_WAITS", 2)
    scene.paste(HEAD, *(scene.line(cover="moon") for _ in range(3)))
    page = scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.decode()
    assert "Put it on the first 2 lines" in page
    assert "2 lines were looked at anew; 2 can be done now. 1 more line has the same." in alike(scene, "Casco")
    assert [row[0] for row in scene.rows()] == ["pending", "pending", "wrong"]


def test_what_is_of_one_vehicle_alone_is_not_put_on_many(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(code=""), scene.line(code=""))
    assert [field for _verdict, _code, field in scene.rows()] == ["check_code", "check_code"]
    assert of_many(scene) == []
    address = reverse("runs:alike", args=[scene.run.id, 1])
    assert scene.client.post(address, {"text": "0413"}).status_code == 404
    assert scene.run.wrong == 2


def test_lines_that_were_begun_are_not_mended_together(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(cover="moon"), scene.line(cover="moon"), scene.line())
    ((_lines, _text),) = counted(scene)
    first = of_many(scene)[0].first
    scene.confirm()
    assert "This was begun already" in alike(scene, "Casco", first=first)
    jobs.work_off()
    assert len(scene.covered()) == 1


def test_line_that_only_the_desk_can_allow_leads_to_where_it_is_asked(scene: Scene) -> None:
    """Filled in as the line says it, and read as the file was: its address names nothing of it."""
    north = world.branch(scene.garage.organisation, name="Noord", establishment_number="000037178598")
    late = vehicles.back(scene.garage, 29).isoformat()
    plate = vehicles.fresh_plate()
    line = scene.line(plate.formatted, code="413", day=late, cover="Casco", lessee="Bakkerij Bos")
    scene.paste(f"{HEAD};Branch", f"{line};Noord")
    page = scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.decode()
    (address,) = re.findall(r'href="([^"]*/vehicles/register[^"]*line=[^"]*)"', page)
    assert parse_qs(urlsplit(address.replace("&amp;", "&")).query).keys() == {"policy", "run", "line"}
    form = scene.client.get(address.replace("&amp;", "&")).context["form"]
    shown = {name: form[name].value() for name in ("plate", "check_code", "day", "branch", "cover", "lessee")}
    assert shown == {
        "plate": plate.formatted,
        "check_code": "0413",
        "day": vehicles.back(scene.garage, 29),
        "branch": north.id,
        "cover": "casco",
        "lessee": "Bakkerij Bos",
    }


def test_line_of_another_s_file_is_not_there(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(cover="moon"))
    asked: dict[str, str | int] = {"policy": scene.garage.policy.number, "run": scene.run.id, "line": 1}
    other = Scene()
    assert other.client.get(reverse("fleet:register"), asked).status_code == 404
    own: dict[str, str | int] = {"policy": other.garage.policy.number}
    assert other.client.get(reverse("fleet:register"), asked | own).status_code == 404
    assert scene.client.get(reverse("fleet:register"), asked | {"line": 9}).status_code == 404
    assert scene.client.get(reverse("fleet:register"), asked | {"line": "x"}).status_code == 200


@pytest.mark.parametrize(("typed", "read"), [("413", "0413"), ("7", "0007")])
def test_noughts_that_a_spreadsheet_left_out_are_put_back_and_told(scene: Scene, typed: str, read: str) -> None:
    line = scene.line(code=typed)
    scene.paste(HEAD, line)
    assert scene.rows() == [("pending", "look_again", "")]
    told = RunRow.objects.using(OWNER).get(run=scene.run.id).message
    assert f"read as {read}" in told
    scene.confirm()
    jobs.work_off()
    held = RegistrationVersion.objects.using(OWNER).get(organisation=scene.garage.organisation.id)
    assert held.check_code == read
    # Also where something else is wrong.
    scene.paste(HEAD, scene.line(code=typed, cover="moon"))
    ((verdict, _code, field),) = scene.rows()
    assert (verdict, field) == ("wrong", "cover")


def test_line_left_out_is_not_done(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(), scene.line())
    scene.leave(1)
    scene.confirm()
    jobs.work_off()
    assert (scene.run.accepted, scene.run.refused) == (1, 1)
    assert scene.rows()[0][:2] == ("refused", "left_out")


def test_who_mended_and_left_out_lines_is_told_without_what_stood_there(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(code="12A"), scene.line(cover="moon"))
    scene.mend(1, check_code=vehicles.CODE)
    scene.leave(2)
    told = Event.objects.using(OWNER).filter(subject_kind="run", subject=scene.run.id, kind__startswith="run.line_")
    assert list(told.order_by("id").values_list("kind", "after")) == [
        ("run.line_mended", {"line": 1, "columns": ["check_code"]}),
        ("run.line_left_out", {"line": 2}),
    ]


def test_plate_that_stands_there_twice_counts_once(scene: Scene) -> None:
    first = scene.line("GB-001-B")
    scene.paste(HEAD, first, scene.line("gb001b"), scene.line("GB001B"))
    assert [code for _verdict, code, _field in scene.rows()] == ["", "twice", "twice"]
    scene.leave(1)
    assert [code for _verdict, code, _field in scene.rows()] == ["left_out", "", "twice"]
    scene.mend(2, plate="GB-002-B", check_code="0413", cover="wa", day=scene.today)
    assert [code for _verdict, code, _field in scene.rows()] == ["left_out", "", ""]
    assert scene.run.wrong == 0


def test_all_or_none(scene: Scene) -> None:
    kept, taken = vehicles.fresh_plate(), vehicles.fresh_plate()
    scene.paste(HEAD, scene.line(kept.value), scene.line(taken.value), scene.line(code="12A"))
    assert scene.confirm(whole="1").status_code == 422  # one is not right yet
    scene.leave(3)
    vehicles.on_cover(scene.garage, taken, cover="wa")  # somebody was faster
    scene.confirm(whole="1")
    jobs.work_off()
    run = scene.run
    assert (run.state, run.accepted, run.wrong) == ("checked", 0, 1)
    assert scene.rows()[1][:2] == ("wrong", "already_registered")
    assert kept.value not in scene.covered()
    scene.leave(2)
    scene.confirm(whole="1")
    jobs.work_off()
    assert (scene.run.state, scene.run.accepted) == ("done", 1)
    assert kept.value in scene.covered()


def test_file_that_nobody_confirmed_is_not_begun_by_going_on_with_it(scene: Scene) -> None:
    scene.paste(HEAD, scene.line(), scene.line(code="12A"))
    assert scene.client.post(reverse("runs:resume", args=[scene.run.id])).status_code == 302
    jobs.work_off()
    assert (scene.run.state, scene.run.confirmed_at) == ("checked", None)
    assert scene.covered() == set()


def test_file_with_nothing_left_to_do_is_done(scene: Scene) -> None:
    scene.paste(HEAD, scene.line())
    scene.confirm()
    RunRow.objects.using(OWNER).filter(run=scene.run).update(verdict="refused")
    jobs.work_off()
    assert (scene.run.state, scene.covered()) == ("done", set())


def test_file_is_looked_through_by_a_job_in_parts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PART", 2)
    plates = [vehicles.fresh_plate().formatted for _ in range(5)]
    text = "\r\n".join([HEAD, *(scene.line(plate) for plate in plates)])
    scene.send(text.encode("cp1252"))
    assert scene.run.state == "checking"
    jobs.work_off()
    assert (scene.run.state, scene.run.rows, scene.run.source) == ("checked", 5, "")
    assert [row.key for row in RunRow.objects.using(OWNER).filter(run=scene.run).order_by("position")] == [
        plate.replace("-", "") for plate in plates
    ]


@pytest.mark.parametrize("kept", [0, 2])
def test_file_of_who_may_not_any_more_is_thrown_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """Before it was looked at, and in the midst of it."""
    scene.send("\n".join([HEAD, *(scene.line() for _ in range(5))]).encode())
    place, add = scene.run.source, checking.add

    def taken_away() -> None:
        Grant.objects.using(OWNER).filter(membership=scene.clerk).delete()

    def add_and_lose(*asked: Any) -> None:
        add(*asked)
        taken_away()

    monkeypatch.setattr(checking, "PART", 2)
    monkeypatch.setattr(checking, "add", add_and_lose)
    if not kept:
        taken_away()
    jobs.work_off()
    assert (scene.run.state, scene.run.rows, scene.run.source) == ("cancelled", kept, "")
    assert scene.run.message == "You do not have the right for this yet."
    assert not default_storage.exists(place)


def test_workbook_is_read_and_its_columns_may_stand_in_any_order(scene: Scene) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Lessee", "Bestuurder", "Colour", "Kenteken", "cover", "meldcode"])
    page.append(["Bakkerij Bos", "", "red", vehicles.fresh_plate().value, "Casco", "0413"])
    file = BytesIO()
    book.save(file)
    scene.send(file.getvalue(), "cars.xlsx", day=scene.today)
    jobs.work_off()
    assert (scene.run.state, scene.run.wrong, scene.run.not_read) == ("checked", 0, ["Bestuurder", "Colour"])
    assert scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.count(b"Colour") == 1


def test_pasted_columns_that_nobody_reads_are_told(scene: Scene) -> None:
    scene.paste(f"{HEAD};Colour", f"{scene.line()};red")
    assert (scene.run.wrong, scene.run.not_read) == (0, ["Colour"])
    assert scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.count(b"Colour") == 1


def test_line_for_another_branch_is_not_done_in_the_only_one(scene: Scene) -> None:
    """Without names above them the columns stand as they did: the branch is the last."""
    scene.paste(f"{HEAD};branch", f"{scene.line()};Kampen", f"{scene.line()};zwolle", scene.line())
    assert scene.rows() == [("wrong", "branch", "branch"), ("pending", "", ""), ("pending", "", "")]
    scene.paste(scene.line(lessee="Bakkerij Bos"))
    assert RunRow.objects.using(OWNER).get(run=scene.run).data["lessee"] == "Bakkerij Bos"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04 nonsense", "cars.xlsx", "cannot be read"),
        (b"\xd0\xcf\x11\xe0", "cars.xls", "old or locked"),
        (b"Meldcode;Datum\n0413;2026-01-31\n", "cars.csv", "missing: Plate"),
        (b'Kenteken;Datum\n"GB-001-B;2026\n', "cars.csv", "quotation marks"),
    ],
)
def test_file_that_is_none_says_why(scene: Scene, content: bytes, name: str, said: str) -> None:
    scene.send(content, name)
    jobs.work_off()
    assert scene.run.state == "failed"
    assert said in scene.run.message
    page = scene.client.get(reverse("runs:detail", args=[scene.run.id])).content.decode()
    assert f'href="/vehicles/several/register?policy={scene.garage.policy.number}"' in page


def test_why_a_file_is_none_is_said_in_the_language_of_who_sent_it(scene: Scene) -> None:
    scene.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"
    scene.send(b"Meldcode;Datum\n0413;2026-01-31\n")
    jobs.work_off()
    assert scene.run.message == "Deze kolommen ontbreken: Kenteken."


def test_page_that_follows_a_file_is_loaded_anew_once_it_was_looked_through(scene: Scene) -> None:
    scene.send(b"Kenteken;Meldcode;Datum;Dekking;Lessee\n" + scene.line(lessee="Bakkerij Bos").encode())
    page = reverse("runs:detail", args=[scene.run.id])
    assert f'hx-get="{page}?state=checking"' in scene.client.get(page).content.decode()
    jobs.work_off()
    part = scene.client.get(f"{page}?state=checking", headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    assert "<html" not in part.content.decode()


def test_empty_and_too_large_are_told_beside_the_field(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(scene.paste("").context["form"].errors) == ["lines"]
    monkeypatch.setattr(sending, "MOST_BYTES", 10)
    assert list(scene.send(b"Kenteken\nGB-001-B\n").context["form"].errors) == ["file"]
    both = scene.client.post(
        reverse("fleet:several", args=["register"]),
        {"lines": "GB-001-B", "file": SimpleUploadedFile("a.csv", b"Kenteken\n")},
    )
    assert list(both.context["form"].errors) == ["file"]


def test_no_more_is_pasted_than_a_program_sends(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_ROWS", 3)
    lines = [scene.line() for _ in range(4)]
    assert scene.paste(HEAD, *lines[:3], "").status_code == 302
    answer = scene.paste(HEAD, *lines)
    assert answer.context["form"].errors["lines"] == ["This is too much to paste. Send it as a file."]
    assert scene.run.rows == 3
    assert scene.send("\n".join([HEAD, *lines]).encode()).status_code == 302


def test_each_is_deregistered_on_its_own_day(scene: Scene) -> None:
    held = [vehicles.on_cover(scene.garage, days=20, cover="wa") for _ in range(2)]
    first, second = (vehicles.back(scene.garage, days).strftime("%d-%m-%Y") for days in (3, 5))
    scene.paste(
        "kenteken\tdatum",
        f"{held[0].plate.formatted}\t{first}",
        f"{held[1].plate.formatted}\t{second}",
        "GB-999-B\t",
        deed="deregister",
    )
    assert [code for _verdict, code, _field in scene.rows()] == ["", "", "required"]
    scene.confirm()
    jobs.work_off()
    known = RegistrationVersion.objects.using(OWNER).filter(item__in=[one.item for one in held], known_to=None)
    assert list(known.order_by("item").values_list("ends", flat=True)) == [
        vehicles.back(scene.garage, 2),
        vehicles.back(scene.garage, 4),
    ]


def test_plates_alone_are_enough_where_one_day_holds_for_all(scene: Scene) -> None:
    held = [vehicles.on_cover(scene.garage, days=20, cover="wa") for _ in range(2)]
    scene.paste(*(one.plate.formatted for one in held), deed="deregister", day=scene.today)
    assert [code for _verdict, code, _field in scene.rows()] == ["", ""]


def test_terms_are_changed_from_a_file(scene: Scene) -> None:
    held = vehicles.on_cover(scene.garage, days=20, cover="wa", lessee="Bakkerij Bos")
    scene.paste("kenteken;datum;lessee;cover", f"{held.plate.value};{scene.today};-;", deed="change")
    scene.confirm()
    jobs.work_off()
    now = RegistrationVersion.objects.using(OWNER).filter(item=held.item, known_to=None).latest("starts")
    assert (now.lessee, now.cover) == (None, "wa")


def test_file_of_another_is_not_there(scene: Scene) -> None:
    scene.paste(HEAD, scene.line())
    stranger = world.garage(at=scene.garage.portal)
    other = sessions.client_of(world.member(stranger.organisation, rights=list(FleetRight)), stranger.portal)
    for name, arguments in (
        ("runs:detail", [scene.run.id]),
        ("runs:confirm", [scene.run.id]),
        ("runs:line", [scene.run.id, 1]),
        ("fleet:several_results", [scene.run.id, "csv"]),
    ):
        address = reverse(name, args=arguments)
        assert (other.get(address) if name == "runs:detail" else other.post(address)).status_code == 404
    reader = world.member(scene.garage.organisation, rights=[FleetRight.VIEW])
    seen = sessions.client_of(reader, scene.garage.portal)
    assert seen.post(reverse("runs:confirm", args=[scene.run.id])).status_code == 403
    jobs.work_off()
    assert scene.covered() == set()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("deed", ["register", "deregister", "change"])
def test_template_comes_in_again(scene: Scene, deed: str, suffix: str, tmp_path: Path) -> None:
    answer = scene.client.get(reverse("fleet:several_template", args=[deed, suffix]))
    assert answer.status_code == 200
    path = tmp_path / f"template.{suffix}"
    path.write_bytes(answer.content)
    by = scene.garage.actor(*FleetRight)
    with enter(by.scope):
        columns = KINDS[deed].columns(by, {"policy": scene.garage.policy.number})
        sheet = read_file(path, columns)
    assert (list(sheet), sheet.not_read) == ([], ())


def test_one_at_a_time_holds_for_page_and_program_alike(scene: Scene) -> None:
    """Row 121: the limit stays as a setting of the product."""
    version = ProductVersion.objects.using(OWNER).get(product=scene.garage.policy.product_id)
    version.pk, version.starts, version.most_in_file = None, vehicles.today(scene.garage), 1
    version.save(using=OWNER)
    answer = scene.paste(HEAD, scene.line(), scene.line())
    assert answer.context["form"].errors["lines"] == ["This policy takes one vehicle at a time."]
    rows = [{"plate": vehicles.fresh_plate().value} for _ in range(2)]
    sent = {"deed": "register", "policy": scene.garage.policy.number, "rows": rows}
    refused = program(scene.garage).post("/batches", sent).json()
    assert (refused["code"], refused["detail"]) == ("too_many_rows", "This policy takes one vehicle at a time.")
    assert scene.paste(HEAD, scene.line()).status_code == 302


def test_file_that_could_not_be_read_is_let_go_in_time(scene: Scene) -> None:
    """What was sent in may hold names: it stays no longer than a file that nobody went on with."""
    scene.send(b'Kenteken;Lessee\n"GB-001-B;Jansen\n')
    jobs.work_off()
    place = scene.run.source
    assert (scene.run.state, default_storage.exists(place)) == ("failed", True)
    Run.objects.using(OWNER).filter(id=scene.run.id).update(stepped_at=timezone.now() - timedelta(days=31))
    forget.run(portal=scene.garage.portal.id)
    assert not default_storage.exists(place)
    assert (scene.run.state, scene.run.source, scene.run.source_name) == ("cancelled", "", "")


@pytest.mark.parametrize("cancelled", [False, True])
def test_file_that_was_looked_through_is_never_there_without_its_run(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    scene.send(f"{HEAD}\n{scene.line()}\n".encode())
    place = scene.run.source

    def killed(_place: str) -> None:
        raise SystemExit

    def go_on() -> None:
        if cancelled:
            scene.client.post(reverse("runs:cancel", args=[scene.run.id]))
        else:
            jobs.work_off()

    monkeypatch.setattr(places, "remove", killed)
    with pytest.raises(SystemExit):
        go_on()
    assert (scene.run.state, scene.run.source) == ("cancelled" if cancelled else "checked", place)
    monkeypatch.undo()
    if not cancelled:
        scene.client.post(reverse("runs:confirm", args=[scene.run.id]))
        jobs.work_off()
        assert scene.run.state == "done"
    Run.objects.using(OWNER).filter(id=scene.run.id).update(ended_at=clock.now(scene.garage.actor()) - timedelta(40))
    forget.run(portal=scene.garage.portal.id)
    assert (scene.run.source, default_storage.exists(place)) == ("", False)


def test_file_of_a_run_that_could_not_begin_is_gone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise BrokenRule("not now", code="not_now")

    monkeypatch.setattr(sending, "next_step", fail)
    scene.send(f"{HEAD}\n{scene.line()}\n".encode())
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_nobody_s_name_is_sealed_or_outlives_the_lines(scene: Scene) -> None:
    """In the name of a file, in a name that two share, and in the wrong column."""
    for reference in ("K-1", "K-2"):
        Party.objects.using(OWNER).create(
            portal=scene.garage.portal.id,
            organisation=scene.garage.organisation.id,
            name="Nergenshuizen",
            reference=reference,
            made_at=timezone.now(),
        )
    lines = [HEAD, scene.line(), scene.line(lessee="Nergenshuizen"), scene.line(plate="Nergenshuizen")]
    scene.send("\n".join(lines).encode(), "auto van Nergenshuizen.csv")
    jobs.work_off()
    scene.confirm()
    jobs.work_off()
    run = scene.run
    refused = RunRow.objects.using(OWNER).filter(run=run, verdict="refused")
    assert (run.state, [row.code for row in refused.order_by("position")]) == ("done", ["name_shared", "too_long"])
    assert all("Nergenshuizen" in row.message for row in refused)
    assert scene.client.get(reverse("runs:summary", args=[run.id])).status_code == 302
    sealed = Document.objects.using(OWNER).get(organisation=scene.garage.organisation.id, kind=documents.SUMMARY)
    assert [row[-1] for row in sealed.snapshot["body"]["rows"]][1:] == ["What was typed is not right."] * 2
    assert "nergenshuizen" not in str(sealed.snapshot).lower()
    Run.objects.using(OWNER).filter(id=run.id).update(ended_at=timezone.now() - ROWS.usual - timedelta(minutes=1))
    forget.run(portal=scene.garage.portal.id)
    assert list(refused.values_list("data", "message")) == [({}, "")] * 2


def test_file_that_is_thrown_away_is_gone(scene: Scene) -> None:
    scene.send(f"{HEAD}\n{scene.line()}\n".encode())
    place = scene.run.source
    scene.client.post(reverse("runs:cancel", args=[scene.run.id]))
    assert (scene.run.state, scene.run.source, default_storage.exists(place)) == ("cancelled", "", False)
    jobs.work_off()
    assert scene.rows() == []


def test_file_of_trade_plates_needs_no_check_code() -> None:
    garage = world.garage(trade_plates=TradePlates.ONLY)
    client = sessions.client_of(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)
    page = client.get(reverse("fleet:several", args=["register"])).content.decode()
    assert "HA-01-23" in page
    assert "GB-001-B" not in page
    number = world.number() % 10_000
    line = f"HA-{number // 100:02d}-{number % 100:02d};{vehicles.today(garage)}"
    client.post(reverse("fleet:several", args=["register"]), {"lines": f"Kenteken;Datum\n{line}"})
    (row,) = RunRow.objects.using(OWNER).filter(organisation=garage.organisation.id)
    assert (row.verdict, row.message) == ("pending", "")
