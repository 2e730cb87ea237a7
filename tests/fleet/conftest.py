"""Companies that most of these tests begin with."""

from pathlib import Path

import pytest

from remise.organisations.models import Branch
from tests import world
from tests.desk.office import Office, office
from tests.fleet.scene import Scene
from tests.fleet.test_together import FIELDS
from tests.world import Garage


@pytest.fixture
def lessor() -> Garage:
    return world.garage(fields=FIELDS)


@pytest.fixture
def north(lessor: Garage) -> Branch:
    return world.branch(lessor.organisation, name="Noord", establishment_number=f"{world.number():012d}")


@pytest.fixture
def of(nothing_waits: None) -> Office:
    return office()


@pytest.fixture
def buyer(of: Office) -> Garage:
    """Another company of the same insurer."""
    return world.garage(at=of.garage.portal)


@pytest.fixture
def scene(media: Path, nothing_waits: None) -> Scene:
    return Scene()
