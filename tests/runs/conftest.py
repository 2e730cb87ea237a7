from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

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


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    """Where files of this test are stored."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
