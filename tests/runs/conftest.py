from collections.abc import Iterator

import pytest

from tests import jobs
from tests.runs.office import Office, office
from tests.runs.trial import kinds


@pytest.fixture(scope="session", autouse=True)
def trial() -> None:
    kinds.register()


@pytest.fixture
def garage() -> Iterator[Office]:
    """A garage with a clerk who may stamp and list, and no jobs of anybody before."""
    jobs.forget()
    yield office()
    jobs.forget()
