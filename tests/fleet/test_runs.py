"""The fleet's long work: a row judged as the page judges it, and a list of one moment however long it takes."""

import csv
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from remise.core.actor import Actor
from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet import exports
from remise.fleet.actions import correct_entry, deregister_vehicles
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import StockQuery, stock
from remise.organisations.models import Membership, Party
from remise.runs import rows as run_rows
from remise.runs.actions import confirm, send_lines
from remise.runs.models import Run, RunRow
from tests import jobs, sessions, vehicles, world
from tests.runs.test_exports import during_part
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

FIELDS: list[dict[str, object]] = [
    {"name": "driver", "kind": "party", "labels": {"en": "Driver"}, "required": False},
    {
        "name": "cover",
        "kind": "choice",
        "labels": {"en": "Cover"},
        "required": True,
        "choices": [{"value": "casco", "labels": {"en": "Casco"}}, {"value": "liability", "labels": {"en": "WA"}}],
    },
]


@dataclass(frozen=True, slots=True)
class Desk:
    """A garage whose product asks for a driver and a cover, and somebody who may do everything there."""

    garage: Garage
    clerk: Membership
    client: Client

    @property
    def by(self) -> Actor:
        return self.garage.actor(*FleetRight)


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def desk() -> Iterator[Desk]:
    jobs.forget()
    yield _desk()
    jobs.forget()


def _desk(offset: timedelta = timedelta(0)) -> Desk:
    garage = world.garage(offset=offset, fields=FIELDS)
    clerk = world.member(garage.organisation, rights=list(FleetRight))
    return Desk(garage, clerk, sessions.client_of(clerk, garage.portal))


# --- registering, row by row


def good(desk: Desk, **other: Any) -> dict[str, Any]:
    row = {"plate": vehicles.fresh_plate().formatted, "check_code": "0413", "day": _today(desk), "cover": "casco"}
    return row | other


def _today(desk: Desk) -> str:
    return vehicles.today(desk.garage).isoformat()


def send(desk: Desk, *rows: dict[str, Any], **inputs: Any) -> Run:
    """As a file brings them, and confirmed."""
    by = sessions.actor_of(desk.clerk)
    asked = {"policy": desk.garage.policy.number, "branch": desk.garage.branch.id} | inputs
    with enter(by.scope):
        run = send_lines(by=by, kind=REGISTER.name, inputs=asked, lines=rows)
        if run.able:
            confirm(by=by, run=run.id)
    jobs.work_off()
    return Run.objects.using(OWNER).get(pk=run.pk)


def verdicts(run: Run) -> list[tuple[str, str]]:
    found = RunRow.objects.using(OWNER).filter(run=run).order_by("position")
    return [(row.code, row.message) for row in found]


MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no plate": ({"plate": None}, "required", "Plate: Fill in the plate."),
    "no plate at all": ({"plate": ""}, "required", "Plate: Fill in the plate."),
    "plate of no shape": ({"plate": "NONSENSE-1"}, "", "Plate: "),
    "wrong check code": ({"check_code": "12A"}, "", "Check code: "),
    "no check code": ({"check_code": ""}, "required", "Check code: Fill in the check code"),
    "day of no calendar": ({"day": "2026-02-30"}, "invalid", "Insured from: Enter a valid date."),
    "day in words": ({"day": "tomorrow"}, "invalid", "Insured from: Enter a valid date."),
    "day of a spreadsheet": ({"day": 46331}, "invalid", "Insured from: Enter a valid date."),
    "no day": ({"day": None}, "required", "Insured from: Choose a day."),
    "name too long": ({"driver": "x" * 161}, "max_length", "Driver: "),
    "no cover": ({"cover": ""}, "required", "Cover: "),
    "cover that is none": ({"cover": "moon"}, "invalid_choice", "Cover: "),
    "too long ago": ({"day": "2020-01-01"}, "too_long_ago", ""),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_row_and_page_give_the_same_verdict(desk: Desk, mistake: str) -> None:
    wrong, code, words = MISTAKES[mistake]
    row = good(desk) | wrong
    run = send(desk, row, good(desk))
    assert (run.state, run.accepted, run.refused) == ("done", 1, 1)
    found = verdicts(run)[0]
    assert found[0] == code or (not code and found[0] not in {"fault", "", "required"})
    assert found[1].startswith(words)
    answer = desk.client.post(reverse("fleet:register"), {name: "" if v is None else v for name, v in row.items()})
    assert answer.status_code == 422
    errors = [text for texts in answer.context["form"].errors.values() for text in texts]
    assert found[1].endswith(errors[0])


def test_row_without_a_key_is_refused_with_all_that_is_missing(desk: Desk) -> None:
    run = send(desk, {})
    words = verdicts(run)[0][1]
    assert [name in words for name in ("Plate: ", "Check code: ", "Insured from: ", "Cover: ")] == [True] * 4
    assert verdicts(run)[0][0] == "required"


