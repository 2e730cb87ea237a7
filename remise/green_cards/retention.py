"""Letting go of addresses: a shipment's is needed until its cards have arrived."""

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.green_cards.models import Shipment


def forget_addresses(system: Actor) -> int:
    """Empty those that are no longer needed; how many they were."""
    assert system.portal is not None
    with enter(system.scope):
        due = Shipment.objects.filter(
            portal=system.portal, erased_at__isnull=True, forget_on__lte=clock.today(system)
        )
        return due.update(addressee="", street="", postcode="", town="", country="", erased_at=clock.now(system))
