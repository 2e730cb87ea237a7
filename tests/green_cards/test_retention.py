"""Addresses are let go of when the cards have arrived."""

from datetime import timedelta

from remise.core.actor import system
from remise.core.models import Event
from remise.green_cards.models import Shipment
from remise.green_cards.retention import forget_addresses
from tests import world
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.posting.office import post
from tests.world import OWNER


def test_address_stays_until_the_cards_are_posted() -> None:
    garage = world.garage()
    shipment = issue(garage, held(garage), format="paper", address=HOME)
    by = system(portal=garage.portal.id, name="green_cards.forget_addresses", clock_offset=timedelta(90))
    forget_addresses(by)
    assert Shipment.objects.using(OWNER).get(id=shipment.id).street == HOME.street


def test_address_is_emptied_thirty_days_after_the_cards_were_posted() -> None:
    garage = world.garage()
    shipment = issue(garage, held(garage), format="paper", address=HOME)
    post(garage)
    for days, times in ((29, 0), (30, 1), (30, 1)):
        name = "green_cards.forget_addresses"
        forget_addresses(system(portal=garage.portal.id, name=name, clock_offset=timedelta(days)))
        told = Event.objects.using(OWNER).filter(kind="shipment.address_forgotten", subject=shipment.id)
        assert [(one.organisation, one.by_system) for one in told] == [(garage.organisation.id, name)] * times
    stored = Shipment.objects.using(OWNER).get(id=shipment.id)
    assert (stored.addressee, stored.street, stored.postcode, stored.town, stored.country) == ("",) * 5
    assert stored.erased_at is not None