def test_users_mistakes_never_stop_the_run(desk: Desk) -> None:
    wrong: list[dict[str, Any]] = [{"day": "nonsense"}, {}, {"plate": 7}, {"details": 3}, {"driver": "x" * 200}] * 3
    run = send(desk, *wrong, good(desk))
    assert len(wrong) > run_rows.FAULTS
    assert (run.state, run.accepted, run.refused) == ("done", 1, len(wrong))
    assert "fault" not in {code for code, _words in verdicts(run)}


def test_trade_plate_needs_no_check_code(desk: Desk) -> None:
    run = send(desk, good(desk, plate="HA-12-34", check_code=None))
    assert verdicts(run)[0][0] == ""


def test_field_that_the_product_does_not_have_is_refused(desk: Desk) -> None:
    run = send(desk, good(desk, colour="red"))
    assert verdicts(run)[0] == ("unknown_field", "This policy does not ask for: colour.")


def test_name_of_an_accepted_row_stays_in_its_own_place_only(desk: Desk) -> None:
    run = send(desk, good(desk, driver="J. de Vries"), good(desk, driver="A. Smit", cover="moon"))
    assert Party.objects.using(OWNER).filter(organisation=desk.garage.organisation.id).count() == 1
    kept = [row.data for row in RunRow.objects.using(OWNER).filter(run=run).order_by("position")]
    assert kept[0] == {}
    assert kept[1]["driver"] == "A. Smit"


# --- the stock as a file


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(exports, "PART", 2)


def ask(desk: Desk, **query: str) -> Run:
    """The button of the list."""
    answer = desk.client.post(reverse("fleet:export"), {"format": "csv"}, query_params=query)
    run = Run.objects.using(OWNER).filter(organisation=desk.garage.organisation.id).latest("id")
    assert answer["Location"].split("?")[0] == reverse("runs:detail", args=[run.id])
    return run


def listed(desk: Desk, known_at: datetime | None, day: date | None = None) -> list[tuple[str, str]]:
    """What the page shows: plate, and the last day insured."""
    by = desk.by
    query = StockQuery(day=day or vehicles.today(desk.garage), known_at=known_at)
    with enter(by.scope):
        found = stock(by, desk.garage.policy, query).order_by("plate")
        return [(row.plate, str(row.ends - timedelta(1)) if row.ends else "") for row in found]


def file_of(run: Run) -> list[tuple[str, str]]:
    run = Run.objects.using(OWNER).get(pk=run.pk)
    assert (run.state, run.message) == ("done", "")
    with default_storage.open(run.result) as file:
        rows = list(csv.reader(StringIO(file.read().decode("utf-8-sig")), delimiter=";"))
    assert (run.accepted, run.rows) == (len(rows) - 1, len(rows) - 1)
    return [(row[0].replace("-", ""), row[5]) for row in rows[1:]]


def change_everything(desk: Desk, held: list[OnCover]) -> None:
    """One off, one undone, one on: behind and before the part that is written."""
    with enter(desk.by.scope):
        for off in (held[0], held[-1]):
            deregister_vehicles(
                by=desk.by, policy=desk.garage.policy, items=[off.item], day=vehicles.today(desk.garage)
            )
        correct_entry(by=desk.by, policy=desk.garage.policy, entry=held[-2].entry)
    vehicles.on_cover(desk.garage, days=1, cover="casco")


@pytest.mark.usefixtures("small_parts", "media")
@pytest.mark.parametrize("offset", [timedelta(0), timedelta(days=400)], ids=["real time", "time machine"])
@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_large_export_is_of_the_moment_it_was_asked_for(offset: timedelta, part: int) -> None:
    """Whatever changes between two parts: file, total and list of that moment are one."""
    jobs.forget()
    desk = _desk(offset)
    held = [vehicles.on_cover(desk.garage, days=2, cover="casco") for _ in range(6)]
    held.sort(key=lambda one: one.plate.value)
    run = ask(desk)
    with during_part(part, lambda: change_everything(desk, held)):
        jobs.work_off()
    wanted = listed(desk, run.began_at)
    assert [plate for plate, _ends in wanted] == [one.plate.value for one in held]
    assert file_of(run) == wanted
    assert listed(desk, None) != wanted


@pytest.mark.usefixtures("small_parts", "media")
def test_export_as_known_before_shows_what_was_known_then(desk: Desk) -> None:
    held = [vehicles.on_cover(desk.garage, days=2, cover="casco") for _ in range(3)]
    at = RegistrationVersion.objects.using(OWNER).filter(item=held[1].item).get().known_from
    run = ask(desk, known=at.isoformat())
    jobs.work_off()
    assert [plate for plate, _ends in file_of(run)] == sorted(one.plate.value for one in held[:2])


@pytest.mark.usefixtures("small_parts", "media")
def test_export_holds_the_part_of_the_list_that_was_asked_for(desk: Desk) -> None:
    held = [vehicles.on_cover(desk.garage, days=2, cover="casco") for _ in range(4)]
    change_everything(desk, held)
    leaving = ask(desk, only="leaving")
    jobs.work_off()
    assert [plate for plate, _ends in file_of(leaving)] == sorted(one.plate.value for one in (held[0], held[-1]))


