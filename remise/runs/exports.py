"""A run that makes a file: written in parts, each read as the member in its own transaction, stored when whole.

All parts are of one moment, the one at which the run began: the kind asks the ledger what was known then. For that to
be one answer, nobody may still be writing with an earlier moment; so it waits for them first.
"""

import time
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from remise.core.actor import Actor, Grants
from remise.core.errors import DomainError
from remise.core.observe import fault
from remise.core.scope import enter
from remise.runs import moves, places, steps
from remise.runs.kinds import Progress, with_file
from remise.runs.models import Run
from remise.runs.steps import NotAllowed, NotNow

log = structlog.get_logger("remise.runs")

# A change takes milliseconds and a step of a run a second; after this long it is tried later. Real time.
PATIENCE = 30.0
PAUSE = 0.05


def produce(system: Actor, *, run: int, step: int) -> None:
    """Killed halfway, it is begun anew: until it is whole nobody sees anything of it."""
    try:
        _let_others_finish(system)
        with TemporaryFile() as file:
            place = _write(system, run, step, file)
            if place:
                _store(system, run, step, file, place)
    except steps.PASSING:
        raise  # the job is tried again
    except DomainError as refusal:
        steps.stop(system, run=run, step=step, message=str(refusal.message))
    except Exception as error:
        log.error("run stopped", run=run, step=step, **fault(error))
        steps.stop(system, run=run, step=step)


def _let_others_finish(system: Actor) -> None:
    """A change that is under way has its moment, and may commit it later: between two parts it would appear."""
    give_up = time.monotonic() + PATIENCE
    writing = _transactions(system, "select x::text from pg_snapshot_xip(pg_current_snapshot()) x")
    while writing:
        if time.monotonic() > give_up:
            raise NotNow
        time.sleep(PAUSE)
        still = "select x::text from unnest(%s::text[]::xid8[]) x where pg_xact_status(x) = 'in progress'"
        writing = _transactions(system, still, writing)


def _transactions(system: Actor, query: str, *arguments: list[str]) -> list[str]:
    with enter(system.scope), connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return [number for (number,) in cursor.fetchall()]


def _write(system: Actor, number: int, step: int, file: BinaryIO) -> str | None:
    """Write all parts; returns the place for the file, or None when there is no reason to go on. Rights are asked
    at each part: who loses them gets no file, and who gets others another one."""
    parts: Iterator[Progress] | None = None
    grants: Grants | None = None
    while True:
        with steps.take(system, run=number, step=step) as taken:
            if taken is None:
                return None
            run = taken.run
            if isinstance(taken.by, NotAllowed):
                moves.end(run, Run.State.CANCELLED, by=system, message=str(taken.by.message))
                return None
            kind = with_file(run.kind)
            if parts is None:
                parts, grants = kind.write(taken.by, run.inputs, run.began_at, file), taken.by.grants
            if taken.by.grants != grants:
                raise NotNow  # what is written was seen with other rights
            progress = next(parts, None)
            if progress is None:
                return _place(run, kind.file_name(taken.by, run.inputs))
            moves.written(run, done=progress.done, total=progress.total)


def _place(run: Run, name: str) -> str:
    """One that cannot be guessed, and another one for each attempt: who was taken for dead may still be writing."""
    if run.result:
        places.remove(run.result)
    place = places.fresh(name)
    moves.placed(run, place)
    return place


def _store(system: Actor, number: int, step: int, file: BinaryIO, place: str) -> None:
    """Outside a transaction, for it may take long."""
    file.seek(0)
    stored = default_storage.save(place, File(file))
    with steps.take(system, run=number, step=step) as taken:
        if taken is not None and isinstance(taken.by, Actor) and taken.run.result == place:
            taken.run.result = stored
            moves.end(taken.run, Run.State.DONE, by=taken.by)
            return
    places.remove(stored)
