"""Which long work an actor may see, how far it is, and who it acts for at this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Func, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core import paging, rights
from remise.core.actor import Actor, Assurance, Grants, can, holds_anywhere
from remise.core.errors import Forbidden, NotVisible
from remise.core.models import Entry
from remise.core.paging import Order, Page
from remise.core.rights import Decision, Right
from remise.core.scope import ActorKind
from remise.core.words import Text
from remise.organisations import actors
from remise.organisations.names import names_of
from remise.organisations.standing_in import own_later
from remise.organisations.tokens.selectors import with_key
from remise.runs.kinds import Column, ExportKind, FileKind, RunKind, from_file, is_export, kinds
from remise.runs.models import Run, RunRow

PAGE = 50
MOST_ALIKE = 5  # problems that many lines have; once these are mended the next ones come
NEWEST_FIRST = Order("id", descending=True)
AS_SENT = Order("position")
DOUBTED = "doubted"
# What a row says in the column that its problem is about.
_TYPED = Coalesce(
    Func(F("data"), F("field"), function="jsonb_extract_path_text"), Value(""), output_field=TextField()
)
WITHHELD = Decision(
    allowed=False,
    code="field_withheld",
    message=gettext_lazy("This can hold particulars that your mandate leaves out. Ask the company for it."),
)


def decide(by: Actor, right: Right, *, branch: int | None) -> Decision:
    """Held in this branch; who works in the whole company needs it somewhere: each row asks for its own branch."""
    decision = can(by, right, organisation=by.organisation, branch=branch)
    if decision or by.kind is not ActorKind.MEMBER or by.assurance < Assurance.TWO_FACTORS:
        return decision
    return rights.ALLOWED if branch is None and holds_anywhere(by, right) else decision


def decide_on(by: Actor, run: Run) -> Decision:
    """Held for all that the run may touch, whoever began it and where that person worked: it acts with all rights
    of its person, so that one sent in from a branch reads and writes in others too. What its lines and its file say
    lies outside the wall around particulars: nobody reads it who is to see less than that person."""
    right = kinds[run.kind].right
    where: Iterable[int | None] = [None] if run.branches is None else run.branches
    for branch in where:
        decision = can(by, right, organisation=run.organisation, branch=branch)
        if not decision:
            return decision
    return rights.ALLOWED if by.withheld <= set(run.withheld) else WITHHELD


def require_any(by: Actor) -> None:
    """Raise unless some kind of long work may be seen."""
    decisions = [decide(by, kind.right, branch=None) for kind in kinds]
    if not any(decisions):
        raise Forbidden(decisions[0]) if decisions else NotVisible(_("There is no such page."))


def run_of(by: Actor, number: int) -> Run:
    found = Run.objects.filter(id=number, organisation=by.company).first()
    if found is None or found.kind not in kinds:
        raise NotVisible(_("There is no such run."))
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
            seen |= Q(kind=kind.name, branches__contained_by=branches)
    found = Run.objects.filter(seen, organisation=by.company)
    return found.filter(withheld__contains=sorted(by.withheld)) if by.withheld else found


def person_of(run: Run, by: Actor) -> Actor | None:
    """The member who began it, with the rights of this moment, cut down to those of the key where a program did;
    None when the membership has ended or the key works no more, or the office from which it was begun acts for the
    company no more. `by` is the system: asked before the member's scope is taken."""
    membership = own_later(run.organisation, run.account, office=run.office)
    if membership is not None and run.token is not None:
        membership = with_key(membership, run.token)
    if membership is None:
        return None
    return actors.member(
        replace(
            membership,
            grants=_no_further(run, membership.grants),
            withheld=membership.withheld | frozenset(run.withheld),
        ),
        account=run.account,
        portal=run.portal,
        branch=run.branch,
        assurance=Assurance.TWO_FACTORS,  # proven when it began
        clock_offset=by.clock_offset,
        token=run.token,
        office=run.office,
        via="job" if is_export(run.kind) else "import",
    )


def _no_further(run: Run, grants: Grants) -> Grants:
    """Without what its person was given after it began: who may read it now holds less."""
    if run.branches is None:
        return grants
    right = kinds[run.kind].right
    still = {(right, branch) for branch in run.branches if grants & {(right, branch), (right, None)}}
    return frozenset(one for one in grants if one[0] != right) | still


@dataclass(frozen=True, slots=True)
class RunOfPage:
    run: Run
    kind: RunKind | FileKind | ExportKind
    is_export: bool
    begun_by: str


