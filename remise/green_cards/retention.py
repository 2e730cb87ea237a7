"""Letting go of addresses: a shipment's is needed until its cards have arrived."""

from django.db.models import QuerySet

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.green_cards.models import Shipment


def forget_addresses(system: Actor) -> None:
    """Each in a transaction of its own: what a kill leaves, the next day does."""
    with enter(system.scope):
        numbers = list(_due(system).order_by("id").values_list("id", flat=True))
    for number in numbers:
        with enter(system.scope):
            shipment = _due(system).select_for_update(no_key=True).filter(id=number).first()
            if shipment is not None:
                _forget(shipment, system)


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
