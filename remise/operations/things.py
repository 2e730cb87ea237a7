"""What a job is about, by the ids it was given: rooms above add what their jobs are about (`things.add`)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.errors import DomainError
from remise.core.models import Event
from remise.core.queue import Ids
from remise.core.registry import Registry
from remise.desk.rights import DeskRight
from remise.documents.kinds import kinds as document_kinds
from remise.documents.models import Document
from remise.organisations.models import Organisation
from remise.runs.kinds import kinds as run_kinds
from remise.runs.models import Run
from remise.runs.selectors import visible_runs


@dataclass(frozen=True, slots=True)
class Shown:
    """In words, with the page of it where this reader may open that."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """`argument` is the name under which jobs are given its number; `describe` shows any number of them in as many
    queries as one, and leaves out what this actor may not see."""

    argument: str
    describe: Callable[[Actor, Sequence[int]], Mapping[int, Shown]]


things: Registry[Thing] = Registry(lambda thing: thing.argument)


def described(by: Actor, jobs: Sequence[Ids]) -> list[Shown | None]:
    """What each of these jobs is about, in the same order; None where nothing is known of it."""
    found: dict[str, Mapping[int, Shown]] = {}
    for thing in things:
        numbers = sorted({int(ids[thing.argument]) for ids in jobs if isinstance(ids.get(thing.argument), int)})
        if numbers:
            found[thing.argument] = thing.describe(by, numbers)
    return [_first(found, ids) for ids in jobs]


def _first(found: Mapping[str, Mapping[int, Shown]], ids: Ids) -> Shown | None:
    told = (found[name].get(int(value)) for name, value in ids.items() if name in found)
    return next((shown for shown in told if shown is not None), None)


def _runs(by: Actor, numbers: Sequence[int]) -> Mapping[int, Shown]:
    rows = list(Run.objects.filter(portal=by.in_portal, id__in=numbers))
    names = _companies(by, (run.organisation for run in rows))
    labels = {kind.name: kind.label for kind in run_kinds}
    pages = set(visible_runs(by).filter(id__in=numbers).values_list("id", flat=True)) if by.organisation else set()
    return {
        run.id: Shown(
            _joined(labels.get(run.kind, ""), names.get(run.organisation, ""), _far(run)),
            reverse("runs:detail", args=[run.id]) if run.id in pages else "",
        )
        for run in rows
    }


def _far(run: Run) -> str:
    """Which one, and how far it came; a file to download has no lines of its own to count."""
    number = _("run %(number)s") % {"number": run.id}
    if not run.rows:
        return number
    return _("%(run)s: %(done)s of %(rows)s lines") % {"run": number, "done": run.judged, "rows": run.rows}


def _documents(by: Actor, numbers: Sequence[int]) -> Mapping[int, Shown]:
    rows = list(Document.objects.filter(portal=by.in_portal, id__in=numbers))
    names = _companies(by, (row.organisation for row in rows))
    return {row.id: Shown(_joined(row.title, names.get(row.organisation, "")), _file(by, row)) for row in rows}


def _file(by: Actor, document: Document) -> str:
    """Its address, for who may read it: as its kind says, and in the own company only."""
    kind = document_kinds.get(document.kind)
    if kind is None or document.organisation != by.organisation:
        return ""
    try:
        kind.check(by, document)
    except DomainError:
        return ""
    return reverse("documents:show", args=[document.id])


def _events(by: Actor, numbers: Sequence[int]) -> Mapping[int, Shown]:
    """Whose it is; a request of the desk can be opened."""
    rows = list(Event.objects.filter(portal=by.in_portal, id__in=numbers))
    names = _companies(by, (row.organisation for row in rows))
    return {row.id: Shown(names.get(row.organisation or 0, ""), _page(by, row)) for row in rows}


def _page(by: Actor, event: Event) -> str:
    if event.subject_kind == "request" and event.subject and can(by, DeskRight.VIEW):
        return reverse("desk:case", args=[event.subject])
    return ""


def _companies(by: Actor, numbers: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in numbers if number is not None}
    return dict(Organisation.objects.filter(portal=by.in_portal, id__in=wanted).values_list("id", "name"))


def _joined(*words: object) -> str:
    return ", ".join(str(word) for word in words if word)


THINGS = (Thing("run", _runs), Thing("document", _documents), Thing("event", _events))
