"""Following what happens in a company from outside, without a gap (docs/adr/0014).

Rooms say here which of their events a program may follow, and what it is told of each. What no room names is followed
by nobody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from pydantic import BaseModel

from remise.core import paging
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.forms import whole_number
from remise.core.models import Event
from remise.core.paging import Order, Page
from remise.core.registry import Registry

type Told = Mapping[int, Mapping[str, Any]]  # by the event's number

AS_COMMITTED = Order("transaction", tie="id", read_tie=whole_number)
SIZE = 100
# Each cluster counts its transactions from 3; none comes so far (at 10,000 a second: in 55 years).
CLUSTER = 2**44


@dataclass(frozen=True, slots=True)
class Followed:
    """Events of these kinds, for who holds one of `rights` in at least one branch; they may be a list that still
    grows, and are read each time. `tell` gives what a program learns of each of these events, and leaves out those
    that this actor may not see. `shape` describes that: it is a promise to programs, and fields are only added."""

    name: str
    kinds: frozenset[str]
    rights: Iterable[str]
    tell: Callable[[Actor, Sequence[Event]], Told]
    shape: type[BaseModel]


followed: Registry[Followed] = Registry(lambda entry: entry.name)


@dataclass(frozen=True, slots=True)
class Change:
    event: Event
    data: Mapping[str, Any]


def changes(by: Actor, *, after: str = "", size: int = SIZE) -> tuple[Page[Change], str]:
    """What happened behind this key, in the order in which it came to stand; and the key to go on from, also where
    there is nothing yet.

    A transaction that is still under way may have taken earlier numbers. So rows are read by the number of their
    transaction, and only those of transactions before the oldest that is under way: nothing comes in among them any
    more. What is held back comes a moment later. Nobody was ever given a key from there: who shows one was in another
    database, would miss what comes, and is told.
    """
    settled_until = _oldest_under_way()
    if after and int(after.rpartition("~")[0]) >= settled_until:
        raise BrokenRule(
            _("This place lies behind the last change: it is of another time. Begin at the start, without a place."),
            code="cursor",
            field="after",
        )
    held = {right for right, _branch in by.grants}
    mine = [entry for entry in followed if any(right in held for right in entry.rights)]
    kinds = {kind for entry in mine for kind in entry.kinds}
    settled = Event.objects.filter(organisation=by.company, kind__in=kinds, transaction__lt=settled_until)
    page = paging.page(settled, AS_COMMITTED, after=after, size=size)
    told: dict[int, Mapping[str, Any]] = {}
    for entry in mine:
        told |= entry.tell(by, [event for event in page.rows if event.kind in entry.kinds])
    shown = [Change(event, told[event.id]) for event in page.rows if event.id in told]
    return page.showing(shown), AS_COMMITTED.key(page.rows[-1]) if page.rows else after


def _oldest_under_way() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select transactions_before() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
