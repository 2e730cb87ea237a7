"""A portal, its mail, and browsers that come from places of their own, since attempts are counted by place."""

import pytest

from remise.portals.models import Portal
from tests import world
from tests.accounts.visiting import Visitor
from tests.journeys.server import Mailbox


@pytest.fixture
def portal() -> Portal:
    return world.portal()


@pytest.fixture
def visitor(portal: Portal, mailbox: Mailbox) -> Visitor:
    return Visitor(portal, mailbox)
