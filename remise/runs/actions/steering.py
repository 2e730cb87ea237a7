"""What people do with long work: beginning, pausing, resuming and cancelling it, having it made again and fetching
what it made."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import Forbidden, NotVisible
from remise.core.jobs import Job
from remise.core.rights import Right, missing
from remise.core.words import language_now
from remise.organisations.access import visible_branches
from remise.runs import tasks
from remise.runs.kinds import is_export, is_from_file, kinds
from remise.runs.models import Run, RunRow
from remise.runs.moves import REFUSALS, IllegalMove, end, forget, move, next_step, record
from remise.runs.places import let_go_of_sent, remove
from remise.runs.selectors import decide, decide_on, run_of

type NewRow = tuple[str, Mapping[str, Any]]  # key (unique in the file, shown) and data


@transaction.atomic
def begin_run(
    *, by: Actor, kind: str, inputs: Mapping[str, Any], rows: Iterable[NewRow] = (), again: bool = False
) -> Run:
    """Begin long work. Safe to send again: the same inputs and rows of the same person lead to the run that there
    is (its `sent_before` says so), unless that was cancelled or is an export that is done. `again` begins a new one
    all the same. A key that comes twice is refused the second time."""
    if is_from_file(kind):
        raise TypeError(f"{kind} is looked through before it begins: send its lines")
    listed = list(rows)
    run = new_run(by, kind, inputs, sha_of(by, inputs, listed))
    run.rows = len(listed)
    earlier = insert(run, again=again)
    if earlier is not None:
        earlier.sent_before = True
        return earlier
    run.refused = _insert_rows(run, listed)
    next_step(run, _job(run))
    record("run.begun", by, run, after={"kind": kind, "rows": run.rows})
    return run


def new_run(by: Actor, kind: str, inputs: Mapping[str, Any], sha: str) -> Run:
    """Not kept yet; raises Forbidden for who may not begin it."""
    right = kinds[kind].right
    decision = decide(by, right, branch=by.branch)
    if not decision or by.portal is None or by.organisation is None or by.account is None:
        raise Forbidden(decision if not decision else missing(right))
    return Run(
        portal=by.portal,
        organisation=by.organisation,
        kind=kind,
        inputs=dict(inputs),
        inputs_sha=sha,
        account=by.account,
        office=by.office,
        token=by.token,
        branch=by.branch,
        branches=_held_in(by, right),
        withheld=sorted(by.withheld),
        language=language_now(),
        began_at=_moment(by),
    )


def _held_in(by: Actor, right: Right) -> list[int] | None:
    held = visible_branches(by, right)
    return None if held is None else sorted(held)


@transaction.atomic
def make_again(*, by: Actor, run: int) -> Run:
    """The same export anew, as things are known now, by who asks for it."""
    made = run_of(by, run)
    if not is_export(made.kind):
        raise IllegalMove(_("Only an export can be made again. Send in the file once more."))
    return begin_run(by=by, kind=made.kind, inputs=made.inputs, again=True)


@transaction.atomic
def pause(*, by: Actor, run: int) -> Run:
    found = held(by, run)
    if is_export(found.kind):
        raise IllegalMove(_("An export cannot be paused. You can cancel it."))
    move(found, Run.State.PAUSED)
    found.save(update_fields=["state"])
    record("run.paused", by, found)
    return found


@transaction.atomic
def resume(*, by: Actor, run: int) -> Run:
    """Go on with what was paused, or try again what a fault stopped. It keeps acting for who began it."""
    found = held(by, run)
    if not found.may_resume:  # what waits for a yes goes on by that alone (confirm)
        raise IllegalMove(REFUSALS[Run.State.WAITING])
    is_looked_through = not found.source or found.confirmed_at is not None
    found.state = Run.State.WAITING if is_looked_through else Run.State.CHECKING
    found.message = ""
    next_step(found, _job(found))
    record("run.resumed", by, found)
    return found


@transaction.atomic
def cancel(*, by: Actor, run: int) -> Run:
    """Do nothing more. What is done stays done."""
    found = held(by, run)
    end(found, Run.State.CANCELLED, by=by)
    if place := found.source:
        transaction.on_commit(lambda: let_go_of_sent(by.scope, run, place))
    return found


@transaction.atomic
def fetch(*, by: Actor, run: int) -> Run:
    """Take the file that an export made; raises NotVisible while there is none, or none any more."""
    made = run_of(by, run)
    if not made.has_file:
        raise NotVisible(_("This file does not exist."))
    record("run.fetched", by, made)
    return made


@transaction.atomic
def forget_exports(*, by: Actor, organisation: int) -> None:
    """All of a company: they may name somebody who is forgotten now, and the right to that is asked there. That they
    were made stays, and one that is being made is begun anew."""
    exports = [kind.name for kind in kinds if is_export(kind.name)]
    made = Run.objects.select_for_update(no_key=True).filter(organisation=organisation, kind__in=exports)
    for run in made.filter(Q(state__in=Run.ACTIVE) | ~Q(result="")).order_by("id"):
        if run.is_active:
            next_step(run, tasks.export)
        else:
            transaction.on_commit(partial(remove, run.result))
            forget(run, by=by)


def held(by: Actor, number: int) -> Run:
    """Locked, which waits for the step that is at hand: at most a second."""
    found = Run.objects.select_for_update(no_key=True)
    run = found.filter(id=number, organisation=by.company).first()
    if run is None or run.kind not in kinds:
        raise NotVisible(_("This does not exist."))
    decision = decide_on(by, run)
    if not decision:
        raise Forbidden(decision)
    return run


def _job(run: Run) -> Job[Any]:
    if run.state == Run.State.CHECKING:
        return tasks.check
    return tasks.export if is_export(run.kind) else tasks.advance


def _moment(by: Actor) -> datetime:
    """By the clock that the ledger's moments are taken from, for an export is made as known at this one."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now + by.clock_offset


