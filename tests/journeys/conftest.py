"""A server, a mail server, and a browser for each person of a journey."""

import os
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.test.utils import override_settings
from django.utils import translation
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from remise.config.provision import Addresses
from remise.demo.register_server import Mode, Stand, serving
from remise.vehicles.register import client
from tests.browser import launched
from tests.conftest import RESTING
from tests.journeys import server as servers
from tests.journeys.browsing import Browse
from tests.journeys.server import Mailbox, Server
from tests.register.published import row_of

# What the server asks. It is down unless the test asks for `register`.
REGISTER = Stand(vehicles=lambda plate: [row_of(plate)] if plate else [], mode=Mode.FAIL)
REGISTER_AT: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "phone: a main journey, taken on a phone in the short run")
    config.addinivalue_line("markers", "desk: uses the head of a table, which a phone does not show")
    config.addinivalue_line("markers", "once: at one width and in one language, also in the long run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browse" in getattr(item, "fixturenames", ()):
            item.add_marker("journey")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The short run takes each journey once, the main ones on a phone. REMISE_TEST_JOURNEYS=all takes each on a desk,
    the main ones in English, and on a phone in German, which has the longest words; what no short run takes, on that
    phone alone."""
    if "browse" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker
    everything = os.environ.get("REMISE_TEST_JOURNEYS") == "all" and not marked("once")
    ways = [("phone" if marked("phone") and not everything else "desktop", "nl")]
    if everything and marked("full") and not marked("desk"):
        ways = [("phone", "de")]
    elif everything:
        ways = [("desktop", "en" if marked("phone") else "nl"), ("desktop" if marked("desk") else "phone", "de")]
    metafunc.parametrize(("width", "language"), ways)


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Mailbox]:
    with servers.mail_server() as made:
        yield made


@pytest.fixture(scope="package")
def server(addresses: Addresses, mailbox: Mailbox, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """One for all journeys; this process and the server encrypt with the same key."""
    key = Fernet.generate_key().decode()
    with serving(REGISTER) as address, pytest.MonkeyPatch.context() as patch:
        # For the server that is started; here it stays unset.
        patch.setenv("RDW_URL", address)
        with override_settings(FIELD_KEYS=[key]), servers.web(mailbox) as made:
            patch.delenv("RDW_URL")
            REGISTER_AT.append(address)
            yield made


# Not for the whole session: while a browser is driven from here no other test can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)
    # The browser's driver turns an event loop in this thread, in which Django would refuse to ask the database.
    with pytest.MonkeyPatch.context() as patch, launched() as browser:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture
def browse(browser: Browser, server: Server, width: str, language: str) -> Iterator[Browse]:
    """Whatever a browser complains of fails the journey. The test reads texts in the page's language."""
    made = Browse(browser, server, language, width)
    with translation.override(language):
        yield made
    made.close()
    assert made.complaints == []


@pytest.fixture
def register(server: Server) -> Iterator[Stand]:
    """The register that the server asks, and this process too: it knows every plate, and nobody found it silent."""
    before = REGISTER.vehicles
    REGISTER.mode = Mode.WELL
    REGISTER.asked.clear()
    cache.delete(RESTING)
    with override_settings(RDW_URL=REGISTER_AT[-1]):
        yield REGISTER
        client.close()
    REGISTER.vehicles, REGISTER.mode, REGISTER.seconds = before, Mode.FAIL, 30.0
