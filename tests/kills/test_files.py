"""The worker killed again and again while it takes in a file of ten thousand vehicles: looked through whole, each of
them registered once with one receipt, told to the state register once, and one summary of all."""

import io
import itertools
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Count
from django.test import override_settings

from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.documents.models import Document
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.notices.models import Notice, RegisterSettings
from remise.runs.actions import confirm, send_file
from remise.runs.documents import draw_up_summary
from remise.runs.models import Run, RunRow
from tests import jobs, sessions, vehicles, world
from tests.notices.telling import telling
from tests.world import OWNER

pytestmark = pytest.mark.full

ROWS, KILLS, WHILE_CHECKED = 10_000, 20, 5
PATIENCE = 240.0


def plate_of(number: int) -> str:
    return f"K{'BDFGHJKLNP'[number // 1_000]}{number % 1_000:03d}R"


def now(run: Run) -> Run:
    return Run.objects.using(OWNER).get(pk=run.pk)


def how_far(run: Run) -> tuple[int, int, int]:
    at = now(run)
    return at.rows, at.judged, Notice.objects.using(OWNER).filter(portal=run.portal).count()


def kill(run: Run, media: Path, chance: random.Random, *, once_further: bool) -> None:
    """A worker of its own: soon after it took up a job, or soon after it got further."""
    started, far = jobs.last_started(), how_far(run)
    with jobs.worker(MEDIA_ROOT=str(media)) as worker:
        jobs.eventually(lambda: jobs.last_started() > started)
        if once_further:
            jobs.eventually(lambda: how_far(run) > far)
        time.sleep(chance.uniform(0, 0.1))
        worker.kill()


def all_is_followed() -> bool:
    """By what subscribes to what happened."""
    return (
        not any(jobs.waiting(name) for name in ("core.deliver", "core.deliver_all"))
        and "doing" not in jobs.statuses()
    )


def test_file_of_ten_thousand_is_done_once_after_twenty_kills(tmp_path: Path) -> None:
    jobs.forget()
    of = telling(RegisterSettings.Way.FILE)
    garage, chance = of.garage, random.Random(20)
    by = sessions.actor_of(world.member(garage.organisation, rights=list(FleetRight)))
    plates = {plate_of(number) for number in range(ROWS)}
    lines = ["plate;check_code;day", *(f"{plate};0413;{vehicles.today(garage)}" for plate in sorted(plates))]
    sent = "\n".join(lines).encode()
    with override_settings(MEDIA_ROOT=str(tmp_path)), enter(by.scope):
        inputs = {"policy": garage.policy.number, "day": None, "branch": garage.branch.id}
        run = send_file(
            by=by, kind=REGISTER.name, inputs=inputs, file=io.BytesIO(sent), name="all.csv", size=len(sent)
        )
    moments = itertools.cycle([False, False, True])
    for _kill in range(WHILE_CHECKED):
        kill(run, tmp_path, chance, once_further=next(moments))
    with jobs.worker(MEDIA_ROOT=str(tmp_path)):
        jobs.eventually(lambda: now(run).state != Run.State.CHECKING, seconds=PATIENCE)
    assert now(run).state == Run.State.CHECKED, now(run).message
    with enter(by.scope):
        confirm(by=by, run=run.id)
        confirm(by=by, run=run.id)  # pressed twice
    for _kill in range(KILLS - WHILE_CHECKED):
        kill(run, tmp_path, chance, once_further=next(moments))
    with jobs.worker(MEDIA_ROOT=str(tmp_path)):
        jobs.eventually(lambda: now(run).has_ended and all_is_followed(), seconds=PATIENCE)

    ended = now(run)
    assert (ended.state, ended.rows, ended.accepted, ended.refused) == (Run.State.DONE, ROWS, ROWS, 0)
    rows = RunRow.objects.using(OWNER).filter(run_id=run.id)
    assert set(rows.values_list("key", "verdict")) == {(plate, "accepted") for plate in plates}
    entries = Entry.objects.using(OWNER).filter(portal=garage.portal.id)
    assert rows.count() == entries.count() == ROWS
    assert set(rows.values_list("entry", flat=True)) == set(entries.values_list("id", flat=True))
    assert len({one.receipt for one in entries}) == ROWS
    held = RegistrationVersion.objects.using(OWNER).filter(portal=garage.portal.id)
    assert Counter(held.values_list("plate", flat=True)) == dict.fromkeys(plates, 1)
    events = Event.objects.using(OWNER).filter(portal=garage.portal.id)
    told = events.values("kind").annotate(times=Count("id"), once=Count("subject", distinct=True))
    expected = {
        "vehicle.registered": (ROWS, ROWS),
        "run.begun": (1, 1),
        "run.confirmed": (1, 1),
        "run.done": (1, 1),
    }
    assert {one["kind"]: (one["times"], one["once"]) for one in told} == expected
    notices = Notice.objects.using(OWNER).filter(portal=garage.portal.id)
    assert set(notices.values_list("kind", "state")) == {("start", "pending")}
    assert notices.aggregate(all=Count("id"), items=Count("item", distinct=True)) == {"all": ROWS, "items": ROWS}
    with override_settings(MEDIA_ROOT=str(tmp_path)), enter(by.scope):
        assert draw_up_summary(by=by, run=run.id) == draw_up_summary(by=by, run=run.id)
    assert Document.objects.using(OWNER).filter(portal=garage.portal.id, subject=run.id).count() == 1