def insert(run: Run, *, again: bool) -> Run | None:
    """Two who send the same at once meet at the constraint; returns the run that was there before."""
    same = Run.objects.filter(
        organisation=run.organisation, account=run.account, kind=run.kind, inputs_sha=run.inputs_sha
    )
    if again:
        same.update(inputs_sha="")
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        return same.get()
    return None


def _insert_rows(run: Run, rows: list[NewRow]) -> int:
    """In one statement, however many; returns how many are refused at once because their key came before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into runs_runrow"
            " (portal, organisation, run_id, position, key, data, verdict, code, field, message, remedy)"
            " select %(portal)s, %(organisation)s, %(run)s, position,"
            "  case when nth = 1 then key else left(key, 60) || ' (' || position || ')' end, data,"
            "  case when nth = 1 then 'pending' else 'refused' end,"
            "  case when nth = 1 then '' else 'twice' end, '', case when nth = 1 then '' else %(twice)s end, ''"
            " from (select *, row_number() over (partition by key order by position) as nth"
            "  from unnest(%(keys)s::text[], %(data)s::jsonb[]) with ordinality as r (key, data, position)) r"
            " order by position returning verdict",
            {
                "portal": run.portal,
                "organisation": run.organisation,
                "run": run.id,
                "keys": [key for key, _data in rows],
                "data": [json.dumps(data) for _key, data in rows],
                "twice": _("This is in the file twice. The first one counts."),
            },
        )
        return sum(verdict == RunRow.Verdict.REFUSED for (verdict,) in cursor.fetchall())


def sha_of(by: Actor, inputs: Mapping[str, Any], rows: object) -> str:
    """Of one person, one key, one office and one view: what another key of the same person began is not this one's to
    see, what was begun from another office ends with that one, and a mandate may leave out more than before."""
    asked = [inputs, rows, by.token, by.office, sorted(by.withheld)]
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
