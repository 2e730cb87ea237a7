"""The notices as the desk works them off, and as a customer reads of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from remise.core import clock, paging
from remise.core.actor import Actor
from remise.core.forms import whole_number
from remise.core.paging import Order, Page
from remise.notices.models import Batch, Notice, NoticeRule
from remise.notices.rules import Haste, Kind, haste, tail_until
from remise.organisations.models import Organisation
from remise.policies.models import Product

State = Notice.State
# What the desk's list can be narrowed to: the word in the address -> the notices.
SHOWS: Mapping[str, Q] = {
    "": Q(state__in=Notice.OPEN),
    "late": Q(state__in=Notice.OPEN) & Q(state__in=Notice.NOT_FILED),
    "pending": Q(state=State.PENDING),
    "going": Q(state=State.GOING),
    "sent": Q(state=State.SENT),
    "rejected": Q(state=State.REJECTED),
    "accepted": Q(state=State.ACCEPTED),
}
OLDEST = Order("due_on", tie="id", read=date.fromisoformat, read_tie=whole_number)
LATEST = Order("due_on", tie="id", descending=True, read=date.fromisoformat, read_tie=whole_number)
BY_PLATE = Order("plate", tie="id", read=str, read_tie=whole_number)
NEWEST_BATCH = Order("number", descending=True)
FEW = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A notice with its clock. `days_left`: until it is late, negative where it is; None where it was filed."""

    notice: Notice
    company: str
    days_left: int | None
    haste: Haste
    tail: date | None  # the last day on which the insurer answers for what has ended; as things stand

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


@dataclass(frozen=True, slots=True)
class Counts:
    open: int
    late: int
    pending: int
    going: int
    sent: int
    rejected: int


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    show: str = ""
    search: str = ""


def page_of_notices(by: Actor, query: NoticeQuery, *, after: str = "", before: str = "") -> Page[Line]:
    found = notices(by, query)
    page = paging.page(found, order_of(query), after=after, before=before)
    return page.showing(lines(by, page.rows))


def order_of(query: NoticeQuery) -> Order:
    """Oldest first; what is looked for among all by its plate."""
    if query.search and not query.show:
        return BY_PLATE
    return LATEST if query.show == "accepted" else OLDEST


def notices(by: Actor, query: NoticeQuery) -> QuerySet[Notice, Notice]:
    """Somebody who looks for a plate is shown all that was ever told of it."""
    mine = Notice.objects.filter(portal=by.in_portal)
    plate = "".join(char for char in query.search.upper() if char.isalnum())
    if plate and not query.show:
        return mine.filter(plate__prefix=plate)
    found = mine.filter(SHOWS[query.show])
    if query.show == "late":
        found = found.filter(due_on__lt=clock.today(by))
    return found.filter(plate__prefix=plate) if plate else found


def lines(by: Actor, rows: Sequence[Notice]) -> list[Line]:
    companies = {row.organisation for row in rows}
    names = dict(Organisation.objects.filter(portal=by.in_portal, id__in=companies).values_list("id", "name"))
    today = clock.today(by)
    return [line_of(row, today, names.get(row.organisation, "")) for row in rows]


def line_of(notice: Notice, today: date, company: str = "") -> Line:
    waits = notice.state in Notice.NOT_FILED
    left = (notice.due_on - today).days if waits else None
    hurry = haste(notice.due_on, today) if waits else Haste.FINE
    return Line(notice, company, left, hurry, _tail(notice, today))


def _tail(notice: Notice, today: date) -> date | None:
    """Of cover that has ended: as filed, or as it would be if it were filed today."""
    ends = notice.starts if notice.kind == Kind.ANNUL else notice.ends
    if ends is None or notice.kind == Kind.START or notice.state in (State.WITHDRAWN, State.CORRECTED):
        return None
    filed = notice.sent_at if notice.state in (State.SENT, State.ACCEPTED) else None
    return tail_until(ends, clock.day_of(filed) if filed else max(today, ends)) - timedelta(days=1)


def counts(by: Actor) -> Counts:
    found: dict[str, int] = Notice.objects.filter(portal=by.in_portal, state__in=Notice.OPEN).aggregate(
        open=Count("id"),
        late=Count("id", filter=Q(state__in=Notice.NOT_FILED, due_on__lt=clock.today(by))),
        **{state.value: Count("id", filter=Q(state=state)) for state in Notice.OPEN},
    )
    return Counts(**found)


def before_it(notice: Notice) -> Notice | None:
    """That for which it waits: an earlier one about the same vehicle or stock, that is not accepted yet."""
    if notice.state != State.PENDING:
        return None
    earlier = Notice.objects.filter(policy=notice.policy, item=notice.item_id, place__lt=notice.place)
    return earlier.filter(state__in=Notice.OPEN).order_by("place").first()


def same_subject(notice: Notice) -> list[Notice]:
    """All that was told of this vehicle or stock, newest first."""
    same = Notice.objects.filter(portal=notice.portal, policy=notice.policy, item=notice.item_id)
    return list(same.order_by("-place")[:FEW])


def products_without_rule(by: Actor) -> list[Product]:
    """Of which nobody said how their cover is told: nothing is."""
    ruled = NoticeRule.objects.filter(portal=by.in_portal).values("product")
    return list(Product.objects.filter(portal=by.in_portal).exclude(id__in=ruled).order_by("code"))


def page_of_batches(by: Actor, *, after: str = "", before: str = "") -> Page[Batch]:
    mine = Batch.objects.filter(portal=by.in_portal).defer("content")
    return paging.page(mine, NEWEST_BATCH, after=after, before=before)


def states_in(batch: Batch) -> dict[str, int]:
    found = Notice.objects.filter(portal=batch.portal, batch=batch).values("state")
    return dict(found.annotate(count=Count("*")).values_list("state", "count"))


def unsent_batches(by: Actor) -> dict[str, int]:
    """By way, the notices in batches that were made and have not gone."""
    unsent = Notice.objects.filter(portal=by.in_portal, state=State.GOING).values("batch__way")
    return dict(unsent.annotate(count=Count("id")).values_list("batch__way", "count"))


def held_up(by: Actor) -> Batch | None:
    """The batch that the register did not take at the last try."""
    unsent = Batch.objects.filter(portal=by.in_portal, sent_at=None).exclude(fault="")
    return unsent.order_by("number").first()


def of_vehicle(by: Actor, item: int) -> list[Notice]:
    """What a customer reads of: without what was never told."""
    told = Notice.objects.filter(organisation=by.company, item=item)
    return list(told.exclude(state__in=[State.WITHDRAWN, State.CORRECTED]).order_by("-place")[:FEW])
