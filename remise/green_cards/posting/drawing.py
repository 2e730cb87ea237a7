"""Drawing the file of a print batch: part by part, which is what its page shows as progress; then it is kept. Killed
halfway it is begun anew, and nobody sees anything of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.scope import enter
from remise.documents import drawing, joining, print_files
from remise.documents.joining import Bookmark
from remise.documents.models import Document
from remise.green_cards.models import BatchShipment, CardSettings, GreenCard, PrintBatch
from remise.green_cards.posting import papers
from remise.green_cards.posting.papers import SHEET, Parcel
from remise.green_cards.posting.rules import Pages, drawn_pages, pages
from remise.green_cards.selectors.planning import settings_of
from remise.portals.models import Portal

SUBJECT = "print_batch"
TELLING = 40  # documents between two words of how far it is


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a batch, read at once; `place`: the shipment with which this file begins."""

    batch: PrintBatch
    portal: Portal
    settings: CardSettings
    parcels: Sequence[Parcel]
    place: int

    @property
    def is_whole(self) -> bool:
        return self.place == 1


def edition(place: int) -> str:
    """Of the file that begins with this shipment."""
    return "" if place == 1 else f"from-{place}"


def draw(system: Actor, *, batch: int, place: int) -> None:
    about = (SUBJECT, batch)
    with enter(system.scope):
        if print_files.of(system, about).filter(edition=edition(place)).exists():
            return
        plan = _plan(batch, place)
    front = _contents(plan)
    where = _where(plan, joining.pages_of(front))
    content = joining.join(
        _parts(system, plan, front, where), bookmarks=_bookmarks(plan, where), both_sides=plan.batch.both_sides
    )
    with enter(system.scope):
        count = joining.pages_of(content)
        companies = {parcel.shipment.organisation for parcel in plan.parcels}
        kept = print_files.keep(
            system, subject=about, content=content, pages=count, companies=companies, edition=edition(place)
        )
        if kept and plan.is_whole:
            _note_pages(plan, where, count)


def _plan(number: int, place: int) -> Plan:
    batch = PrintBatch.objects.get(id=number)
    lines = list(batch.shipments.select_related("shipment").order_by("place"))
    wanted = [paper for line in lines for paper in line.documents]
    known = Document.objects.filter(portal=batch.portal).in_bulk(wanted)
    asked: dict[int, int] = {}
    for request in GreenCard.objects.filter(
        portal=batch.portal, shipment__in=[line.shipment.carries for line in lines]
    ).values_list("shipment", flat=True):
        asked[request] = asked.get(request, 0) + 1
    parcels = [
        Parcel(
            line,
            line.shipment,
            [known[paper] for paper in line.documents],
            asked[line.shipment.carries] - len(line.documents),
        )
        for line in lines
    ]
    portal = Portal.objects.get(id=batch.portal)
    return Plan(batch, portal, settings_of(portal), parcels, place)


def _contents(plan: Plan) -> bytes:
    """It tells the pages of all, and so its own number of pages too: drawn until that is right."""
    before = 1
    while True:
        where = _where(plan, before)
        drawn = drawing.draw(
            [papers.contents(plan.batch, plan.portal, plan.parcels, where, where[-1].last)], to_print=True
        )
        if joining.pages_of(drawn) == before:
            return drawn
        before = joining.pages_of(drawn)


def _where(plan: Plan, before: int) -> list[Pages]:
    counts = [len(parcel.papers) for parcel in plan.parcels]
    return pages(counts, before=before, both_sides=plan.batch.both_sides)


def _parts(system: Actor, plan: Plan, front: bytes, where: Sequence[Pages]) -> Iterator[bytes]:
    """What was counted is held against what is drawn: a page too many would put all that follows in the wrong
    envelope."""
    if plan.is_whole:
        yield front
    documents = _documents(plan, where)
    for start in range(0, len(documents), drawing.TOGETHER):
        part = documents[start : start + drawing.TOGETHER]
        drawn = drawing.draw(part, to_print=True, both_sides=plan.batch.both_sides)
        expected = drawn_pages([one.kind != SHEET.name for one in part], both_sides=plan.batch.both_sides)
        if joining.pages_of(drawn) != expected:
            raise ValueError(f"{joining.pages_of(drawn)} pages drawn instead of {expected}")
        yield drawn
        if plan.is_whole and start % TELLING == 0:
            with enter(system.scope):
                PrintBatch.objects.filter(id=plan.batch.id).update(drawn=start + len(part))


def _documents(plan: Plan, where: Sequence[Pages]) -> list[Document]:
    found: list[Document] = []
    for parcel, page in zip(plan.parcels, where, strict=True):
        if parcel.line.place >= plan.place:
            found.append(papers.sheet(plan.batch, plan.portal, plan.settings, parcel, page, len(plan.parcels)))
            found += parcel.papers
    return found


def _bookmarks(plan: Plan, where: Sequence[Pages]) -> list[Bookmark]:
    """In the file as it is drawn: one that begins later has fewer pages before."""
    shift = 0 if plan.is_whole else where[plan.place - 1].first - 1
    with translation.override(plan.batch.language):
        first = [Bookmark(papers.title_of(plan.batch), 1)] if plan.is_whole else []
        return first + [
            Bookmark(_("Shipment %(number)s") % {"number": parcel.shipment.id}, page.first - shift)
            for parcel, page in zip(plan.parcels, where, strict=True)
            if parcel.line.place >= plan.place
        ]


def _note_pages(plan: Plan, where: Sequence[Pages], count: int) -> None:
    if count != where[-1].last:
        raise ValueError(f"{count} pages instead of {where[-1].last}")
    for parcel, page in zip(plan.parcels, where, strict=True):
        parcel.line.first_page, parcel.line.last_page = page.first, page.last
    lines = [parcel.line for parcel in plan.parcels]
    BatchShipment.objects.bulk_update(lines, ["first_page", "last_page"])
