"""What may become of a run, and the only place that writes it: the legal moves, the counts, the verdicts.

What people do with a run (`actions`) and what its steps do (`rows`, `exports`, `retention`) meet here. Each is called
inside the caller's transaction, with the run locked; an end says what happened in an event.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.arrays import array
from remise.core.errors import BrokenRule, DomainError, Forbidden
from remise.core.identifiers import Doubt
from remise.core.jobs import Job
from remise.core.words import Text
from remise.runs.kinds import is_export
from remise.runs.models import Run, RunRow
from remise.ui.formats import number

REFUSALS = {
    Run.State.PAUSED: gettext_lazy("Only what is waiting or busy can be paused."),
    Run.State.WAITING: gettext_lazy("Only what is paused, or was stopped by a fault, can go on."),
    Run.State.CHECKED: gettext_lazy("This was begun already."),
    Run.State.CANCELLED: gettext_lazy("This has ended: there is nothing left to cancel."),
}


class IllegalMove(BrokenRule):
    code = "illegal_move"


def move(run: Run, to: Run.State) -> None:
    """Change the state, or raise IllegalMove; the caller saves."""
    if to not in Run.MOVES[run.state]:
        otherwise = _("This is not possible now. State: %(state)s.") % {"state": run.get_state_display()}
        raise IllegalMove(REFUSALS.get(to, otherwise))
    run.state = to


def next_step(run: Run, job: Job[Any]) -> None:
    """Save the run, and defer the one job that may go on with it."""
    run.step += 1
    run.stepped_at = timezone.now()
    run.save()
    job.defer(run.portal, run=run.id, step=run.step)


def busy(run: Run) -> None:
    """Its first step has begun; the caller saves."""
    if run.state == Run.State.WAITING:
        move(run, Run.State.RUNNING)


def judged(run: Run, rows: Sequence[RunRow]) -> None:
    """Write the verdicts of one step. What an accepted row said is in the ledger now: the names in it need not stay
    here too. A refused one keeps it, to be mended."""
    busy(run)
    write_verdicts(rows)
    run.reached = max(row.position for row in rows)
    run.accepted += sum(row.verdict == RunRow.Verdict.ACCEPTED for row in rows)
    run.refused += sum(row.verdict == RunRow.Verdict.REFUSED for row in rows)


# What `say` writes of a row, for who saves it alone; `entry` is there once it was done.
_TYPES = {
    "verdict": "text",
    "code": "text",
    "field": "text",
    "message": "text",
    "remedy": "text",
    "missing_in": "bigint",
    "entry": "bigint",
}
SAID = tuple(_TYPES)
WHY = SAID[:-1]


def say(row: RunRow, verdict: RunRow.Verdict, refusal: DomainError | Doubt | None = None) -> None:
    """What the row is found to be, and why, with who could lift it; the caller saves. A doubt stops nothing."""
    row.verdict, row.code, row.field, row.message = verdict, "", "", ""
    row.remedy, row.missing_in, row.entry = "", None, None
    if refusal is None:
        return
    if isinstance(refusal, Doubt):
        row.code, row.message = refusal.code, str(refusal)
        return
    row.code, row.field, row.message = refusal.code, refusal.field or "", str(refusal.message)
    if refusal.remedy is not None:
        row.remedy = refusal.remedy.request_kind
    if isinstance(refusal, Forbidden):
        row.missing_in = refusal.decision.branch


def keep_rows(rows: Sequence[RunRow]) -> None:
    """New ones of one run, with the verdict that they have, in one statement."""
    first = rows[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into runs_runrow (portal, organisation, run_id, data, position, key, {', '.join(WHY)})"  # noqa: S608
            f" select %s, %s, %s, r.* from unnest(%s::jsonb[], %s::int[], %s::text[], {_arrays(WHY)}) as r",
            [first.portal, first.organisation, first.run_id, _data(rows), *_columns(rows, "position", "key", *WHY)],
        )


def keep_mended(rows: Sequence[RunRow]) -> None:
    """What these rows say by now, and what was found of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"update runs_runrow r set data = v.data, {_set(WHY)}"  # noqa: S608
            f" from unnest(%s::jsonb[], %s::bigint[], {_arrays(WHY)}) as v (data, id, {', '.join(WHY)})"
            " where r.id = v.id",
            [_data(rows), *_columns(rows, "id", *WHY)],
        )


