"""The insurer's people who print and post, for tests."""

from datetime import date
from uuid import UUID, uuid4

from remise.core.actor import Actor, Assurance, system
from remise.core.scope import ActorKind, enter
from remise.documents import print_files
from remise.documents.models import PrintFile
from remise.green_cards.models import BatchShipment, PrintBatch, Shipment
from remise.green_cards.posting import drawing
from remise.green_cards.posting.making import Made, make_batch
from remise.green_cards.posting.rights import PostingRight
from remise.green_cards.posting.sending import mark_sent
from tests.green_cards.pdf import Pdf
from tests.world import OWNER, Garage


def staff(garage: Garage, *rights: str) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        portal=garage.portal.id,
        account=-1,
        clock_offset=garage.portal.clock_offset,
        organisation=None,
        grants=frozenset((right, None) for right in rights or (*PostingRight,)),
        assurance=Assurance.TWO_FACTORS,
    )


def job(garage: Garage) -> Actor:
    return system(portal=garage.portal.id, name="green_cards.draw_batch", clock_offset=garage.portal.clock_offset)


def made(garage: Garage, *, key: UUID | None = None, until: date | None = None, by: Actor | None = None) -> Made:
    by = by or staff(garage)
    with enter(by.scope):
        return make_batch(by=by, key=key or uuid4(), until=until)


def batch(garage: Garage) -> PrintBatch:
    found = made(garage).batch
    assert found is not None
    return found


def drawn(garage: Garage, of: PrintBatch, *, place: int = 1) -> Pdf:
    drawing.draw(job(garage), batch=of.id, place=place)
    return file(garage, of, place=place)


def file(garage: Garage, of: PrintBatch, *, place: int = 1) -> Pdf:
    found = PrintFile.objects.using(OWNER).get(subject=of.id, edition=drawing.edition(place))
    return Pdf(print_files.content_of(found))


def sent(garage: Garage, of: PrintBatch, *left_out: Shipment) -> None:
    by = staff(garage)
    with enter(by.scope):
        mark_sent(by=by, batch=of.id, left_out=[one.id for one in left_out])


def post(garage: Garage) -> PrintBatch:
    """All that waits, as one batch."""
    found = batch(garage)
    drawn(garage, found)
    sent(garage, found)
    return found


def lines(of: PrintBatch) -> list[BatchShipment]:
    return list(BatchShipment.objects.using(OWNER).filter(batch=of.id).order_by("place"))


def fresh(shipment: Shipment) -> Shipment:
    return Shipment.objects.using(OWNER).get(id=shipment.id)
