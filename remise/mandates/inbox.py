"""All clients of an office on one page: by name, with what waits for each; and the same by kind and day over all of
them. Read as an agent: nothing here opens a client, that is done by acting for one (`acting`)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from remise.core import paging
from remise.core.actor import Actor
from remise.core.clients import ClientTasks, Waiting, client_tasks
from remise.core.forms import whole_number
from remise.core.models import Reach
from remise.core.paging import Order, Page
from remise.core.words import Text
from remise.organisations.models import Organisation

BY_NAME = Order("name", tie="organisation", read=str, read_tie=whole_number)


@dataclass(frozen=True, slots=True)
class ToDo:
    """So many of one kind, and where they are done."""

    words: str
    url: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A client, and what waits there."""

    organisation: int
    name: str
    to_do: Sequence[ToDo]


@dataclass(frozen=True, slots=True)
class Group:
    """What waits of one kind over all clients, by the day until which it can be done."""

    kind: str
    label: Text
    words: str
    due: date | None


def clients(by: Actor, *, search: str = "", kind: str = "", after: str = "", before: str = "") -> Page[Line]:
    """By name; `search` is how the name begins, `kind` shows only those where something of it waits."""
    reached = Reach.objects.filter(viewer=by.company)
    if search.strip():
        reached = reached.filter(name__prefix=search.strip().lower())
    wanted = client_tasks.get(kind)
    if wanted is not None:
        reached = reached.filter(_has_any(wanted))
    page = paging.page(reached, BY_NAME, after=after, before=before)
    numbers = [row.organisation for row in page.rows]
    names = dict(Organisation.objects.filter(id__in=numbers).values_list("id", "name"))
    to_do = _to_do(page.rows)
    # Whose mandate ended while this page was read is not in `names`.
    return page.showing([Line(one, names[one], to_do.get(one, ())) for one in numbers if one in names])


def count(by: Actor) -> int:
    """How many clients there are."""
    return Reach.objects.filter(viewer=by.company).count()


def groups(by: Actor) -> list[Group]:
    """What is due first comes first; what has no day comes last."""
    found: list[Group] = []
    for kind in client_tasks:
        for due, count in sorted(_counted(by, kind).items(), key=lambda one: one[0] or date.max):
            found.append(Group(kind.name, kind.label, kind.words(count), due))
    return sorted(found, key=lambda one: one.due or date.max)


def _counted(by: Actor, kind: ClientTasks) -> dict[date | None, int]:
    counts: dict[date | None, int] = defaultdict(int)
    for part in kind.waiting():
        rows = part.rows.filter(organisation__in=_reached(by, part).values("organisation"))
        if not kind.due:
            counts[None] += rows.count()
            continue
        for row in rows.values(day=F(kind.due)).annotate(count=Count("pk")):
            counts[row["day"]] += row["count"]
    return {day: count for day, count in counts.items() if count}


def _reached(by: Actor, part: Waiting) -> QuerySet[Reach]:
    return Reach.objects.filter(viewer=by.company, rights__overlap=list(part.rights))


def _has_any(kind: ClientTasks) -> Q:
    found = Q(pk__in=[])
    for part in kind.waiting():
        found |= Q(rights__overlap=list(part.rights)) & Q(
            Exists(part.rows.filter(organisation=OuterRef("organisation")))
        )
    return found


def _to_do(shown: Iterable[Reach]) -> dict[int, list[ToDo]]:
    rights = {row.organisation: set(row.rights) for row in shown}
    found: dict[int, list[ToDo]] = defaultdict(list)
    for kind in client_tasks:
        counts: dict[int, int] = defaultdict(int)
        for part in kind.waiting():
            wanted = [one for one, held in rights.items() if held.intersection(part.rights)]
            rows = part.rows.filter(organisation__in=wanted).values("organisation")
            for row in rows.annotate(count=Count("pk")):
                counts[row["organisation"]] += row["count"]
        for organisation, count in counts.items():
            found[organisation].append(ToDo(kind.words(count), kind.url()))
    return found