@dataclass(frozen=True, slots=True)
class RowOfPage:
    row: RunRow
    receipt: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a line says in one column, and whether that is what is wrong with it."""

    column: Column
    text: str
    is_wrong: bool

    @property
    def shown(self) -> Text:
        """A choice as people call it."""
        return dict(self.column.choices).get(self.text, self.text)

    @property
    def chosen(self) -> str:
        """The choice that is meant, in whatever capitals; else what was typed."""
        meant = self.text.casefold()
        named = (value for value, label in self.column.choices if meant in {value.casefold(), str(label).casefold()})
        return next(named, self.text)

    @property
    def is_no_choice(self) -> bool:
        """Typed, and none of the choices by name: it stays on the page, or mending another cell would empty it."""
        return bool(self.text) and self.chosen not in dict(self.column.choices)


@dataclass(frozen=True, slots=True)
class LineOfPage:
    """A line of a file that was looked through."""

    row: RunRow
    cells: tuple[Cell, ...]
    by_itself: str = ""  # where it can be done alone, and the desk asked; empty where nobody can lift what is wrong

    @property
    def is_left_out(self) -> bool:
        return self.row.verdict == RunRow.Verdict.REFUSED

    @property
    def said(self) -> tuple[Cell, ...]:
        """What it says besides what it is about."""
        return tuple(cell for cell in self.cells[1:] if cell.text)


def page_of_runs(by: Actor, *, after: str = "", before: str = "") -> Page[RunOfPage]:
    """Newest first."""
    page = paging.page(visible_runs(by), NEWEST_FIRST, after=after, before=before, size=PAGE)
    names = names_of(by, (run.account for run in page.rows))
    shown = [RunOfPage(run, kinds[run.kind], is_export(run.kind), names[run.account]) for run in page.rows]
    return page.showing(shown)


def page_of_lines(
    run: Run, columns: Sequence[Column], verdict: str, *, after: str = "", before: str = ""
) -> Page[LineOfPage]:
    """Those of a file that was looked through, in its order."""
    rows = RunRow.objects.filter(run=run)
    if verdict == DOUBTED:
        rows = doubted(run)
    elif verdict in RunRow.Verdict:
        rows = rows.filter(verdict=verdict)
    page = paging.page(rows, AS_SENT, after=after, before=before, size=PAGE)
    return page.showing([line_of(run, row, columns) for row in page.rows])


def doubted(run: Run) -> QuerySet[RunRow]:
    """Those that can be done, and are worth a look."""
    return RunRow.objects.filter(run=run, verdict=RunRow.Verdict.PENDING).exclude(code="")


@dataclass(frozen=True, slots=True)
class Alike:
    """Lines that say the same thing in a column, and get the same answer to it."""

    first: int  # position of one of them
    cell: Cell
    code: str
    message: str
    lines: int


def alike(run: Run, columns: Sequence[Column]) -> list[Alike]:
    """What can be mended on many lines at once, the most frequent first."""
    known = {column.name: column for column in columns if not column.is_own}
    wrong = RunRow.objects.filter(run=run, verdict=RunRow.Verdict.WRONG, field__in=known).annotate(typed=_TYPED)
    groups = wrong.values("code", "field", "typed", "message")
    found = groups.annotate(first=Min("position"), lines=Count("id")).filter(lines__gt=1)
    return [
        Alike(
            one["first"],
            Cell(known[one["field"]], one["typed"], is_wrong=True),
            one["code"],
            one["message"],
            one["lines"],
        )
        for one in found.order_by("-lines", "first")[:MOST_ALIKE]
    ]


def lines_like(row: RunRow) -> QuerySet[RunRow]:
    """Those that have the problem of this one, itself among them."""
    wrong = RunRow.objects.filter(run=row.run_id, verdict=RunRow.Verdict.WRONG).annotate(typed=_TYPED)
    typed = str(row.data.get(row.field) or "")
    return wrong.filter(code=row.code, field=row.field, message=row.message, typed=typed)


def line_at(run: Run, position: int) -> RunRow | None:
    return RunRow.objects.filter(run=run, position=position).first()


def line_of(run: Run, row: RunRow, columns: Sequence[Column]) -> LineOfPage:
    is_wrong = row.verdict == RunRow.Verdict.WRONG
    cells = (Cell(one, str(row.data.get(one.name) or ""), is_wrong and one.name == row.field) for one in columns)
    by_itself = from_file(run.kind).by_itself if is_wrong and row.remedy else None
    return LineOfPage(row, tuple(cells), by_itself(run.inputs, run.id, row.position) if by_itself else "")


def page_of_rows(run: Run, verdict: str, *, after: str = "", before: str = "") -> Page[RowOfPage]:
    """In the order of the file, with the numbers of the receipts."""
    rows = RunRow.objects.filter(run=run)
    if verdict in RunRow.Verdict:
        rows = rows.filter(verdict=verdict)
    page = paging.page(rows, AS_SENT, after=after, before=before, size=PAGE)
    entries = Entry.objects.in_bulk([row.entry for row in page.rows if row.entry])
    return page.showing([RowOfPage(row, entries[row.entry].receipt if row.entry else "") for row in page.rows])
