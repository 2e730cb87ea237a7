"""A real PostgreSQL for the tests: migrated once into a template, cloned for each process of a run."""

import contextlib
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from remise.config import database
from remise.config.embedded_postgres import VAR
from remise.config.provision import Addresses, addresses_of, make_database, provision

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "remise_test_template_"


def administrator() -> str:
    """An administrator's address on the server of this run."""
    if database.is_prepared():
        raise RuntimeError("Tests make databases: set DATABASE_URL alone, to an administrator's address, or nothing")
    return database.administrator(durable=False)


@contextlib.contextmanager
def clone(admin_url: str, purpose: str = "test") -> Iterator[Addresses]:
    """A fresh migrated database, taken into Django's settings and the environment, dropped at the end."""
    name = f"remise_{purpose}_{os.getpid()}"
    # Before any clone of another process is made or a template dropped: one at a time.
    with _alone(), psycopg.connect(admin_url, autocommit=True) as admin:
        _drop_left_behind(admin)
        template = _template(admin, admin_url)
        make_database(admin, name, template)
    addresses = addresses_of(admin_url, name, database.passwords())
    use(addresses)
    try:
        yield addresses
    finally:
        connections.close_all()
        with psycopg.connect(admin_url, autocommit=True) as admin:
            _drop(admin, name, force=True)


def use(addresses: Addresses) -> None:
    """Point Django's connections, and every process that a test starts, at these addresses."""
    connections.close_all()
    os.environ.update(addresses.environment)
    settings.DATABASE_JOBS_URL = addresses.jobs
    for alias, url in (("default", addresses.app), ("counters", addresses.app), ("owner", addresses.owner)):
        parts = urlsplit(url)
        connections.databases[alias].update(
            NAME=parts.path.lstrip("/"),
            USER=parts.username,
            PASSWORD=unquote(parts.password or ""),
            HOST=parts.hostname,
            PORT=str(parts.port),
        )


def _template(admin: psycopg.Connection, admin_url: str) -> str:
    """The migrated database that clones are made of; another one when a migration changed."""
    name = TEMPLATE + _fingerprint()
    known = {row[0] for row in admin.execute("select datname from pg_database").fetchall()}
    if name not in known:
        for old in known:
            if old.startswith(TEMPLATE):
                _drop(admin, old)
        unfinished = f"{name}_unfinished"
        use(provision(admin_url, unfinished, database.passwords()))
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections.close_all()
        admin.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(unfinished), sql.Identifier(name))
        )
    return name


def _fingerprint() -> str:
    """Changes with whatever decides what `migrate` makes."""
    files = [
        *ROOT.glob("remise/*/migrations/**/*.*"),
        ROOT / "remise/core/wall.py",
        ROOT / "remise/core/kinds.py",
        ROOT / "requirements.lock",
    ]
    files += (ROOT / "remise/config").glob("*.py")
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.suffix != ".pyc" and file.exists():
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _drop_left_behind(admin: psycopg.Connection) -> None:
    """Drop the clones of runs that were killed."""
    for (name,) in admin.execute("select datname from pg_database").fetchall():
        found = re.fullmatch(r"remise_(?:test|bench_\w+)_(\d+)", name)
        if found and not Path(f"/proc/{found[1]}").exists():
            _drop(admin, name)


def _drop(admin: psycopg.Connection, name: str, *, force: bool = False) -> None:
    with contextlib.suppress(psycopg.errors.ObjectInUse):
        statement = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
        admin.execute(statement + sql.SQL(" with (force)") if force else statement)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    VAR.mkdir(exist_ok=True)
    with (VAR / ".test-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
