"""`remise jobs`: the whole installation, for whoever runs the server."""

from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from remise.config.provision import Addresses
from tests import jobs
from tests.operations.office import Office, office


@pytest.fixture
def here(addresses: Addresses, settings: Settings) -> Iterator[Office]:
    settings.DATABASE_JOBS_URL = addresses.jobs
    jobs.forget()
    yield office()
    jobs.forget()


def run(*arguments: str) -> list[list[str]]:
    """The words of each line."""
    said = StringIO()
    call_command("jobs", *arguments, stdout=said)
    return [line.split() for line in said.getvalue().splitlines()]


def test_table_counts_by_portal_and_job(here: Office, owner_connection: psycopg.Connection) -> None:
    there = office()
    here.failed()
    number = there.failed()
    jobs.put("trial.tell", {"portal": here.portal.id, "number": 1})
    jobs.put("trial.tell", {"portal": here.portal.id, "number": 2})
    jobs.put("core.every_day", {"timestamp": 0})
    owner_connection.execute("delete from procrastinate_workers")
    owner_connection.execute("insert into procrastinate_workers (name) values ('web-2:311'), ('web-2:311')")
    try:
        lines = run()
    finally:
        owner_connection.execute("delete from procrastinate_workers")
    assert lines[:4] == [
        ["PORTAL", "JOB", "WAITING", "LATER", "RUNNING", "FAILED"],
        ["-", "core.every_day", "1", "0", "0", "0"],
        [here.portal.slug, "trial.tell", "2", "0", "0", "1"],
        [there.portal.slug, "trial.tell", "0", "0", "0", "1"],
    ]
    assert [str(number), there.portal.slug, "trial.tell"] in [line[:3] for line in lines]
    assert lines[-1][:2] == ["web-2:311", "0"]


def test_empty_queue_without_workers_is_told(here: Office, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("delete from procrastinate_workers")
    assert run()[-1] == ["none"]


def test_one_job_is_tried_again_as_the_named_system(here: Office) -> None:
    number, other = here.failed(1), here.failed(2)
    assert run("--retry", str(number)) == [["1", "of", "1", "put", "back", "in", "the", "queue."]]
    assert [jobs.status_of(number), jobs.status_of(other)] == [("todo", 0), ("failed", 11)]
    (event,) = here.events("job.retried")
    assert (event.by_system, event.via, event.subject) == ("operations.command", "command", number)
    with pytest.raises(CommandError, match="no failed job"):
        run("--retry", str(number))


def test_all_of_a_kind_are_tried_again_in_every_portal(here: Office) -> None:
    there = office()
    numbers = [here.failed(1), there.failed(2)]
    other = here.failed(task="documents.draw", document=1)
    assert run("--retry-failed", "trial.tell") == [["2", "of", "2", "put", "back", "in", "the", "queue."]]
    assert [jobs.status_of(number) for number in (*numbers, other)] == [("todo", 0), ("todo", 0), ("failed", 11)]
    run("--retry-failed", "all")
    assert jobs.status_of(other) == ("todo", 0)
    assert [len(one.events("job.retried")) for one in (here, there)] == [2, 1]


def test_job_that_begins_the_day_is_tried_again_too(here: Office) -> None:
    number = jobs.put_failed("core.every_day", {"timestamp": 0})
    run("--retry", str(number))
    assert jobs.status_of(number) == ("todo", 0)


def test_login_of_the_worker_is_enough_to_look(here: Office) -> None:
    """And it is not the owner's: nothing but jobs can be read over it."""
    with psycopg.connect(settings.DATABASE_JOBS_URL) as connection:
        assert connection.execute("select current_user").fetchone() == ("remise_jobs",)
