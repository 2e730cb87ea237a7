"""What came of a run with rows, as a document: drawn up when somebody first asks for it, for what has ended does not
change any more (docs/adr/0011)."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.models import Entry
from remise.core.words import language_now
from remise.documents.actions import draw_up
from remise.documents.kinds import DocumentKind
from remise.documents.models import Document
from remise.organisations.models import Organisation
from remise.runs.kinds import RowsKind, is_export, with_rows
from remise.runs.models import Run, RunRow
from remise.runs.selectors import run_of
from remise.ui.formats import moment, number, plate_text

SUMMARY = "runs.summary"
ABOUT = "run"
MOST_LISTED = 5_000  # rows on paper
AT_ONCE = 400  # rows that are drawn while one waits: half a second


@transaction.atomic
def draw_up_summary(*, by: Actor, run: int) -> Document:
    """Raises NotVisible for a run that has not ended, and for an export: its file says all."""
    ended = run_of(by, run)
    if is_export(ended.kind) or not ended.has_ended:
        raise NotVisible(_("There is no summary."))
    title = _("Summary %(number)s") % {"number": ended.id}
    rows = _listed(ended)
    return draw_up(
        by=by,
        kind=SUMMARY,
        organisation=ended.organisation,
        subject=(ABOUT, ended.id),
        title=title,
        number=str(ended.id),
        language=language_now(),
        known_at=ended.ended_at,
        entries=sorted(entry for entry in _entries(ended) if entry),
        snapshot=_snapshot(ended, with_rows(ended.kind), rows),
        ready=len(rows) > AT_ONCE,
    )


def _entries(run: Run) -> Iterable[int | None]:
    return RunRow.objects.filter(run=run, entry__isnull=False).values_list("entry", flat=True)


def _listed(run: Run) -> list[RunRow]:
    """All of them; of a very large file those that were not done, for what was done has its receipts and its file."""
    rows = RunRow.objects.filter(run=run).order_by("position")
    if run.rows > MOST_LISTED:
        rows = rows.exclude(verdict=RunRow.Verdict.ACCEPTED)[:MOST_LISTED]
    return list(rows)


def may_read_summary(by: Actor, document: Document) -> None:
    """Whoever may open the run's page."""
    run_of(by, document.subject)


KIND = DocumentKind(
    name=SUMMARY,
    template="runs/typst/summary.typ",
    check=may_read_summary,
    takes_long=lambda document: len(document.snapshot["body"]["rows"]) > AT_ONCE,
)


def _snapshot(run: Run, kind: RowsKind, rows: list[RunRow]) -> dict[str, object]:
    """Nobody is named, neither who began it nor in what a file was called or said: what is sealed cannot forget
    (ADR 7)."""
    counted = {"done": number(run.accepted), "refused": number(run.refused), "total": number(run.rows)}
    facts = [
        (_("What"), str(kind.label)),
        (_("Begun"), moment(run.began_at)),
        (_("Ended"), moment(run.ended_at) if run.ended_at else ""),
        (_("Company"), Organisation.objects.get(id=run.organisation).name),
        (_("Receipts"), _receipts_of(run)),
        (_("Listed"), _("what was not done") if run.rows > MOST_LISTED else ""),
        (_("Remark"), run.message),
    ]
    return {
        "kind": _("Summary"),
        "at": moment(run.ended_at) if run.ended_at else "",
        "headline": _("%(done)s done, %(refused)s refused, of %(total)s") % counted,
        "facts": [fact for fact in facts if fact[1]],
        "columns": [_("Line"), _("Plate") if kind.keys_are_plates else _("What"), _("State"), _("What came of it")],
        "rows": list(_lines(kind, rows)),
    }


def _receipts_of(run: Run) -> str:
    """The first and the last of a file, between which its others lie."""
    if run.confirmed_at is None:
        return ""
    ends = RunRow.objects.filter(run=run).aggregate(first=Min("entry"), last=Max("entry"))
    found = Entry.objects.in_bulk([number for number in ends.values() if number])
    return " – ".join(dict.fromkeys(entry.receipt for entry in sorted(found.values(), key=lambda one: one.id)))


def _lines(kind: RowsKind, rows: list[RunRow]) -> Iterator[list[object]]:
    """Place, key, whether it was refused, the verdict, and what there is to say."""
    receipts = {entry.id: entry.receipt for entry in Entry.objects.filter(id__in=[r.entry for r in rows if r.entry])}
    for row in rows:
        told = _told(kind, row)
        if not told and row.entry in receipts:
            told = _("Receipt %(number)s") % {"number": receipts[row.entry]}
        verdict = _("Not done") if row.verdict == RunRow.Verdict.PENDING else row.get_verdict_display()
        yield [
            number(row.position),
            plate_text(row.key) if kind.keys_are_plates else row.key,
            row.verdict != RunRow.Verdict.ACCEPTED,
            verdict,
            told,
        ]


def _told(kind: RowsKind, row: RunRow) -> str:
    """A doubt about what was not done in the end is no more than that."""
    if row.is_doubted:
        return ""
    return _("What was typed is not right.") if row.code in kind.repeating else row.message
