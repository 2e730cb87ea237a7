"""Addresses are let go of when the cards have arrived."""

from datetime import timedelta

from remise.core.actor import system
from remise.green_cards.models import Shipment
from remise.green_cards.retention import forget_addresses
from tests import world
from tests.green_cards.cards import HOME, held, issue
from tests.world import OWNER


def test_address_is_emptied_after_thirty_days() -> None:
    garage = world.garage()
    shipment = issue(garage, held(garage), format="paper", address=HOME)
    at = system(portal=garage.portal.id, name="green_cards.forget_addresses")
    later = system(portal=garage.portal.id, name="green_cards.forget_addresses", clock_offset=timedelta(days=30))
    assert (forget_addresses(at), forget_addresses(later), forget_addresses(later)) == (0, 1, 0)
    stored = Shipment.objects.using(OWNER).get(id=shipment.id)
    assert (stored.addressee, stored.street, stored.postcode, stored.town, stored.country) == ("",) * 5
    assert stored.erased_at is not None
