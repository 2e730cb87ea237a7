"""The worker as a process of its own: as whom it works, how it stops, and who takes over when it is killed."""

import asyncio
import contextlib
import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from remise.config import worker as config_worker
from remise.config.provision import Addresses
from remise.core import queue
from remise.core.actor import system
from remise.core.jobs import EVERY_DAY, Job, Lane
from remise.core.models import Event
from remise.core.scope import enter
from remise.operations.actions import retry_job
from tests import jobs, world
from tests.operations.office import office
from tests.runs.trial import tasks
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Iterator[Garage]:
    jobs.forget()
    yield world.garage()
    jobs.forget()


def defer(garage: Garage, job: Job[Any], **ids: int) -> None:
    with enter(system(portal=garage.portal.id, name="test").scope):
        job.defer(garage.portal.id, **ids)


def told(garage: Garage) -> dict[int | None, Any]:
    """What the jobs said, by their number."""
    found = Event.objects.using(OWNER).filter(portal=garage.portal.id, kind="trial.told").order_by("id")
    return {event.subject: event.after for event in found}


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_job_runs_as_the_application_in_the_scope_of_the_system(garage: Garage) -> None:
    with jobs.worker() as worker:
        defer(garage, tasks.tell, number=1)
        jobs.eventually(lambda: 1 in told(garage))
        said = told(garage)[1]
        jobs.eventually(lambda: jobs.statuses() == {})
        output = worker.end()
    assert (said["session"], said["role"], said["process"]) == (
        "remise_app",
        "remise_system",
        worker.process.pid,
    )
    assert worker.process.returncode == 0
    line = next(line for line in lines(output) if line["event"] == "job")
    assert (line["job"], line["portal"], line["number"]) == ("trial.tell", garage.portal.id, 1)


@pytest.mark.full
def test_connection_that_broke_between_two_jobs_is_replaced(garage: Garage, admin_url: str) -> None:
    with jobs.worker() as worker, psycopg.connect(admin_url, autocommit=True) as admin:
        defer(garage, tasks.tell, number=1)
        jobs.eventually(lambda: 1 in told(garage))
        jobs.eventually(lambda: jobs.statuses() == {})
        assert admin.execute("select pg_terminate_backend(%s)", [told(garage)[1]["backend"]]).fetchone() == (True,)
        defer(garage, tasks.tell, number=2)
        jobs.eventually(lambda: 2 in told(garage))
        output = worker.end()
    assert told(garage)[2]["backend"] != told(garage)[1]["backend"]
    assert [line["event"] for line in lines(output) if line["event"] == "job failed"] == []


@pytest.mark.full
def test_connections_do_not_add_up(garage: Garage) -> None:
    """One per thread, kept from job to job."""
    with jobs.worker():
        defer(garage, tasks.pass_on, number=1, left=40)
        jobs.eventually(lambda: len(told(garage)) == 41)
    said = told(garage).values()
    assert len({one["backend"] for one in said}) <= 5


@pytest.mark.full
def test_old_connection_is_closed_after_the_job(garage: Garage) -> None:
    with jobs.worker(DATABASE_CONN_MAX_AGE="0"):
        for number in range(3):
            defer(garage, tasks.tell, number=number)
            jobs.eventually(lambda number=number: number in told(garage))  # type: ignore[misc]
    assert len({one["backend"] for one in told(garage).values()}) == 3


@pytest.mark.full
def test_job_waits_for_no_poll(garage: Garage) -> None:
    """A job deferred by a job, forty times over: by polls alone it would take as many seconds."""
    with jobs.worker(hasty=False):
        defer(garage, tasks.tell, number=0)
        jobs.eventually(lambda: 0 in told(garage))
        began = time.monotonic()
        defer(garage, tasks.pass_on, number=1, left=39)
        jobs.eventually(lambda: len(told(garage)) == 41)
        assert time.monotonic() - began < 15


@pytest.mark.full
def test_failed_job_is_put_back_and_what_it_deferred_is_not_there(garage: Garage) -> None:
    with jobs.worker() as worker:
        defer(garage, tasks.fail, number=1)
        jobs.eventually(lambda: attempts() == [1])
        output = worker.end()
    assert told(garage) == {}
    assert jobs.statuses() == {"todo": 1}
    assert "12-AB-CD" not in output
    failed = next(line for line in lines(output) if line["event"] == "job failed")
    assert (failed["error"], failed["job"], failed["number"]) == ("ValueError", "trial.fail", 1)


def attempts() -> list[int]:
    from django.db import connections

    with connections[OWNER].cursor() as cursor:
        cursor.execute("select attempts from procrastinate_jobs where status = 'todo' order by id")
        return [number for (number,) in cursor.fetchall()]


