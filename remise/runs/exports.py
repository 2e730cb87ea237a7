"""A run that makes a file: written in parts, each read as the member in its own transaction, stored when whole."""

import uuid
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.text import get_valid_filename

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.observe import fault
from remise.runs import actions, steps
from remise.runs.kinds import Progress, with_file
from remise.runs.models import Run
from remise.runs.steps import NotAllowed

log = structlog.get_logger("remise.runs")


def produce(system: Actor, *, run: int, step: int) -> None:
    """Killed halfway, it is begun anew: until it is whole nobody sees anything of it."""
    try:
        with TemporaryFile() as file:
            name = _write(system, run, step, file)
            if name:
                _store(system, run, step, file, name)
    except steps.PASSING:
        raise  # the job is tried again
    except DomainError as refusal:
        steps.stop(system, run=run, step=step, message=str(refusal.message))
    except Exception as error:
        log.error("run stopped", run=run, step=step, **fault(error))
        steps.stop(system, run=run, step=step)


def _write(system: Actor, number: int, step: int, file: BinaryIO) -> str | None:
    """Write all parts; returns the name for the file, or None when there is no reason to go on. Rights are asked
    at each part: who loses them gets no file."""
    parts: Iterator[Progress] | None = None
    while True:
        with steps.take(system, run=number, step=step) as taken:
            if taken is None:
                return None
            run = taken.run
            if isinstance(taken.by, NotAllowed):
                actions.end(run, Run.State.CANCELLED, by=system, message=str(taken.by.message))
                return None
            kind = with_file(run.kind)
            if parts is None:
                parts = kind.write(taken.by, run.inputs, file)
            progress = next(parts, None)
            if progress is None:
                return kind.file_name(taken.by, run.inputs)
            if run.state == Run.State.WAITING:
                actions.move(run, Run.State.RUNNING)
            run.accepted, run.rows = progress.done, progress.total
            run.stepped_at = timezone.now()
            run.save(update_fields=["state", "accepted", "rows", "stepped_at"])


def _store(system: Actor, number: int, step: int, file: BinaryIO, name: str) -> None:
    """Outside a transaction, for it may take long. The place cannot be guessed."""
    file.seek(0)
    stored = default_storage.save(f"runs/{uuid.uuid4()}/{get_valid_filename(name)}", File(file))
    with steps.take(system, run=number, step=step) as taken:
        if taken is not None and isinstance(taken.by, Actor):
            if taken.run.state == Run.State.WAITING:
                actions.move(taken.run, Run.State.RUNNING)
            taken.run.result = stored
            actions.end(taken.run, Run.State.DONE, by=taken.by)
            return
    default_storage.delete(stored)
