"""A step of a run with rows: the next of them in order, verdict and deed in one transaction; each in a savepoint of
its own, or those of a file together."""

import time
from collections.abc import Sequence
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.jobs import Job
from remise.core.observe import fault
from remise.runs import moves, steps
from remise.runs.kinds import FileKind, Row, RowOutcome, RunKind, with_rows
from remise.runs.models import Run, RunRow
from remise.runs.steps import NotAllowed

log = structlog.get_logger("remise.runs")

# A page that pauses waits for the step at hand, so a step is short; real time.
SECONDS = 1.0
# One row may meet a mistake of ours, and the others go on. When so many of one step do, it is not the rows.
FAULTS = 10


class TooManyFaults(Exception):
    pass


class NotAll(Exception):
    """All or none was asked, and these cannot be done: what the others did is undone."""


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
    kind = with_rows(run.kind)
    left = RunRow.objects.filter(run=run, position__gt=run.reached, verdict=RunRow.Verdict.PENDING)
    left = left.order_by("position")
    pending = list(left if run.whole else left[: kind.chunk])
    if not pending:
        moves.end(run, Run.State.DONE, by=by)
        return
    if not isinstance(kind, FileKind):
        rows: list[RunRow] | None = _one_by_one(pending, run, kind, by)
    else:
        rows = _all_or_none(pending, run, kind, by) if run.whole else _many(pending, run, kind, by)
    if rows is None:
        return
    moves.judged(run, rows)
    if run.judged < run.rows:
        moves.next_step(run, job)
    else:
        moves.end(run, Run.State.DONE, by=by)


def _one_by_one(pending: Sequence[RunRow], run: Run, kind: RunKind, by: Actor) -> list[RunRow]:
    until, faults, judged = time.monotonic() + SECONDS, 0, []
    for row in pending:
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
            outcome = kind.handle(by, _row(row, run))
    except DomainError as refusal:
        moves.say(row, RunRow.Verdict.REFUSED, refusal)
    except steps.PASSING:
        raise
    except Exception as error:
        return _fault(row, run, error)
    else:
        _accept(row, outcome)
    return 0


def _many(pending: Sequence[RunRow], run: Run, kind: FileKind, by: Actor) -> list[RunRow]:
    """Together; where one of them meets a mistake of ours, each by itself, so that the others go on."""
    try:
        with transaction.atomic():
            _give_verdicts(pending, kind.together(by, [_row(row, run) for row in pending]))
    except DomainError as refusal:  # of what holds for all of them
        for row in pending:
            moves.say(row, RunRow.Verdict.REFUSED, refusal)
    except steps.PASSING:
        raise
    except Exception as error:
        if len(pending) == 1:
            _fault(pending[0], run, error)
            return list(pending)
        return _halves(pending, run, kind, by)
    return list(pending)


def _halves(pending: Sequence[RunRow], run: Run, kind: FileKind, by: Actor) -> list[RunRow]:
    middle = len(pending) // 2
    judged = [*_many(pending[:middle], run, kind, by), *_many(pending[middle:], run, kind, by)]
    if sum(row.code == "fault" for row in judged) >= FAULTS:
        raise TooManyFaults
    return judged


def _all_or_none(pending: Sequence[RunRow], run: Run, kind: FileKind, by: Actor) -> list[RunRow] | None:
    """None where something came between since the file was looked through: then the lines wait for who sent them."""
    try:
        with transaction.atomic():
            _give_verdicts(pending, kind.together(by, [_row(row, run) for row in pending]))
            if any(row.verdict == RunRow.Verdict.REFUSED for row in pending):
                raise NotAll
    except NotAll:
        moves.not_all(run, [row for row in pending if row.verdict == RunRow.Verdict.REFUSED])
        return None
    return list(pending)


def _give_verdicts(rows: Sequence[RunRow], verdicts: Sequence[RowOutcome | DomainError]) -> None:
    for row, verdict in zip(rows, verdicts, strict=True):
        if isinstance(verdict, DomainError):
            moves.say(row, RunRow.Verdict.REFUSED, verdict)
        else:
            _accept(row, verdict)


def _row(row: RunRow, run: Run) -> Row:
    return Row(row.data, key=row.key, run=run.id, inputs=run.inputs)


def _accept(row: RunRow, outcome: RowOutcome) -> None:
    moves.say(row, RunRow.Verdict.ACCEPTED)
    row.entry, row.message = outcome.entry, str(outcome.message)


def _fault(row: RunRow, run: Run, error: Exception) -> int:
    log.error("run row", run=run.id, row=row.id, **fault(error))
    ours = _("Something went wrong on our side. Nothing was done for this line.")
    moves.say(row, RunRow.Verdict.REFUSED, DomainError(ours, code="fault"))
    return 1
