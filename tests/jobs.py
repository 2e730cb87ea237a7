"""Doing the jobs that were deferred: at once in the test's own process, or by a real worker beside it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db import connections
from procrastinate.contrib.django import app

from tests.world import OWNER

type Waiting = tuple[int, str, dict[str, Any]]


def waiting(task: str = "") -> list[Waiting]:
    """The jobs that are due, in the order in which a worker takes them: number, task and arguments."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "select id, task_name, args::text from procrastinate_jobs where status = 'todo'"
            " and (scheduled_at is null or scheduled_at <= now()) and %s in ('', task_name)"
            " order by priority desc, id",
            [task],
        )
        return [(number, name, json.loads(args)) for number, name, args in cursor.fetchall()]


def work_off(limit: int = 1000) -> int:
    """Do jobs, and those that they defer, until none is left; returns how many. A failing job fails the test."""
    done = 0
    while done < limit and (due := waiting()):
        number, name, arguments = due[0]
        forget(number)
        app.tasks[name].func(**arguments)
        done += 1
    return done


def put(task: str, arguments: dict[str, Any]) -> None:
    """Once more a job that was there before, as after a kill."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args) values (%s, %s, %s::jsonb)",
            [app.tasks[task].queue, task, json.dumps(arguments)],
        )


def put_failed(task: str, arguments: dict[str, Any], *, tried: int = 11) -> int:
    """A job that gave up, with the events that the worker's way of it leaves; its number."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args) values (%s, %s, %s::jsonb) returning id",
            [app.tasks[task].queue, task, json.dumps(arguments)],
        )
        (number,) = cursor.fetchone()
        for _ in range(tried - 1):
            cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [number])
            cursor.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [number])
        cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [number])
        cursor.execute("select procrastinate_finish_job_v1(%s, 'failed', false)", [number])
    return int(number)


def status_of(number: int) -> tuple[str, int] | None:
    """Of one job: its state and attempts; None once it is done, for then it is gone."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select status::text, attempts from procrastinate_jobs where id = %s", [number])
        found: tuple[str, int] | None = cursor.fetchone()
    return found


def forget(*numbers: int) -> None:
    """Without numbers: every job, also of earlier tests."""
    with connections[OWNER].cursor() as cursor:
        if numbers:
            cursor.execute("delete from procrastinate_jobs where id = any(%s)", [list(numbers)])
        else:
            cursor.execute("delete from procrastinate_jobs")


def statuses() -> dict[str, int]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select status, count(*) from procrastinate_jobs group by status")
        return dict(cursor.fetchall())


def last_started() -> int:
    """A number that grows whenever a worker takes up a job."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from procrastinate_events where type = 'started'")
        (number,) = cursor.fetchone()
    return int(number)


class Worker:
    """A worker process with the kinds and jobs of the tests. `hasty` gives up a silent worker sooner than in real."""

    def __init__(self, output: IO[str], *, hasty: bool, environment: dict[str, str], place: str = "") -> None:
        command = ["tests.hasty_worker"] if hasty else ["remise", "worker"]
        self._output = output  # a file: a pipe that nobody reads would hold it up
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment if place else os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=place or None,
        )

    def kill(self) -> str:
        return self.end(signal.SIGKILL)

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """What it wrote."""
        self.process.send_signal(number)
        self.process.wait(60)
        self._output.seek(0)
        return self._output.read()


@contextlib.contextmanager
def worker(*, hasty: bool = True, place: str = "", **environment: str) -> Iterator[Worker]:
    """With `place`, a working directory, it inherits nothing of this process: the environment is all it knows."""
    with tempfile.TemporaryFile("w+") as output:
        started = Worker(output, hasty=hasty, environment=environment, place=place)
        try:
            yield started
        finally:
            started.kill()


def eventually(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)
