"""What a portal learns of the queue: its own jobs, with ids and no other argument."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from remise.core import queue
from remise.core.doors import DOORS
from remise.core.jobs import JOBS
from remise.core.scope import ActorKind, Scope, enter
from remise.messages.dead_letters import dead_letters
from tests import jobs
from tests.operations.office import Office, dead_letter, office

REFERENCE = "0b6e7f3a-95d5-4d3c-8f0a-0d5b8d5c7f10"


@pytest.fixture
def here() -> Iterator[Office]:
    jobs.forget()
    yield office()
    jobs.forget()


def seen(of: Office) -> tuple[int, int, int, int]:
    """How many kinds wait, jobs run, jobs failed and mails came back."""
    with enter(of.actor().scope):
        return (len(queue.waiting()), len(queue.running()), len(queue.failed(size=50)), len(dead_letters(size=50)))


def everything(of: Office, owner: psycopg.Connection) -> None:
    portal = {"portal": of.portal.id}
    jobs.put("messages.send", {**portal, "mail": REFERENCE})
    jobs.put("documents.draw", {**portal, "document": 1})
    owner.execute("update procrastinate_jobs set status = 'doing' where task_name = 'documents.draw'")
    jobs.put_failed("core.deliver", {**portal, "event": 3, "subscriber": "fleet.await_answer"})
    dead_letter(of.portal)


def test_portal_sees_its_own_and_nothing_of_another(here: Office, owner_connection: psycopg.Connection) -> None:
    everything(here, owner_connection)
    assert seen(here) == (1, 1, 1, 1)
    assert seen(office()) == (0, 0, 0, 0)


def test_without_a_portal_nothing_is_seen(here: Office, owner_connection: psycopg.Connection) -> None:
    everything(here, owner_connection)
    jobs.put_failed("core.every_day", {"timestamp": 0})
    with enter(Scope(ActorKind.STAFF)):
        assert (queue.waiting(), queue.running(), queue.failed(size=50), dead_letters(size=50)) == ([], [], [], [])


def test_ids_are_shown_and_no_other_argument(here: Office) -> None:
    arguments: dict[str, Any] = {
        "event": 3,
        "mail": REFERENCE,
        "subscriber": "fleet.await_answer",
        "name": "Sanne de Wit",
        "plate": "GHK-12-L",
        "word": "sanne",
        "list": ["Sanne de Wit"],
        "more": {"email": "sanne@garagedebrug.example"},
    }
    here.failed(task="core.deliver", **arguments)
    with enter(here.actor().scope):
        (job,) = queue.failed(size=50)
    assert job.ids == {"event": 3, "mail": REFERENCE, "subscriber": "fleet.await_answer"}
    assert (job.name, job.tried, job.total) == ("core.deliver", 11, 1)


def test_waiting_work_tells_its_oldest_and_its_next_try(here: Office, owner_connection: psycopg.Connection) -> None:
    for number in range(3):
        jobs.put("documents.draw", {"portal": here.portal.id, "document": number})
    first, _second, third = (number for number, _, _ in jobs.waiting("documents.draw"))
    owner_connection.execute(
        "update procrastinate_events set at = now() - interval '9 minutes' where job_id = %s", [first]
    )
    owner_connection.execute(
        "update procrastinate_jobs set scheduled_at = now() + interval '1 hour' where id = %s", [third]
    )
    with enter(here.actor().scope):
        (kind,) = queue.waiting()
    assert (kind.name, kind.lane, kind.due, kind.later) == ("documents.draw", "quick", 2, 1)
    assert kind.oldest is not None
    assert kind.next_at is not None
    assert timedelta(minutes=9) <= timezone.now() - kind.oldest < timedelta(minutes=10)
    assert timedelta(minutes=59) < kind.next_at - timezone.now() <= timedelta(hours=1)


def test_work_that_is_tried_again_waits_since_its_turn_came(
    here: Office, owner_connection: psycopg.Connection
) -> None:
    jobs.put("documents.draw", {"portal": here.portal.id, "document": 1})
    owner_connection.execute("update procrastinate_events set at = now() - interval '1 day'")
    owner_connection.execute("update procrastinate_jobs set scheduled_at = now() - interval '2 minutes'")
    with enter(here.actor().scope):
        (kind,) = queue.waiting()
    assert kind.oldest is not None
    assert timezone.now() - kind.oldest < timedelta(minutes=3)


def test_processes_are_counted_and_not_their_lanes(here: Office, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("delete from procrastinate_workers")
    owner_connection.execute(
        "insert into procrastinate_workers (name, last_heartbeat) values ('web-1:7', now()), ('web-1:7', now()),"
        " ('web-2:7', now()), ('web-2:9', now() - interval '31 seconds')"
    )
    try:
        with enter(here.actor().scope):
            found = queue.workers()
    finally:
        owner_connection.execute("delete from procrastinate_workers")
    assert found.alive == 2
    assert found.seen is not None
    assert timezone.now() - found.seen < timedelta(seconds=30)


def test_mail_shows_whom_it_was_for_and_not_what_it_said(here: Office) -> None:
    letter = dead_letter(here.portal)
    with enter(here.actor().scope), connection.cursor() as cursor:
        cursor.execute("select to_jsonb(m) from mails_not_delivered(null, null, 50) m")
        ((row,),) = cursor.fetchall()
        assert letter.recipient in str(row)
        assert "Hallo" not in str(row)


@pytest.mark.parametrize("kind", ActorKind)
@pytest.mark.parametrize(
    ("door", "call"),
    [
        ("jobs_waiting", "jobs_waiting()"),
        ("jobs_running", "jobs_running()"),
        ("jobs_failed", "jobs_failed(null, null, 1)"),
        ("jobs_workers", "jobs_workers(30)"),
        ("jobs_known", "jobs_known(1)"),
        ("jobs_retry", "jobs_retry(1)"),
        ("jobs_retry_all", "jobs_retry_all(1)"),
        ("jobs_let_go", "jobs_let_go(1)"),
        ("jobs_forget", "jobs_forget(now())"),
        ("mails_not_delivered", "mails_not_delivered(null, null, 1)"),
        ("mail_known", "mail_known(1)"),
        ("mail_put_back", "mail_put_back(1)"),
        ("mail_let_go", "mail_let_go(1)"),
    ],
)
def test_doors_open_for_the_named_kinds_only(here: Office, kind: ActorKind, door: str, call: str) -> None:
    def go() -> None:
        with enter(Scope(kind, here.portal.id, 1, 1)), connection.cursor() as cursor:
            cursor.execute(f"select * from {call}")

    if kind in DOORS[door]:
        go()
    else:
        with pytest.raises(ProgrammingError, match="permission denied"):
            go()


def test_every_job_says_what_it_does() -> None:
    """In the words of who looks after it; also of rooms that are still to come."""
    ours = {name: job for name, job in JOBS.items() if not name.startswith(("trial.", "core.try-"))}
    assert {"messages.send", "runs.advance", "core.deliver"} <= set(ours)
    assert [name for name, job in ours.items() if not str(job.label)] == []
    assert len({str(job.label) for job in ours.values()}) == len(ours)
