"""A step of a run with rows: the next of them in order, each in a savepoint, verdict and deed in one transaction."""

import time

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.observe import fault
from remise.runs import actions, steps
from remise.runs.kinds import Row, RunKind, with_rows
from remise.runs.models import Run, RunRow
from remise.runs.steps import NotAllowed, Step

log = structlog.get_logger("remise.runs")

# A page that pauses waits for the step at hand, so a step is short; real time.
SECONDS = 1.0
# One row may meet a mistake of ours, and the others go on. When so many of one step do, it is not the rows.
FAULTS = 10


class TooManyFaults(Exception):
    pass


def advance(system: Actor, *, run: int, step: int) -> None:
    try:
        with steps.take(system, run=run, step=step) as taken:
            if taken is None:
                return
            if isinstance(taken.by, NotAllowed):
                _refuse_rest(taken.run, taken.by, system)
            else:
                _next_rows(taken, taken.by)
    except steps.PASSING:
        raise  # the job is tried again
    except Exception as error:
        log.error("run stopped", run=run, step=step, **fault(error))
        steps.stop(system, run=run, step=step)


def _next_rows(taken: Step, by: Actor) -> None:
    run, kind = taken.run, with_rows(taken.run.kind)
    if run.state == Run.State.WAITING:
        actions.move(run, Run.State.RUNNING)
    judged = _judge(run, kind, by)
    run.accepted += sum(row.verdict == RunRow.Verdict.ACCEPTED for row in judged)
    run.refused += sum(row.verdict == RunRow.Verdict.REFUSED for row in judged)
    if run.judged < run.rows and judged:
        actions.next_step(run)
    else:
        actions.end(run, Run.State.DONE, by=by)


def _judge(run: Run, kind: RunKind, by: Actor) -> list[RunRow]:
    until, faults, judged = time.monotonic() + SECONDS, 0, []
    for row in _pending(run).order_by("position")[: kind.chunk]:
        faults += _handle(row, run, kind, by)
        judged.append(row)
        if faults >= FAULTS:
            raise TooManyFaults
        if time.monotonic() > until:
            break
    RunRow.objects.bulk_update(judged, ["verdict", "code", "message", "entry"])
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


def _refuse_rest(run: Run, why: NotAllowed, system: Actor) -> None:
    """Who began it may not do it any more: as the system, for that person's scope is closed."""
    if run.state == Run.State.WAITING:
        actions.move(run, Run.State.RUNNING)
    run.refused += _pending(run).update(verdict=RunRow.Verdict.REFUSED, code=why.code, message=str(why.message))
    actions.end(run, Run.State.DONE, by=system, message=str(why.message))


def _pending(run: Run) -> QuerySet[RunRow]:
    return RunRow.objects.filter(run=run, verdict=RunRow.Verdict.PENDING)