def test_long_work_does_not_hold_up_what_is_quick(garage: Garage) -> None:
    with jobs.worker(WORKER_CONCURRENCY="1") as worker:
        for number in range(3):
            defer(garage, tasks.linger, number=number, seconds=30)
        jobs.eventually(lambda: jobs.statuses().get("doing", 0) >= 1)
        defer(garage, tasks.tell, number=9)
        jobs.eventually(lambda: 9 in told(garage), seconds=10)
        worker.kill()
    assert set(told(garage)) == {9}


@pytest.mark.full
def test_long_work_on_every_worker_does_not_hold_up_what_is_quick(garage: Garage) -> None:
    """However long the line of runs is, a receipt's mail is on its way."""
    with jobs.worker() as first, jobs.worker() as second:
        for number in range(100, 120):
            defer(garage, tasks.linger, number=number, seconds=30)
        jobs.eventually(lambda: jobs.statuses().get("doing") == 4)  # the long lane of both is full
        began = time.monotonic()
        for number in range(20):
            defer(garage, tasks.tell, number=number)
        jobs.eventually(lambda: len(told(garage)) == 20, seconds=20)
        took = time.monotonic() - began
        first.kill()
        second.kill()
    assert set(told(garage)) == set(range(20))
    assert took < 20


@pytest.mark.full
def test_urgent_job_goes_before_those_that_wait(garage: Garage) -> None:
    for number in range(1, 31):
        defer(garage, tasks.tell, number=number)
    defer(garage, tasks.hurry, number=99)
    with jobs.worker():
        jobs.eventually(lambda: len(told(garage)) == 31)
    # It takes two at once: beside the urgent one, one other may be first.
    assert 99 in list(told(garage))[:2]


def test_two_workers_share_the_work_and_do_nothing_twice(garage: Garage) -> None:
    number_of = 200
    with jobs.worker() as first, jobs.worker() as second:
        jobs.eventually(lambda: len(alive()) == 2)
        for number in range(number_of):
            defer(garage, tasks.tell, number=number)
        jobs.eventually(lambda: jobs.statuses() == {})
        names = alive()
        pids = {first.process.pid, second.process.pid}
    said = list(Event.objects.using(OWNER).filter(portal=garage.portal.id, kind="trial.told"))
    assert sorted(event.subject or 0 for event in said) == list(range(number_of))
    assert {(event.after or {})["process"] for event in said} == pids
    assert names == {f"{socket.gethostname()[:40]}:{pid}" for pid in pids}


def alive() -> set[str]:
    """Workers with a sign of life, by the name that they gave themselves."""
    from django.db import connections

    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "select name from procrastinate_workers where last_heartbeat > now() - interval '2 seconds'"
            " group by name having count(*) = %s",
            [len(Lane)],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.full
