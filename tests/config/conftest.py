"""A server that these tests may kill, beside the one that all other tests share."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from remise.config.embedded_postgres import VAR, EmbeddedPostgres


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    programs = os.environ.get("REMISE_POSTGRES_BIN")
    made = EmbeddedPostgres.at(
        VAR / f"try-{os.getpid()}", binaries=Path(programs) if programs else None, durable=False
    )
    try:
        yield made
    finally:
        with contextlib.suppress(FileNotFoundError):
            made.stop()
        shutil.rmtree(made.data, ignore_errors=True)
        made.data.with_name(f".{made.data.name}.lock").unlink(missing_ok=True)
