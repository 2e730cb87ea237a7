"""What becomes of a print batch: posted, with or without what was printed wrongly; taken back the same day; printed
again from somewhere on."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.documents import print_files
from remise.documents.models import PrintFile
from remise.green_cards.models import BatchShipment, PrintBatch, Shipment
from remise.green_cards.posting import manifest, selectors
from remise.green_cards.posting.access import batch_of, held_batch
from remise.green_cards.posting.drawing import SUBJECT, edition
from remise.green_cards.posting.waiting import tell
from remise.green_cards.retention import ADDRESSES
from remise.portals.retention import kept

Outcome = BatchShipment.Outcome
State = Shipment.State


@transaction.atomic
def mark_sent(*, by: Actor, batch: int, left_out: Collection[int] = ()) -> PrintBatch:
    """All of its shipments are in the post, but for those that were printed wrongly: they wait for the next batch.
    Done twice it is done once."""
    held = held_batch(by, batch)
    if held.sent_at is not None:
        return held
    file_of(by, held)
    lines = _lines(held, Outcome.GOING)
    if not set(left_out) <= {line.shipment_id for line in lines}:
        raise NotVisible(_("There is no such shipment."))
    posted = [line for line in lines if line.shipment_id not in left_out]
    left = [line for line in lines if line.shipment_id in left_out]
    held.sent_at, held.sent_by = clock.now(by), by.account
    held.save(update_fields=["sent_at", "sent_by"])
    forget_on = clock.today(by) + kept(by, ADDRESSES)
    for line in posted:
        shipment = line.shipment
        shipment.state, shipment.sent_at, shipment.sent_by = State.SENT, held.sent_at, held.sent_by
        shipment.forget_on = forget_on
    _settle(posted, Outcome.SENT)
    for line in left:
        line.shipment.state = State.WAITING
    _settle(left, Outcome.LEFT_OUT)
    tell("shipment.sent", by, [line.shipment for line in posted], batch=held.number)
    tell("shipment.left_out", by, [line.shipment for line in left], batch=held.number)
    said = {"number": held.number, "sent": len(posted), "left_out": len(left)}
    events.record("print_batch.sent", by=by, subject=(SUBJECT, held.id), after=said)
    return held


@transaction.atomic
def take_back(*, by: Actor, batch: int) -> PrintBatch:
    """It was marked by mistake: on the same day its shipments are in the batch again. What was left out stays so."""
    held = held_batch(by, batch)
    if not may_take_back(by, held):
        raise BrokenRule(_("This can be taken back on the day itself only."), code="another_day")
    lines = _lines(held, Outcome.SENT)
    if any(line.shipment.state == State.RETURNED for line in lines):
        raise BrokenRule(_("An envelope of this batch came back already."), code="came_back")
    held.sent_at = held.sent_by = None
    held.save(update_fields=["sent_at", "sent_by"])
    for line in lines:
        shipment = line.shipment
        shipment.state, shipment.sent_at, shipment.sent_by, shipment.forget_on = State.PRINTING, None, None, None
    _settle(lines, Outcome.GOING)
    tell("shipment.sending_undone", by, [line.shipment for line in lines], batch=held.number)
    events.record("print_batch.sending_undone", by=by, subject=(SUBJECT, held.id), after={"number": held.number})
    return held


def may_take_back(by: Actor, batch: PrintBatch) -> bool:
    return batch.sent_at is not None and clock.day_of(batch.sent_at) == clock.today(by)


@transaction.atomic
def print_again(*, by: Actor, batch: int, place: int) -> None:
    """The file once more from this shipment on, as after a paper jam: a job draws it, with the pages numbered as
    they were."""
    from remise.green_cards.tasks import draw_batch

    found = batch_of(by, batch)
    file_of(by, found)
    if not found.shipments.filter(place=place).exists():
        raise NotVisible(_("There is no such shipment."))
    events.record("print_batch.printed_again", by=by, subject=(SUBJECT, batch), after={"from": place})
    draw_batch.defer(by.in_portal, batch=batch, place=place)


@transaction.atomic
def read_file(*, by: Actor, batch: int, place: int = 1) -> tuple[PrintBatch, bytes]:
    """The file, and who read it is written down: there are addresses of many companies in it."""
    found = batch_of(by, batch)
    file = file_of(by, found, place)
    events.record("print_batch.read", by=by, subject=(SUBJECT, batch), after={"from": place})
    return found, print_files.content_of(file)


def read_list(*, by: Actor, batch: int) -> tuple[PrintBatch, bytes]:
    """The file as a table to check against, written down as well: it has names and towns."""
    found = batch_of(by, batch)
    whole = selectors.files_of(by, found).get("")
    content = manifest.as_csv(found, selectors.lines_of(by, found), whole.pages if whole else None)
    events.record("print_batch.listed", by=by, subject=(SUBJECT, batch))
    return found, content


def file_of(by: Actor, batch: PrintBatch, place: int = 1) -> PrintFile:
    """Raises BrokenRule where it is not drawn yet, and where it was let go of."""
    file = print_files.of(by, (SUBJECT, batch.id)).filter(edition=edition(place)).first()
    if file is None:
        raise BrokenRule(_("The file is still being made."), code="not_drawn")
    if file.sha256 is None:
        raise BrokenRule(_("The file was let go of: it held addresses."), code="forgotten")
    return file


def _lines(batch: PrintBatch, outcome: str) -> list[BatchShipment]:
    """With their shipments, which are held."""
    lines = list(batch.shipments.filter(outcome=outcome).order_by("place"))
    found = Shipment.objects.filter(portal=batch.portal, id__in=[line.shipment_id for line in lines])
    held = {one.id: one for one in found.order_by("id").select_for_update(no_key=True)}
    for line in lines:
        line.shipment = held[line.shipment_id]
    return lines


def _settle(lines: Sequence[BatchShipment], outcome: Outcome) -> None:
    for line in lines:
        line.outcome = outcome
    BatchShipment.objects.bulk_update(lines, ["outcome"])
    shipments = [line.shipment for line in lines]
    Shipment.objects.bulk_update(shipments, ["state", "sent_at", "sent_by", "forget_on"])
