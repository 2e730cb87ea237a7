"""What waits to be posted, and the print batches, as those see them who print."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from remise.core import clock, paging
from remise.core.actor import Actor
from remise.core.forms import whole_number
from remise.core.paging import Order, Page
from remise.documents import print_files
from remise.documents.models import Document, PrintFile
from remise.green_cards.models import BatchShipment, GreenCard, PrintBatch, Shipment
from remise.green_cards.posting.drawing import SUBJECT
from remise.green_cards.posting.papers import numbers
from remise.green_cards.posting.waiting import wanted
from remise.green_cards.rules import may_be_printed
from remise.green_cards.selectors.cards import state_of, with_cover
from remise.green_cards.selectors.returned import is_newest
from remise.organisations.models import Organisation

OLDEST = Order("post_by", tie="id", read=date.fromisoformat, read_tie=whole_number)
NEWEST = Order("number", descending=True)


@dataclass(frozen=True, slots=True)
class Counts:
    """`late`: to be posted before today; `urgent`: these, and those of today."""

    shipments: int
    urgent: int
    late: int
    first: date | None  # the first day by which one is to be posted


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be posted up to and including a day."""

    until: date
    shipments: int
    cards: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    shipment: Shipment
    company: str
    cards: int
    days_left: int  # negative: too late

    @property
    def days_late(self) -> int:
        return -self.days_left


@dataclass(frozen=True, slots=True)
class Letter:
    """One shipment as those see it who post. `numbers`: of its cards that are not void."""

    shipment: Shipment
    company: str
    numbers: str
    batch: PrintBatch | None
    may_undo_return: bool  # its cards were not sent again since


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A shipment in a batch. `ended`: numbers of cards that were printed and are worth nothing any more."""

    line: BatchShipment
    shipment: Shipment
    company: str
    numbers: Sequence[str]
    ended: Sequence[str]

    @property
    def cards(self) -> int:
        return len(self.numbers)

    @property
    def shown(self) -> str:
        return numbers([int(text) for text in self.numbers])

    @property
    def is_left_out(self) -> bool:
        return self.line.outcome == BatchShipment.Outcome.LEFT_OUT


@dataclass(frozen=True, slots=True)
class BatchRow:
    batch: PrintBatch
    shipments: int
    left_out: int
    is_drawn: bool

    @property
    def posted(self) -> int:
        return self.shipments - self.left_out


def counts(by: Actor) -> Counts:
    today = clock.today(by)
    found = wanted(by).aggregate(
        shipments=Count("id"),
        urgent=Count("id", filter=Q(post_by__lte=today)),
        late=Count("id", filter=Q(post_by__lt=today)),
        first=Min("post_by"),
    )
    return Counts(**found)


def wanted_until(by: Actor, until: date) -> Wanted:
    found = wanted(by, until)
    requests = found.values(request=Coalesce("again_of", "id"))
    cards = GreenCard.objects.filter(portal=by.in_portal, shipment__in=requests, voided_at=None)
    return Wanted(until, found.count(), cards.count())


def page_of_waiting(by: Actor, until: date | None = None, *, after: str = "", before: str = "") -> Page[WaitingLine]:
    page = paging.page(wanted(by, until), OLDEST, after=after, before=before)
    names = _names(by, {row.organisation for row in page.rows})
    cards = dict(
        GreenCard.objects.filter(portal=by.in_portal, shipment__in=[row.carries for row in page.rows], voided_at=None)
        .values_list("shipment")
        .annotate(count=Count("id"))
    )
    today = clock.today(by)
    return page.showing(
        [
            WaitingLine(row, names.get(row.organisation, ""), cards.get(row.carries, 0), (row.post_by - today).days)
            for row in page.rows
            if row.post_by is not None
        ]
    )


def letter_of(by: Actor, shipment: Shipment) -> Letter:
    cards = GreenCard.objects.filter(portal=by.in_portal, shipment=shipment.carries, voided_at=None)
    line = BatchShipment.objects.filter(portal=by.in_portal, shipment=shipment).order_by("-id").first()
    return Letter(
        shipment,
        _names(by, [shipment.organisation]).get(shipment.organisation, ""),
        numbers(list(cards.values_list("serial", flat=True))),
        line.batch if line else None,
        shipment.state == Shipment.State.RETURNED and is_newest(shipment),
    )


def page_of_batches(by: Actor, *, after: str = "", before: str = "") -> Page[BatchRow]:
    found = PrintBatch.objects.filter(portal=by.in_portal)
    page = paging.page(found, NEWEST, after=after, before=before)
    numbers = [batch.id for batch in page.rows]
    left_out = Count("id", filter=Q(outcome=BatchShipment.Outcome.LEFT_OUT))
    within = BatchShipment.objects.filter(portal=by.in_portal, batch__in=numbers).values_list("batch")
    sizes = {batch: (size, left) for batch, size, left in within.annotate(size=Count("id"), left=left_out)}
    drawn = set(
        PrintFile.objects.filter(
            portal=by.in_portal, subject_kind=SUBJECT, subject__in=numbers, edition=""
        ).values_list("subject", flat=True)
    )
    return page.showing([BatchRow(batch, *sizes[batch.id], batch.id in drawn) for batch in page.rows])


def lines_of(by: Actor, batch: PrintBatch) -> list[BatchLine]:
    """In the order in which they are printed."""
    lines = list(batch.shipments.select_related("shipment").order_by("place"))
    names = _names(by, {line.organisation for line in lines})
    papers = Document.objects.filter(
        portal=by.in_portal, id__in=[paper for line in lines for paper in line.documents]
    )
    known = {number: (card, text) for number, card, text in papers.values_list("id", "subject", "number")}
    ended = _ended(by, {card for card, _text in known.values()}) if batch.sent_at is None else set()
    return [
        BatchLine(
            line,
            line.shipment,
            names.get(line.organisation, ""),
            [known[paper][1] for paper in line.documents],
            [known[paper][1] for paper in line.documents if known[paper][0] in ended],
        )
        for line in lines
    ]


def _ended(by: Actor, cards: Collection[int]) -> set[int]:
    today = clock.today(by)
    found = with_cover(GreenCard.objects.filter(portal=by.in_portal, id__in=cards), today)
    return {card.id for card in found if not may_be_printed(state_of(card, today))}


def files_of(by: Actor, batch: PrintBatch) -> dict[str, PrintFile]:
    """By edition: the whole one is ""."""
    return {file.edition: file for file in print_files.of(by, (SUBJECT, batch.id)).order_by("id")}


def _names(by: Actor, companies: Collection[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(portal=by.in_portal, id__in=companies).values_list("id", "name"))
