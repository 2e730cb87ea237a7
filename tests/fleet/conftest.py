"""Companies that most of these tests begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from remise.organisations.models import Branch
from tests import jobs, world
from tests.desk.office import Office, office
from tests.fleet.scene import Scene
from tests.fleet.test_together import FIELDS
from tests.journeys.server import Mailbox
from tests.world import Garage


@pytest.fixture
def lessor() -> Garage:
    return world.garage(fields=FIELDS)


@pytest.fixture
def north(lessor: Garage) -> Branch:
    return world.branch(lessor.organisation, name="Noord", establishment_number=f"{world.number():012d}")


@pytest.fixture
def of(mailbox: Mailbox) -> Iterator[Office]:
    jobs.forget()
    yield office()
    jobs.forget()


@pytest.fixture
def buyer(of: Office) -> Garage:
    """Another company of the same insurer."""
    return world.garage(at=of.garage.portal)


@pytest.fixture
def scene(tmp_path: Path, settings: Settings) -> Iterator[Scene]:
    settings.MEDIA_ROOT = tmp_path
    jobs.forget()
    yield Scene()
    jobs.forget()
