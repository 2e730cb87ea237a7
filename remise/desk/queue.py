"""What waits at the desk: which filters there are, how many requests each holds, and which one comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import Self

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from remise.core import clock, paging
from remise.core.actor import Actor, can
from remise.core.clock import AMSTERDAM
from remise.core.errors import Forbidden, NotVisible
from remise.core.forms import whole_number
from remise.core.identifiers.text import compact
from remise.core.paging import Order, Page
from remise.core.scope import ActorKind
from remise.desk.kinds import kinds
from remise.desk.models import ABOUT, DeskRequest
from remise.desk.rights import DeskRight
from remise.desk.rules import Age, first_days
from remise.desk.selectors import NEWEST_FIRST, Line, companies_of, line_with
from remise.organisations.models import Organisation
from remise.organisations.names import names_in
from remise.portals.calendar import desk_week

MOST_COMPANIES = 200  # that a typed name is taken to mean


def _moment(text: str) -> datetime | None:
    """One that says its zone, as the addresses of these lists do."""
    found = parse_datetime(text)
    return found if found is not None and found.tzinfo is not None else None


DUE_FIRST = Order("due_at", tie="id", read=_moment, read_tie=whole_number)
# What can be chosen in each; one of each at a time, and all of them together.
FACETS: Mapping[str, tuple[str, ...]] = {
    "age": tuple(Age),
    "due": ("late", "today", "week"),
    "who": ("nobody", "me", "colleague"),
    "waits": ("customer",),
}


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What the list is narrowed to; it stands in the address."""

    show: str = ""  # or "done": what is closed
    kind: str = ""
    age: str = ""
    due: str = ""
    who: str = ""
    waits: str = ""
    company: str = ""  # a part of the name, or the KvK number
    about: str = ""  # a part of the plate, or of what else the kind is found by

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """What cannot be read is left out."""
        said = {field.name: asked.get(field.name, "").replace("\0", "").strip()[:ABOUT] for field in fields(cls)}
        query = cls(**said)
        wrong = {name: "" for name, values in FACETS.items() if said[name] not in values}
        return replace(
            query,
            show="done" if query.show == "done" else "",
            kind=query.kind if query.kind in kinds else "",
            **wrong,
        )

    @property
    def address(self) -> dict[str, str]:
        """Only what is chosen."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    @property
    def is_done(self) -> bool:
        return self.show == "done"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of open requests. A value of a facet is counted under what is chosen in the others, as its list would be."""

    open: int
    late: int
    mine: int
    facets: Mapping[str, Mapping[str, int]]
    kinds: Mapping[str, int]
    late_of_kinds: Mapping[str, int]