def test_worker_on_another_host_needs_the_addresses_and_the_keys_and_nothing_else(
    garage: Garage, addresses: Addresses, tmp_path: Path
) -> None:
    """What docs/workers.md says: from an empty directory, with an environment of six lines."""
    environment = {
        "DATABASE_URL": addresses.app,
        "DATABASE_JOBS_URL": addresses.jobs,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "HTTPS": "false",
        "MEDIA_ROOT": str(tmp_path),
        # As an installed package would be found, with the jobs of these tests.
        "PYTHONPATH": str(settings.BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    with jobs.worker(hasty=False, place=str(tmp_path), **environment) as worker:
        defer(garage, tasks.tell, number=1)
        jobs.eventually(lambda: 1 in told(garage))
        assert told(garage)[1]["process"] == worker.process.pid
        output = worker.end()
    assert worker.process.returncode == 0, output


@pytest.mark.full
def test_job_that_gave_up_stays_and_is_done_once_it_is_put_back(garage: Garage) -> None:
    with jobs.worker():
        defer(garage, tasks.give_up, number=1)
        jobs.eventually(lambda: jobs.statuses() == {"failed": 1})
        here = office(garage.portal)
        by = here.actor()
        with enter(by.scope):
            (failed,) = queue.failed(size=50)
            retry_job(by=by, job=failed.job)
        jobs.eventually(lambda: jobs.statuses() == {})
    assert (failed.name, failed.tried, failed.ids) == ("trial.give_up", 2, {"number": 1})
    # Why, without the words of the error, which name a plate.
    assert failed.error == "ValueError"
    assert re.fullmatch(r"remise\.core\.jobs:\d+", failed.place)
    assert set(told(garage)) == {1}


def test_told_to_stop_it_ends_the_job_at_hand_and_takes_no_other(garage: Garage) -> None:
    with jobs.worker(hasty=False) as worker:
        for number in range(5):
            defer(garage, tasks.linger, number=number, seconds=2)
        jobs.eventually(lambda: jobs.statuses().get("doing") == 2)
        output = worker.end(signal.SIGTERM)
    assert set(told(garage)) == {0, 1}
    assert jobs.statuses() == {"todo": 3}
    assert worker.process.returncode == 0
    assert lines(output)[-1]["event"] == "worker stopped"


@pytest.mark.full
def test_told_to_stop_it_does_not_wait_for_ever_and_another_does_it_again(garage: Garage) -> None:
    with jobs.worker() as worker:
        defer(garage, tasks.linger, number=1, seconds=20)
        jobs.eventually(lambda: jobs.statuses() == {"doing": 1})
        began = time.monotonic()
        output = worker.end(signal.SIGTERM)
    assert time.monotonic() - began < 5
    assert worker.process.returncode == 0
    assert lines(output)[-1]["event"] == "worker stopped with work at hand"
    assert told(garage) == {}
    with jobs.worker():
        jobs.eventually(lambda: attempts() == [1] or jobs.statuses() == {"doing": 1})


@pytest.mark.full
def test_job_of_a_killed_worker_is_taken_by_one_that_runs_already(garage: Garage) -> None:
    with jobs.worker() as first:
        defer(garage, tasks.linger, number=1, seconds=3)
        jobs.eventually(lambda: jobs.statuses() == {"doing": 1})
        with jobs.worker() as second:
            time.sleep(2)
            first.kill()
            jobs.eventually(lambda: 1 in told(garage))
            output = second.end()
    assert [line["event"] for line in lines(output)].count("job rescued") == 1


def test_day_is_begun_once_however_many_workers_there_are(
    garage: Garage, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the worker's own login; and again on the next day."""
    owner_connection.execute("delete from procrastinate_periodic_defers")

    def begun() -> int:
        asyncio.run(look_for_a_new_day(workers=2))
        return sum(name == EVERY_DAY for _, name, _ in jobs.waiting())

    assert begun() == 1
    assert begun() == 1
    tomorrow = time.time() + config_worker.DAY
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert begun() == 2
    assert jobs.waiting()[-1][2] == {"timestamp": int(tomorrow) // config_worker.DAY * config_worker.DAY}


async def look_for_a_new_day(*, workers: int) -> None:
    """As workers do that were started just now."""
    pace = config_worker.Pace(daily=0.01)
    async with contextlib.AsyncExitStack() as stack:
        queues = [config_worker.queue_at(settings.DATABASE_JOBS_URL) for _ in range(workers)]
        for queue in queues:
            await stack.enter_async_context(queue.open_async())
        looking = [asyncio.create_task(config_worker._every_day(queue, pace)) for queue in queues]
        done, _ = await asyncio.wait(looking, timeout=0.5)
        for task in looking:
            task.cancel()
        assert done == set()  # none of them failed


@pytest.mark.full
def test_killed_worker_is_replaced_within_half_a_minute(garage: Garage) -> None:
    """In the worker's real pace."""
    with jobs.worker(hasty=False) as first:
        defer(garage, tasks.linger, number=1, seconds=2)
        jobs.eventually(lambda: jobs.statuses() == {"doing": 1})
        first.kill()
    began = time.monotonic()
    with jobs.worker(hasty=False):
        jobs.eventually(lambda: 1 in told(garage), seconds=30)
    assert 8 < time.monotonic() - began < 30


@pytest.mark.full
def test_job_that_takes_every_worker_with_it_is_given_up(
    garage: Garage, owner_connection: psycopg.Connection
) -> None:
    defer(garage, tasks.linger, number=1, seconds=0)
    owner_connection.execute(
        "update procrastinate_jobs set status = 'doing', attempts = %s", [config_worker.LAST_RESCUE]
    )
    with jobs.worker():
        jobs.eventually(lambda: jobs.statuses() == {"failed": 1})
        jobs.eventually(lambda: faults() == [{"error": "WorkerLost", "place": ""}])
    assert told(garage) == {}


def faults() -> list[dict[str, str] | None]:
    from django.db import connections

    with connections[OWNER].cursor() as cursor:
        cursor.execute("select fault::text from procrastinate_jobs order by id")
        return [json.loads(fault) if fault else None for (fault,) in cursor.fetchall()]


@pytest.mark.full
def test_worker_that_loses_its_database_ends_to_be_started_again(
    garage: Garage, addresses: Addresses, owner_connection: psycopg.Connection, admin_url: str
) -> None:
    database = sql.Identifier(urlsplit(addresses.jobs).path.lstrip("/"))
    with jobs.worker() as worker, psycopg.connect(admin_url, autocommit=True) as admin:
        defer(garage, tasks.tell, number=1)
        jobs.eventually(lambda: 1 in told(garage))
        owner_connection.execute(sql.SQL("revoke connect on database {} from remise_jobs").format(database))
        try:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'remise_jobs' and datname = %s",
                [database.as_string().strip('"')],
            )
            assert worker.process.wait(60) == 1
        finally:
            owner_connection.execute(sql.SQL("grant connect on database {} to remise_jobs").format(database))
