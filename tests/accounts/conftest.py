"""A portal, its mail, and browsers that come from places of their own, since attempts are counted by place."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from remise.portals.models import Portal
from tests import world
from tests.accounts.visiting import Visitor
from tests.journeys.server import Mailbox, mail_server


@pytest.fixture(scope="package")
def mail_host() -> Iterator[Mailbox]:
    with mail_server() as made:
        yield made


@pytest.fixture
def mailbox(mail_host: Mailbox, settings: Settings) -> Mailbox:
    """A real mail server, empty; what is sent goes over the wire to it."""
    mail_host.reset()
    settings.MAILERS = mail_host.mailers
    return mail_host


@pytest.fixture
def portal() -> Portal:
    return world.portal()


@pytest.fixture
def visitor(portal: Portal, mailbox: Mailbox) -> Visitor:
    return Visitor(portal, mailbox)