@pytest.mark.usefixtures("small_parts", "media")
def test_export_as_known_in_the_future_is_of_its_own_moment(desk: Desk) -> None:
    held = [vehicles.on_cover(desk.garage, days=2, cover="casco") for _ in range(4)]
    run = ask(desk, known="2099-01-01T00:00")
    with during_part(2, lambda: change_everything(desk, held)):
        jobs.work_off()
    assert file_of(run) == listed(desk, run.began_at)


@pytest.mark.usefixtures("small_parts", "media")
def test_change_under_way_when_it_began_is_waited_for(desk: Desk) -> None:
    """Its moment is before the export's, and it is committed after the export wants to begin."""
    vehicles.on_cover(desk.garage, days=2, cover="casco")
    vehicles.on_cover(desk.garage, days=2, cover="casco")
    done, commit = threading.Event(), threading.Event()

    def register_slowly() -> None:
        with _registering(desk):
            done.set()
            assert commit.wait(10)
        connections.close_all()

    slow = threading.Thread(target=register_slowly)
    slow.start()
    assert done.wait(10)
    run = ask(desk)
    made = threading.Thread(target=_then_close(jobs.work_off))
    made.start()
    made.join(0.5)
    assert Run.objects.using(OWNER).get(pk=run.pk).state == "waiting"
    commit.set()
    slow.join()
    made.join()
    assert len(file_of(run)) == 3
    assert file_of(run) == listed(desk, run.began_at)


def _registering(desk: Desk) -> Any:
    """In a transaction that the caller ends."""
    from contextlib import contextmanager

    from remise.core.identifiers import CheckCode
    from remise.fleet.actions import register_vehicle

    @contextmanager
    def open_transaction() -> Iterator[None]:
        with enter(desk.by.scope):
            register_vehicle(
                by=desk.by,
                policy=desk.garage.policy,
                plate=vehicles.fresh_plate(),
                check_code=CheckCode("0413"),
                starts=vehicles.today(desk.garage),
                branch=desk.garage.branch.id,
                details={"cover": "casco"},
            )
            yield

    return open_transaction()


def _then_close(call: Callable[[], object]) -> Callable[[], None]:
    def do() -> None:
        try:
            call()
        finally:
            connections.close_all()

    return do


@pytest.mark.usefixtures("small_parts")
def test_same_asked_twice_is_one_run_and_the_page_says_so(desk: Desk) -> None:
    vehicles.on_cover(desk.garage, cover="casco")
    vehicles.on_cover(desk.garage, cover="casco")
    first = ask(desk)
    answer = desk.client.post(reverse("fleet:export"), {"format": "csv"})
    assert answer["Location"] == reverse("runs:detail", args=[first.id]) + "?again"
    assert "You asked for this before" in desk.client.get(answer["Location"]).content.decode()
    assert ask(desk).id == first.id
    assert len(events(desk)) == 1


@pytest.mark.usefixtures("small_parts")
def test_looking_begins_no_run(desk: Desk) -> None:
    """An address can be fetched by a browser that guesses, or by another site's page."""
    vehicles.on_cover(desk.garage, cover="casco")
    vehicles.on_cover(desk.garage, cover="casco")
    answer = desk.client.get(reverse("fleet:export"), {"format": "csv", "sort": "plate"})
    assert answer["Location"] == reverse("fleet:stock") + "?format=csv&sort=plate"
    shown = desk.client.get(reverse("fleet:stock")).content.decode()
    assert "The list has become too long to download at once." in shown
    assert not Run.objects.using(OWNER).filter(organisation=desk.garage.organisation.id).exists()
    assert events(desk) == []


def test_menu_of_a_small_list_links_and_of_a_large_one_sends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    vehicles.on_cover(desk.garage, cover="casco")
    vehicles.on_cover(desk.garage, cover="casco")
    address = reverse("fleet:export")
    small = desk.client.get(reverse("fleet:stock"), {"sort": "plate"}).content.decode()
    assert f'href="{address}?sort=plate&amp;format=csv"' in small
    assert 'form="export"' not in small
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    large = desk.client.get(reverse("fleet:stock"), {"sort": "plate"}).content.decode()
    assert f'<form id="export" method="post" action="{address}?sort=plate">' in large
    assert large.count('form="export" name="format"') == 2
    assert f'href="{address}' not in large


def test_each_download_is_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    vehicles.on_cover(desk.garage, cover="casco")
    vehicles.on_cover(desk.garage, cover="casco")
    assert desk.client.get(reverse("fleet:export"), {"format": "csv"}).status_code == 200
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    run = ask(desk)
    day = _today(desk)
    assert [(event.account, event.after) for event in events(desk)] == [
        (desk.clerk.account_id, {"format": "csv", "day": day, "vehicles": 2}),
        (desk.clerk.account_id, {"format": "csv", "day": day, "run": run.id}),
    ]


def events(desk: Desk) -> list[Event]:
    found = Event.objects.using(OWNER).filter(organisation=desk.garage.organisation.id, kind="vehicles.exported")
    return list(found.order_by("id"))
