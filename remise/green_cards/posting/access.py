"""Who of the insurer's people prints and posts cards."""

from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.green_cards.models import PrintBatch, Shipment
from remise.green_cards.posting.rights import PostingRight


def may_post(by: Actor) -> bool:
    return by.kind is ActorKind.STAFF and bool(can(by, PostingRight.POST))


def require(by: Actor) -> None:
    """For customers these pages are not there."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    decision = can(by, PostingRight.POST)
    if not decision:
        raise Forbidden(decision)


def batch_of(by: Actor, number: int) -> PrintBatch:
    require(by)
    found = PrintBatch.objects.filter(portal=by.in_portal, id=number).first()
    if found is None:
        raise NotVisible(_("There is no such batch."))
    return found


def shipment_of(by: Actor, number: int) -> Shipment:
    """One that goes, or went, by post."""
    require(by)
    found = Shipment.objects.filter(portal=by.in_portal, id=number, format=Shipment.Format.PAPER).first()
    if found is None:
        raise NotVisible(_("There is no such shipment."))
    return found


def held_batch(by: Actor, number: int) -> PrintBatch:
    """The same, until the end of this transaction nobody else's."""
    batch_of(by, number)
    return PrintBatch.objects.select_for_update(no_key=True).get(id=number)
