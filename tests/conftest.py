"""What every test may use. Tests commit for real, each in a portal of its own: the wall keeps them apart."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.cache import cache
from django.test.utils import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as properties
from pytest_django import DjangoDbBlocker, Settings

from remise.config.provision import Addresses
from remise.demo.register_server import Stand, serving
from remise.vehicles.register import client
from tests import database, jobs
from tests.journeys.server import Mailbox, mail_server

type Serve = Callable[[Stand], Stand]
RESTING = "register:resting"  # of the lookup, which can only be imported when the apps are ready

# A busy machine is no fault of what is tested.
properties.register_profile("remise", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("remise")


@pytest.fixture(scope="session")
def admin_url() -> str:
    """An administrator's address on the server of this run: only for tests of the server itself."""
    return database.administrator()


@pytest.fixture(scope="session", autouse=True)
def addresses(admin_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Addresses]:
    """The database of this process, migrated and open for the whole session."""
    with django_db_blocker.unblock(), database.clone(admin_url) as made:
        yield made


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Nothing left to set up: pytest-django's own test databases are not used."""


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """The web server warns where static files were never collected, and a warning is an error here. Each client of a
    test is a server of its own: it looks for a file when one is asked, not for all of them before."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def keys() -> None:
    """Without them no authenticator can be stored, and no server starts."""
    settings.SECRET_KEY, settings.FIELD_KEYS = secrets.token_hex(32), [Fernet.generate_key().decode()]
    os.environ.update(SECRET_KEY=settings.SECRET_KEY, FIELD_KEYS=settings.FIELD_KEYS[0], HTTPS="false")


@pytest.fixture
def owner_connection(addresses: Addresses) -> Iterator[psycopg.Connection]:
    """The owner of the tables, each statement committed at once."""
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        yield connection


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Puts a register where the application looks for it; nobody has found it silent yet."""
    with ExitStack() as stack:

        def begin(stand: Stand) -> Stand:
            stack.enter_context(override_settings(RDW_URL=stack.enter_context(serving(stand))))
            cache.delete(RESTING)
            return stand

        yield begin
        client.close()
    cache.delete(RESTING)


@pytest.fixture(scope="session")
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
def media(tmp_path: Path, settings: Settings) -> Path:
    """Where files of this test are stored."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def nothing_waits(mailbox: Mailbox) -> Iterator[None]:
    """Of other tests no job is left, and none is left to them; what is mailed is this test's."""
    jobs.forget()
    yield
    jobs.forget()
