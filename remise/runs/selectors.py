"""Which long work an actor may see, how far it is, and who it acts for at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from remise.core import rights
from remise.core.actor import Actor, Assurance, can, holds_anywhere
from remise.core.errors import Forbidden, NotVisible
from remise.core.forms import whole_number
from remise.core.models import Entry
from remise.core.rights import Decision, Right
from remise.core.scope import ActorKind
from remise.organisations.selectors import memberships_of
from remise.runs.kinds import ExportKind, RunKind, is_export, kinds
from remise.runs.models import Run, RunRow

PAGE = 50


def decide(by: Actor, right: Right, *, branch: int | None) -> Decision:
    """Held in this branch; who works in the whole company needs it somewhere: each row asks for its own branch."""
    decision = can(by, right, organisation=by.organisation, branch=branch)
    if decision or by.kind is not ActorKind.MEMBER or by.assurance < Assurance.TWO_FACTORS:
        return decision
    return rights.ALLOWED if branch is None and holds_anywhere(by, right) else decision


def decide_on(by: Actor, run: Run) -> Decision:
    """One's own, or held for all that the run may touch: a file of the whole company shows all of its branches."""
    right = kinds[run.kind].right
    if run.account == by.account:
        return decide(by, right, branch=run.branch)
    return can(by, right, organisation=run.organisation, branch=run.branch)


def require_any(by: Actor) -> None:
    """Raise unless some kind of long work may be seen."""
    decisions = [decide(by, kind.right, branch=None) for kind in kinds]
    if not any(decisions):
        raise Forbidden(decisions[0]) if decisions else NotVisible("There is no such page.")


def run_of(by: Actor, number: int) -> Run:
    found = Run.objects.filter(id=number, organisation=by.company).first()
    if found is None or found.kind not in kinds:
        raise NotVisible("There is no such run.")
    decision = decide_on(by, found)
    if not decision:
        raise Forbidden(decision)
    return found


def visible_runs(by: Actor) -> QuerySet[Run]:
    """The same as `decide_on`, for a list."""
    seen = Q(pk__in=[])
    for kind in kinds:
        if (kind.right, None) in by.grants:
            seen |= Q(kind=kind.name)
        elif branches := [branch for held, branch in by.grants if held == kind.right]:
            mine = Q(account=by.account, branch__isnull=True)
            seen |= Q(kind=kind.name) & (Q(branch__in=branches) | mine)
    return Run.objects.filter(seen, organisation=by.company)


def person_of(run: Run, by: Actor) -> Actor | None:
    """The member who began it, with the rights of this moment; None when the membership has ended. `by` is the
    system: asked before the member's scope is taken."""
    found = memberships_of(account=run.account, portal=run.portal)
    membership = next((one for one in found if one.organisation == run.organisation), None)
    if membership is None:
        return None
    return Actor(
        kind=ActorKind.MEMBER,
        portal=run.portal,
        name=membership.name,
        clock_offset=by.clock_offset,
        account=run.account,
        membership=membership.id,
        organisation=run.organisation,
        branch=run.branch,
        grants=membership.grants,
        assurance=Assurance.TWO_FACTORS,  # proven when it began
        via="job" if is_export(run.kind) else "import",
    )


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A part of a list by key; `newer` and `older` are the keys of what lies before and after it."""

    rows: Sequence[T]
    newer: str | None
    older: str | None


@dataclass(frozen=True, slots=True)
class RunOfPage:
    run: Run
    kind: RunKind | ExportKind
    is_export: bool


@dataclass(frozen=True, slots=True)
class RowOfPage:
    row: RunRow
    receipt: str


def page_of_runs(by: Actor, *, after: str = "", before: str = "") -> Page[RunOfPage]:
    """Newest first."""
    page = _page(visible_runs(by), "-id", after=after, before=before)
    shown = [RunOfPage(run, kinds[run.kind], is_export(run.kind)) for run in page.rows]
    return Page(shown, page.newer, page.older)


def page_of_rows(run: Run, verdict: str, *, after: str = "", before: str = "") -> Page[RowOfPage]:
    """In the order of the file, with the numbers of the receipts."""
    rows = RunRow.objects.filter(run=run)
    if verdict in RunRow.Verdict:
        rows = rows.filter(verdict=verdict)
    page = _page(rows, "position", after=after, before=before)
    entries = Entry.objects.in_bulk([row.entry for row in page.rows if row.entry])
    shown = [RowOfPage(row, entries[row.entry].receipt if row.entry else "") for row in page.rows]
    return Page(shown, page.newer, page.older)


def _page[M: Model](rows: QuerySet[M], order: str, *, after: str, before: str) -> Page[M]:
    column, down = order.lstrip("-"), order.startswith("-")
    newer, older = whole_number(before), whole_number(after)
    key, back = (older, False) if newer is None else (newer, True)
    if key is not None:
        rows = rows.filter(**{f"{column}__{'lt' if down != back else 'gt'}": key})
    found = list(rows.order_by(("-" if down != back else "") + column)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    first, last = (str(getattr(found[0], column)), str(getattr(found[-1], column))) if found else (None, None)
    is_first = key is None or (back and not more)
    is_last = not (back or more)
    return Page(found, None if is_first else first, None if is_last else last)
