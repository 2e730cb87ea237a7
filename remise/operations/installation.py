"""The queue of the whole installation, for whoever runs the server: over the worker's own login, which reads jobs and
nothing else (docs/adr/0017)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from remise.core.jobs import EVERY_DAY

KINDS = """
select (args ->> 'portal')::bigint as portal, task_name as name,
  count(*) filter (where status = 'todo' and (scheduled_at is null or scheduled_at <= now())) as waiting,
  count(*) filter (where status = 'todo' and scheduled_at > now()) as later,
  count(*) filter (where status = 'doing') as running,
  count(*) filter (where status = 'failed') as failed
from procrastinate_jobs group by 1, 2 order by 1 nulls first, 2"""
FAILED = """
select id as job, (args ->> 'portal')::bigint as portal, task_name as name,
  coalesce(fault ->> 'error', '') as error, coalesce(fault ->> 'place', '') as place,
  (select max(at) from procrastinate_events e where e.job_id = job.id and e.type = 'failed') as at
from procrastinate_jobs job where status = 'failed'
  and (%(job)s::bigint is null or id = %(job)s) and (%(below)s::bigint is null or id < %(below)s)
  and (%(name)s::text is null or task_name = %(name)s)
order by id desc limit %(size)s"""
WORKERS = """
select name, max(last_heartbeat) as seen from procrastinate_workers group by name order by name"""
# The job that begins the day is of no portal, and so behind no door.
RETRY_EVERY_DAY = """
update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = now(), worker_id = null
where id = %s and status = 'failed' and task_name = %s and not args ? 'portal'"""

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Kind:
    portal: int | None
    name: str
    waiting: int
    later: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class Failed:
    job: int
    portal: int | None
    name: str
    error: str
    place: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Worker:
    """A process, as machine and number."""

    name: str
    seen: datetime


@contextmanager
def queue(address: str) -> Iterator[Connection]:
    with psycopg.connect(address, autocommit=True, application_name="remise jobs") as connection:
        yield connection


def kinds(at: Connection) -> Sequence[Kind]:
    with at.cursor(row_factory=class_row(Kind)) as cursor:
        return cursor.execute(KINDS).fetchall()


def failed(
    at: Connection, *, job: int | None = None, name: str | None = None, below: int | None = None, size: int = SHOWN
) -> Sequence[Failed]:
    """The newest ones, or the newest with a number below one."""
    with at.cursor(row_factory=class_row(Failed)) as cursor:
        return cursor.execute(FAILED, {"job": job, "name": name, "below": below, "size": size}).fetchall()


def workers(at: Connection) -> Sequence[Worker]:
    with at.cursor(row_factory=class_row(Worker)) as cursor:
        return cursor.execute(WORKERS).fetchall()


def retry_every_day(at: Connection, job: int) -> bool:
    return at.execute(RETRY_EVERY_DAY, [job, EVERY_DAY]).rowcount == 1
