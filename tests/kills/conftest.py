import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from remise.config import database as databases
from remise.config.embedded_postgres import EmbeddedPostgres
from remise.config.provision import addresses_of
from tests import database
from tests.kills.servers import Database, Web


@pytest.fixture
def postgres(admin_url: str) -> Iterator[Database]:
    """A database server of this test's own, to be killed without harm to others."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="remise-kill-") as directory:
        Path(directory).chmod(0o755)
        server = EmbeddedPostgres.at(Path(directory) / "data", durable=False)
        try:
            with database.clone(server.start()):
                yield Database(server)
        finally:
            server.stop()
            os.environ.clear()
            os.environ.update(before)
            database.use(addresses_of(admin_url, f"remise_test_{os.getpid()}", databases.passwords()))


@pytest.fixture
def web(postgres: Database) -> Iterator[Web]:
    made = Web()
    yield made
    made.stop()