def write_verdicts(rows: Sequence[RunRow]) -> None:
    """In one statement, however many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"update runs_runrow r set {_set(SAID)},"  # noqa: S608
            " data = case when v.verdict = 'accepted' then '{}'::jsonb else r.data end"
            f" from unnest(%s::bigint[], {_arrays(SAID)}) as v (id, {', '.join(SAID)}) where r.id = v.id",
            _columns(rows, "id", *SAID),
        )


def _set(names: Sequence[str]) -> str:
    return ", ".join(f"{name} = v.{name}" for name in names)


def _arrays(names: Sequence[str]) -> str:
    return ", ".join(f"%s::{_TYPES[name]}[]" for name in names)


def _data(rows: Sequence[RunRow]) -> str:
    return array(json.dumps(row.data) for row in rows)


def _columns(rows: Sequence[RunRow], *names: str) -> list[str]:
    return [array(getattr(row, name) for row in rows) for name in names]


def checked(run: Run) -> None:
    """Its file was looked through: it waits for who sent it."""
    move(run, Run.State.CHECKED)
    run.stepped_at = timezone.now()
    run.save()


def not_all(run: Run, refused: Sequence[RunRow]) -> None:
    """All or none was asked, and these cannot be done any more: nothing was done, and they can be mended."""
    busy(run)
    for row in refused:
        row.verdict = RunRow.Verdict.WRONG
    write_verdicts(refused)
    move(run, Run.State.CHECKED)
    run.wrong = len(refused)
    run.confirmed_at = None
    run.message = ngettext(
        "Nothing was done: %(lines)s line cannot be done any more.",
        "Nothing was done: %(lines)s lines cannot be done any more.",
        len(refused),
    ) % {"lines": number(len(refused))}
    run.save()


def refuse_rest(run: Run, *, code: str, message: Text, by: Actor) -> None:
    """All rows that are left get the same verdict, and it is done."""
    busy(run)
    left = RunRow.objects.filter(run=run, verdict=RunRow.Verdict.PENDING)
    run.refused += left.update(verdict=RunRow.Verdict.REFUSED, code=code, message=str(message))
    end(run, Run.State.DONE, by=by, message=str(message))


def written(run: Run, *, done: int, total: int) -> None:
    """How far an export is."""
    busy(run)
    run.accepted, run.rows = done, total
    run.stepped_at = timezone.now()
    run.save(update_fields=["state", "accepted", "rows", "stepped_at"])


def placed(run: Run, place: str) -> None:
    """Where its file will lie: noted before it is stored there, so that no file lies where nobody looks for it."""
    run.result = place
    run.save(update_fields=["result"])


def fail(run: Run, *, by: Actor, message: str) -> None:
    """A fault that is not a row's own: it stops, shows that, and can be tried again."""
    move(run, Run.State.FAILED)
    run.message = message
    run.save(update_fields=["state", "message"])
    record("run.failed", by, run)


def end(run: Run, state: Run.State, *, by: Actor, message: str = "") -> None:
    """Done or cancelled, with the counters that the run has now."""
    if state is Run.State.DONE:
        busy(run)
    move(run, state)
    run.message, run.ended_at = message, clock.now(by)
    if state is Run.State.CANCELLED or is_export(run.kind):
        run.inputs_sha = ""
    run.save()
    record(f"run.{state}", by, run, after={"accepted": run.accepted, "refused": run.refused})


def forget(run: Run, *, by: Actor) -> None:
    """Let go of what its rows said, and of its file, which is gone by now. What people call a file may name them, and
    so may the words of a refusal."""
    RunRow.objects.filter(run=run).exclude(data={}, message="").update(data={}, message="")
    run.result, run.source, run.source_name, run.not_read = "", "", "", []
    run.forgotten_at = clock.now(by)
    run.save(update_fields=["result", "source", "source_name", "not_read", "forgotten_at"])
    record("run.forgotten", by, run)


def record(kind: str, by: Actor, run: Run, *, after: Mapping[str, Any] | None = None) -> None:
    events.record(kind, by=by, organisation=run.organisation, subject=("run", run.id), after=after)
