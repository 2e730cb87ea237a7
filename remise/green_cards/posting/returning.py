"""A letter that came back: the desk notes it, and why; and takes that back where it was a mistake."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.green_cards.models import Shipment
from remise.green_cards.posting.access import shipment_of
from remise.green_cards.posting.waiting import tell
from remise.green_cards.retention import ADDRESSES
from remise.green_cards.selectors.returned import is_newest
from remise.portals.retention import kept

State = Shipment.State


@transaction.atomic
def note_return(*, by: Actor, shipment: int, reason: str) -> Shipment:
    """Its company sees it and may have the cards sent again. Noted twice it is noted once."""
    shipment_of(by, shipment)
    held = Shipment.objects.select_for_update(no_key=True).get(id=shipment)
    if held.state == State.RETURNED:
        return held
    if held.state != State.SENT:
        raise BrokenRule(_("This shipment was not posted."), code="not_posted")
    if reason not in Shipment.ReturnReason.values:
        raise BrokenRule(_("Choose why it came back."), code="no_reason", field="reason")
    held.state, held.return_reason = State.RETURNED, reason
    held.returned_at, held.returned_by = clock.now(by), by.account
    # As long again: the company looks at the address, and corrects it.
    held.forget_on = clock.today(by) + kept(by, ADDRESSES)
    held.save(update_fields=["state", "return_reason", "returned_at", "returned_by", "forget_on"])
    tell("shipment.returned", by, [held], reason=reason)
    return held


@transaction.atomic
def undo_return(*, by: Actor, shipment: int) -> Shipment:
    """It did not come back: it counts as posted again, unless its cards were sent again meanwhile. Undone twice it is
    undone once."""
    found = shipment_of(by, shipment)
    # Whoever sends these cards again holds the first of their shipments.
    numbers = {found.carries, found.id}
    locked = Shipment.objects.filter(id__in=numbers).order_by("id").select_for_update(no_key=True)
    held = {one.id: one for one in locked}[found.id]
    if held.state != State.RETURNED:
        return held
    if not is_newest(held):
        raise BrokenRule(_("These cards were sent again already."), code="sent_again_already")
    assert held.sent_at is not None
    held.state, held.return_reason, held.returned_at, held.returned_by = State.SENT, "", None, None
    held.forget_on = clock.day_of(held.sent_at) + kept(by, ADDRESSES)
    held.save(update_fields=["state", "return_reason", "returned_at", "returned_by", "forget_on"])
    tell("shipment.return_undone", by, [held])
    return held