def require_desk(by: Actor) -> None:
    """The desk is not there for customers; who works for the insurer needs the right."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, DeskRight.VIEW)
    if not decision:
        raise Forbidden(decision)


def request_at_desk(by: Actor, number: int) -> DeskRequest:
    """A request of this portal; raises NotVisible for any other."""
    require_desk(by)
    found = find_at_desk(by, number)
    if found is None:
        raise NotVisible(_("There is no such request."))
    return found


def find_at_desk(by: Actor, number: int) -> DeskRequest | None:
    return _of_known_kinds(by).filter(id=number).first()


def queue(by: Actor, query: QueueQuery) -> QuerySet[DeskRequest]:
    found = _typed(by, query, _of_known_kinds(by))
    if query.kind:
        found = found.filter(kind=query.kind)
    if query.is_done:
        mine = found.filter(assignee=by.shown_as) if query.who == "me" else found
        return mine.exclude(state__in=DeskRequest.OPEN)
    chosen = _chosen(query, _conditions(by))
    return found.filter(_all(chosen.values()), state__in=DeskRequest.OPEN)


def counts(by: Actor, query: QueueQuery | None = None) -> Counts:
    """In one statement, whatever is chosen: the open requests are read once."""
    query = query or QueueQuery()
    conditions = _conditions(by)
    chosen = _chosen(query, conditions)
    asked = {
        "all": Q(),
        "all_late": conditions["due"]["late"],
        "mine": conditions["who"]["me"],
        "listed": _all(chosen.values()),
        "listed_late": _all(chosen.values()) & conditions["due"]["late"],
    }
    for facet, values in conditions.items():
        others = _all(condition for name, condition in chosen.items() if name != facet)
        asked |= {f"{facet}_{number}": others & condition for number, condition in enumerate(values.values())}
    found = _typed(by, query, _of_known_kinds(by).filter(state__in=DeskRequest.OPEN))
    counted = {name: Count("id", filter=one) for name, one in asked.items()}
    by_kind: dict[str, Mapping[str, int]] = {
        kind: dict(zip(counted, numbers, strict=True))
        for kind, *numbers in found.order_by().values("kind").annotate(**counted).values_list("kind", *counted)
    }

    def total(name: str, *, of_kind: str = "") -> int:
        return sum(row[name] for kind, row in by_kind.items() if of_kind in {"", kind})

    return Counts(
        open=total("all"),
        late=total("all_late"),
        mine=total("mine"),
        facets={
            facet: {
                value: total(f"{facet}_{number}", of_kind=query.kind) for number, value in enumerate(FACETS[facet])
            }
            for facet in FACETS
        },
        kinds={kind: row["listed"] for kind, row in by_kind.items() if row["listed"]},
        late_of_kinds={kind: row["listed_late"] for kind, row in by_kind.items()},
    )


def page_of_queue(by: Actor, query: QueueQuery, *, after: str = "", before: str = "") -> Page[Line]:
    """What is due first comes first; what is done, newest first."""
    order = NEWEST_FIRST if query.is_done else DUE_FIRST
    page = paging.page(queue(by, query), order, after=after, before=before)
    return page.showing(lines_at_desk(by, page.rows))


def lines_at_desk(by: Actor, requests: Iterable[DeskRequest]) -> list[Line]:
    """With the company, and the colleague who is at it."""
    found = list(requests)
    companies = companies_of(request.organisation for request in found)
    names = names_in(by.organisation, (request.assignee for request in found))
    now, week = clock.now(by), desk_week(by.in_portal)
    return [
        line_with(
            by,
            request,
            week,
            company=companies[request.organisation].name,
            assignee=names.get(request.assignee or 0, ""),
            now=now,
        )
        for request in found
    ]


def next_of(by: Actor, query: QueueQuery, *, other_than: int) -> int | None:
    """The request to go on with: one's own first, else the one that waits and is due first. Where the customer has
    still to answer, there is nothing to go on with."""
    found = queue(by, query).exclude(id=other_than)
    mine = found.filter(assignee=by.shown_as, unread=False).order_by("due_at", "id").values_list("id", flat=True)
    waiting = found.filter(state=DeskRequest.State.WAITING).order_by("due_at", "id")
    return mine.first() or waiting.values_list("id", flat=True).first()


def _of_known_kinds(by: Actor) -> QuerySet[DeskRequest]:
    return DeskRequest.objects.filter(portal=by.in_portal, kind__in=[kind.name for kind in kinds])


def _typed(by: Actor, query: QueueQuery, found: QuerySet[DeskRequest]) -> QuerySet[DeskRequest]:
    """By what was typed. Looked for within the portal's requests, which an index gives: parts of words have none."""
    if query.company:
        found = found.filter(organisation__in=_companies_named(by, query.company))
    if query.about:
        said = query.about.upper(), compact(query.about).upper()
        found = found.filter(Q(about__contains=said[0]) | Q(about__contains=said[1]) | _worded(query.about.lower()))
    return found


def _worded(text: str) -> Q:
    """Those of which the list itself shows this, in the reader's language."""
    labelled = [kind.name for kind in kinds if text in str(kind.label).lower()]
    return reduce(or_, (Q(kind=kind.name) & kind.titled(text) for kind in kinds), Q(kind__in=labelled))


def _companies_named(by: Actor, text: str) -> list[int]:
    here = Organisation.objects.filter(portal=by.in_portal)
    named = here.filter(Q(kvk=compact(text)[:8]) | Q(name__icontains=text)).order_by("name", "id")
    return list(named.values_list("id", flat=True)[:MOST_COMPANIES])


def _chosen(query: QueueQuery, conditions: Mapping[str, Mapping[str, Q]]) -> dict[str, Q]:
    """Facet -> the condition of what is chosen in it."""
    return {facet: conditions[facet][value] for facet in FACETS if (value := getattr(query, facet))}


def _conditions(by: Actor) -> dict[str, dict[str, Q]]:
    """Facet -> value -> condition, in the order of FACETS."""
    now, today = clock.now(by), clock.today(by)
    starts = {age: _midnight(day) for age, day in first_days(today, desk_week(by.in_portal)).items()}
    # Past its time, or soon so, and it is the desk that is waited for.
    due = Q(unread=False, due_at__gte=now)
    end_of_day = _midnight(today + timedelta(days=1))
    end_of_week = _midnight(today + timedelta(days=7 - today.weekday()))
    return {
        "age": {
            Age.TODAY: Q(opened_at__gte=starts[Age.TODAY]),
            Age.FEW: Q(opened_at__gte=starts[Age.FEW], opened_at__lt=starts[Age.TODAY]),
            Age.MORE: Q(opened_at__gte=starts[Age.MORE], opened_at__lt=starts[Age.FEW]),
            Age.OLDER: Q(opened_at__lt=starts[Age.MORE]),
        },
        "due": {
            "late": Q(due_at__lt=now, unread=False),
            "today": due & Q(due_at__lt=end_of_day),
            "week": due & Q(due_at__lt=end_of_week),
        },
        "who": {
            "nobody": Q(assignee__isnull=True),
            "me": Q(assignee=by.shown_as),
            "colleague": Q(assignee__isnull=False) & ~Q(assignee=by.shown_as),
        },
        "waits": {"customer": Q(unread=True)},
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _all(conditions: Iterable[Q]) -> Q:
    return reduce(and_, conditions, Q())
