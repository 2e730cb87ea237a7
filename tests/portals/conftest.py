import pytest
from django.test import Client

from remise.portals.models import Portal
from tests import world


@pytest.fixture
def portal() -> Portal:
    return world.portal()


@pytest.fixture
def client(portal: Portal) -> Client:
    return Client(HTTP_HOST=f"{portal.slug}.localhost:8000")
