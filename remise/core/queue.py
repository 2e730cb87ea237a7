"""The queue as one portal meets it: what waits, runs and failed, and what can be done with what failed.

The tables of jobs are the worker's; these are the doors in front of them (docs/adr/0017), which show the jobs of the
scope's portal with ids and no other argument. Who may call is asked by the room above that does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from remise.core.doors import rows

type Ids = Mapping[str, int | str]

# Seconds. A killed worker is replaced within half a minute (config.worker).
ALIVE = 30
# Jobs that are put back at once: more than a person ever broke, and no more than a transaction should hold.
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs of one kind: those whose turn it is, since when, and those whose turn comes later."""

    name: str
    lane: str
    due: int
    later: int
    oldest: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    job: int
    name: str
    ids: Ids
    since: datetime | None
    worker: int | None  # the first number of the process
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that is not tried again by itself; `total` is how many of them there are."""

    job: int
    name: str
    ids: Ids
    failed: datetime | None
    tried: int
    error: str  # its kind, such as ConnectionError; empty where that is not known
    place: str  # where it arose, as module:line
    total: int


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes that gave a sign of life a moment ago, on all machines, and when the last one did."""

    alive: int
    seen: datetime | None


def waiting() -> Sequence[Waiting]:
    return [Waiting(*row) for row in rows("select * from jobs_waiting()")]


def running() -> Sequence[Running]:
    found = rows("select job, name, ids::text, since, worker, seen from jobs_running()")
    return [Running(job, name, json.loads(ids), *more) for job, name, ids, *more in found]


def failed(*, size: int, below: int | None = None, above: int | None = None) -> Sequence[Failed]:
    """So many, newest first: those with a number below one, or the next ones above one."""
    found = rows(
        "select job, name, ids::text, failed, tried, error, place, total from jobs_failed(%s, %s, %s)",
        below,
        above,
        size,
    )
    return [Failed(job, name, json.loads(ids), *more) for job, name, ids, *more in found]


def workers() -> Workers:
    return Workers(*rows("select * from jobs_workers(%s)", ALIVE)[0])


def is_known(job: int) -> bool:
    return bool(rows("select jobs_known(%s)", job)[0][0])


def retry(job: int) -> str | None:
    """Put a failed job back, once; its name, or None where it is not one that failed."""
    return _one("select jobs_retry(%s)", job)


def retry_all() -> Sequence[int]:
    return [row[0] for row in rows("select jobs_retry_all(%s)", AT_ONCE)]


def let_go(job: int) -> str | None:
    """Forget a failed job; its name, or None where it is not one that failed."""
    return _one("select jobs_let_go(%s)", job)


def forget(*, before: datetime) -> int:
    """Forget the jobs that failed before a moment; how many."""
    return len(rows("select jobs_forget(%s)", before))


def _one(statement: str, job: int) -> str | None:
    found = rows(statement, job)
    return found[0][0] if found else None
