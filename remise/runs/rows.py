"""A step of a run with rows: the next of them in order, each in a savepoint, verdict and deed in one transaction."""

import time
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.jobs import Job
from remise.core.observe import fault
from remise.runs import moves, steps
from remise.runs.kinds import Row, RunKind, with_rows
from remise.runs.models import Run, RunRow
from remise.runs.steps import NotAllowed

log = structlog.get_logger("remise.runs")

# A page that pauses waits for the step at hand, so a step is short; real time.
SECONDS = 1.0
# One row may meet a mistake of ours, and the others go on. When so many of one step do, it is not the rows.
FAULTS = 10


class TooManyFaults(Exception):
    pass


def advance(system: Actor, *, run: int, step: int, job: Job[Any]) -> None:
    """Do one step; `job` is deferred for the next one."""
    try:
        with steps.take(system, run=run, step=step) as taken:
            if taken is None:
                return
            if isinstance(taken.by, NotAllowed):
                # As the system, for the scope of who began it is closed.
                moves.refuse_rest(taken.run, code=taken.by.code, message=taken.by.message, by=system)
            else:
                _next_rows(taken.run, taken.by, job)
    except steps.PASSING:
        raise  # the job is tried again
    except Exception as error:
        log.error("run stopped", run=run, step=step, **fault(error))
        steps.stop(system, run=run, step=step)


def _next_rows(run: Run, by: Actor, job: Job[Any]) -> None:
    rows = _judge(run, with_rows(run.kind), by)
    moves.judged(run, rows)
    if run.judged < run.rows and rows:
        moves.next_step(run, job)
    else:
        moves.end(run, Run.State.DONE, by=by)


def _judge(run: Run, kind: RunKind, by: Actor) -> list[RunRow]:
    until, faults, judged = time.monotonic() + SECONDS, 0, []
    pending = RunRow.objects.filter(run=run, verdict=RunRow.Verdict.PENDING)
    for row in pending.order_by("position")[: kind.chunk]:
        faults += _handle(row, run, kind, by)
        judged.append(row)
        if faults >= FAULTS:
            raise TooManyFaults
        if time.monotonic() > until:
            break
    return judged


def _handle(row: RunRow, run: Run, kind: RunKind, by: Actor) -> int:
    """Give the row its verdict; 1 when it met a mistake of ours."""
    try:
        with transaction.atomic():
            outcome = kind.handle(by, Row(row.data, key=row.key, run=run.id, inputs=run.inputs))
    except DomainError as refusal:
        _refuse(row, refusal.code, str(refusal.message))
    except steps.PASSING:
        raise
    except Exception as error:
        log.error("run row", run=run.id, row=row.id, **fault(error))
        _refuse(row, "fault", _("Something went wrong on our side. Nothing was done for this line."))
        return 1
    else:
        row.verdict, row.entry, row.message = RunRow.Verdict.ACCEPTED, outcome.entry, str(outcome.message)
    return 0


def _refuse(row: RunRow, code: str, message: str) -> None:
    row.verdict, row.code, row.message = RunRow.Verdict.REFUSED, code, message
