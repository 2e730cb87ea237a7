"""A garage, its owner, and an office that it may let act."""

import pytest

from remise.organisations.models import Membership
from tests import world
from tests.mandates import offices
from tests.mandates.offices import Office
from tests.world import Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


@pytest.fixture
def owner(garage: Garage) -> Membership:
    return offices.owner_of(garage)


@pytest.fixture
def visser(garage: Garage) -> Office:
    return offices.office(garage.portal)
