"""A demo on this machine: its environment, as lines for a shell to evaluate, and a world that is the same each time.

The world is told once for a port, into a database that nobody uses; each start clones it, which takes a moment. Its
mails and green cards name the port: it is known before they are written."""

import argparse
import base64
import hashlib
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from remise.config import database
from remise.config.embedded_postgres import VAR
from remise.config.provision import Addresses, addresses_of, make_database, provision

ROOT = Path(__file__).resolve().parents[2]
NAME = "remise_demo"
MAIL = VAR / "mail"


def demo_environment(port: int) -> dict[str, str]:
    """Addresses and keys that are the same at every start; what the caller set stays as it is."""
    for directory in (MAIL, VAR / "static"):
        directory.mkdir(parents=True, exist_ok=True)
    chosen = {
        "REMISE_DEMO": "1",
        "SECRET_KEY": database.derived("SECRET_KEY").hex(),
        "FIELD_KEYS": base64.urlsafe_b64encode(database.derived("FIELD_KEYS")).decode(),
        "METRICS_TOKEN": database.derived("METRICS_TOKEN").hex(),
        "MAIL_DIRECTORY": str(MAIL),
        "PUBLIC_PORT": str(port),
        # A line for every request would hide what the demo says of itself.
        "LOG_LEVEL": "WARNING",
    }
    given = {key: os.environ[key] for key in chosen if key in os.environ}
    keys = chosen | given
    return keys | _world(keys).environment


def _world(keys: Mapping[str, str]) -> Addresses:
    if database.is_prepared():
        # Its administrator made it: the world is told into it where it is empty.
        addresses = database.prepare(NAME, durable=True)
        _tell({**keys, **addresses.environment})
        return addresses
    admin_url = database.administrator(durable=True)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if not _in_use(admin, NAME):
            _clone(admin, _told(admin, admin_url, keys))
            for mail in MAIL.glob("*.log"):  # of the world before; their links lead nowhere any more
                mail.unlink()
    addresses = addresses_of(admin_url, NAME, database.passwords())
    _manage({**keys, **addresses.environment}, "build_demo_world")
    return addresses


def _told(admin: psycopg.Connection, admin_url: str, keys: Mapping[str, str]) -> str:
    """The name of the database in which the world stands as told; another one when what tells it changed."""
    name = f"{NAME}_world_{_fingerprint(keys['PUBLIC_PORT'])}"
    known = {row[0] for row in admin.execute("select datname from pg_database").fetchall()}
    if name not in known:
        for old in known:
            if old.startswith(f"{NAME}_world_"):
                _drop(admin, old)
        unfinished = f"{name}_unfinished"
        addresses = provision(admin_url, unfinished, database.passwords())
        _tell({**keys, **addresses.environment})
        admin.execute(sql.SQL("alter database {} rename to {}").format(*map(sql.Identifier, (unfinished, name))))
    return name


def _tell(environment: Mapping[str, str]) -> None:
    _manage(environment, "migrate", "--database=owner", "--verbosity=0")
    _manage(environment, "build_demo_world")


def _manage(environment: Mapping[str, str], *command: str) -> None:
    """A management command; what it says goes to the screen and not into the lines for the shell."""
    subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "remise", *command],
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=sys.stderr,
    )


def _clone(admin: psycopg.Connection, template: str) -> None:
    _drop(admin, NAME)
    make_database(admin, NAME, template)


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _in_use(admin: psycopg.Connection, name: str) -> bool:
    """Another demo runs on it: the two share their world."""
    return admin.execute("select 1 from pg_stat_activity where datname = %s limit 1", [name]).fetchone() is not None


def _fingerprint(port: str) -> str:
    """Changes with whatever decides what the told world looks like."""
    digest = hashlib.sha256(port.encode())
    for file in sorted(ROOT.glob("remise/**/*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m remise.config.demo_environment", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="under which the demo is reached")
    environment = demo_environment(parser.parse_args().port)
    sys.stdout.writelines(f"export {key}={shlex.quote(value)}\n" for key, value in environment.items())
