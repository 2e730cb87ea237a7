"""Making a print batch: what waits goes into it, each shipment once, whoever else makes one at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.core.events import Happened
from remise.documents.models import Document
from remise.green_cards.actions.reprinting import for_the_printer
from remise.green_cards.models import BatchShipment, CardSettings, GreenCard, PrintBatch, Shipment
from remise.green_cards.posting import waiting
from remise.green_cards.posting.access import require
from remise.green_cards.posting.rules import Waiting, together
from remise.green_cards.selectors.planning import settings_of
from remise.portals.models import Portal

LOCK = 1_196_573_252  # of making batches, among the database's advisory locks


@dataclass(frozen=True, slots=True)
class Made:
    """`batch`: none where all that waited was cancelled, for its cards had ended."""

    batch: PrintBatch | None
    cancelled: int = 0


@transaction.atomic
def make_batch(*, by: Actor, key: UUID, until: date | None = None, language: str = "nl") -> Made:
    """Of what waits, or of what is to be posted up to a day, what is due first, up to so many cards; its file is
    drawn by a job. Cards that ended are left out, and a shipment that has none left is posted no more. With the same
    `key` it is the same batch."""
    from remise.green_cards.tasks import draw_batch

    require(by)
    assert by.account is not None  # the insurer's people
    _wait_for_others(by)
    before = PrintBatch.objects.filter(portal=by.in_portal, key=key).first()
    if before is not None:
        return Made(before)
    settings = settings_of(Portal.objects.get(id=by.in_portal))
    found, ended = _found(by, until, settings)
    if ended:
        waiting.cancel(by, ended)
    if not found:
        if not ended:
            raise BrokenRule(_("Nothing waits to be printed."), code="nothing_waits")
        return Made(None, len(ended))
    worth = {shipment.id: cards for shipment, cards in found}
    shipments = {shipment.id: shipment for shipment, _cards in found}
    chosen = together([_waiting(shipment, cards) for shipment, cards in found], settings.batch_cards)
    batch = PrintBatch.objects.create(
        portal=by.in_portal,
        number=int(rows("select take_batch_number()")[0][0]),
        key=key,
        language=language,
        both_sides=settings.both_sides,
        cards=sum(one.cards for one in chosen),
        made_at=clock.now(by),
        made_by=by.account,
    )
    taken = [shipments[one.shipment] for one in chosen]
    _fill(batch, by, taken, worth)
    said = {"number": batch.number, "shipments": len(taken), "cards": batch.cards}
    events.record("print_batch.made", by=by, subject=("print_batch", batch.id), after=said)
    draw_batch.defer(by.in_portal, batch=batch.id, place=1)
    return Made(batch, len(ended))


def _wait_for_others(by: Actor) -> None:
    """One at a time makes a batch in a portal: a second one sees what the first one left."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, by.in_portal])


def _found(
    by: Actor, until: date | None, settings: CardSettings
) -> tuple[list[tuple[Shipment, list[GreenCard]]], list[Shipment]]:
    """Shipments with their cards worth printing, enough for a batch, and those that have none."""
    asked = waiting.wanted(by, until)
    found: list[tuple[Shipment, list[GreenCard]]] = []
    ended: list[Shipment] = []
    place = 0
    while sum(len(cards) for _shipment, cards in found) < settings.batch_cards:
        part = asked.order_by("post_by", "id")[place : place + waiting.PART]
        held = {one.id: one for one in part.select_for_update(no_key=True)}
        worth = waiting.worth_printing(by, held.values())
        found += [(one, worth[one.id]) for one in held.values() if worth[one.id]]
        ended += [one for one in held.values() if not worth[one.id]]
        place += waiting.PART
        if len(held) < waiting.PART:
            break
    return found, ended


def _waiting(shipment: Shipment, cards: Sequence[GreenCard]) -> Waiting:
    address = (shipment.country, shipment.postcode, shipment.town, shipment.street, shipment.addressee)
    return Waiting(shipment.id, len(cards), tuple(part.casefold() for part in address))


def _fill(batch: PrintBatch, by: Actor, taken: Sequence[Shipment], worth: Mapping[int, Sequence[GreenCard]]) -> None:
    cards = [card for shipment in taken for card in worth[shipment.id]]
    papers = _papers(by, cards)
    BatchShipment.objects.bulk_create(
        BatchShipment(
            portal=batch.portal,
            organisation=shipment.organisation,
            batch=batch,
            shipment=shipment,
            place=place,
            documents=[papers[card.id].id for card in worth[shipment.id]],
        )
        for place, shipment in enumerate(taken, start=1)
    )
    for shipment in taken:
        shipment.state = Shipment.State.PRINTING
    Shipment.objects.bulk_update(taken, ["state"])
    for company in sorted({shipment.organisation for shipment in taken}):
        happened = [
            Happened(("shipment", one.id), after={"cards": [card.id for card in worth[one.id]]})
            for one in taken
            if one.organisation == company
        ]
        events.record_all("green_card.printed", by=by, organisation=company, happened=happened)


def _papers(by: Actor, cards: Sequence[GreenCard]) -> dict[int, Document]:
    """What goes through the printer of each: one that was printed before is marked, in its own language."""
    prefetch_related_objects(cards, "document")  # of those that are printed alone: each has a snapshot
    groups: dict[tuple[int, str], list[GreenCard]] = {}
    for card in cards:
        assert card.document is not None  # made with it
        groups.setdefault((card.organisation, card.document.language), []).append(card)
    found: dict[int, Document] = {}
    for (_company, language), group in sorted(groups.items()):
        papers = for_the_printer(group, by, language)
        found |= {card.id: paper for card, paper in zip(group, papers, strict=True)}
    return found
