"""Letting go of addresses: a shipment's is needed until its cards have arrived."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.green_cards.models import Shipment
from remise.portals import holds, retention
from remise.portals.retention import Category

ADDRESSES = Category(
    "green_cards.addresses",
    label=_("Addresses of posted green cards"),
    lets_go=_("To whom and where cards were sent. The cards stay."),
    days=30,
    source=_("Our own policy: as long as a letter may take to arrive and be found missing"),
    least=14,
    why_least=_("A letter that does not arrive must be sent again."),
)


def forget_addresses(system: Actor) -> None:
    """Each in a transaction of its own: what a kill leaves, the next day does."""
    with enter(system.scope):
        numbers = list(_free(system).order_by("id").values_list("id", flat=True))
    gone = 0
    for number in numbers:
        with enter(system.scope):
            shipment = _free(system).select_for_update(no_key=True).filter(id=number).first()
            if shipment is not None:
                _forget(shipment, system)
                gone += 1
    with enter(system.scope):
        retention.note(system, ADDRESSES, gone=gone, held=_due(system).count())


def _free(system: Actor) -> QuerySet[Shipment, Shipment]:
    return _due(system).exclude(holds.held(system).rows(accounts=("requested_by",)))


def _due(system: Actor) -> QuerySet[Shipment, Shipment]:
    return Shipment.objects.filter(
        portal=system.in_portal, erased_at__isnull=True, forget_on__lte=clock.today(system)
    )


def _forget(shipment: Shipment, system: Actor) -> None:
    shipment.addressee = shipment.street = shipment.postcode = shipment.town = shipment.country = ""
    shipment.erased_at = clock.now(system)
    shipment.save(update_fields=["addressee", "street", "postcode", "town", "country", "erased_at"])
    events.record(
        "shipment.address_forgotten",
        by=system,
        organisation=shipment.organisation,
        subject=("shipment", shipment.id),
    )
