"""Which database is used: one that the environment names, or an embedded server. Knows nothing of Django.

- `DATABASE_URL` and `DATABASE_OWNER_URL` are both set: that database, prepared by its administrator.
- Only `DATABASE_URL` is set: it is an administrator's address on any server, on which a database is prepared.
- Neither is set: an embedded server is started. `REMISE_POSTGRES_BIN` names other programs to run it with.
"""

import argparse
import contextlib
import hashlib
import hmac
import os
import secrets
import shlex
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psycopg

from remise.config.embedded_postgres import VAR, EmbeddedPostgres
from remise.config.provision import LOGINS, Addresses, provision


def embedded(*, durable: bool, environ: Mapping[str, str] = os.environ) -> EmbeddedPostgres:
    """The server of the demo (durable) or the tests (fast); other programs get a directory of their own."""
    name = "postgres" if durable else "postgres-test"
    programs = environ.get("REMISE_POSTGRES_BIN")
    if programs:
        name += "-" + hashlib.sha256(programs.encode()).hexdigest()[:6]
    return EmbeddedPostgres.at(VAR / name, binaries=Path(programs) if programs else None, durable=durable)


def stop_unless_used(*, durable: bool) -> None:
    """Stop the embedded server, unless someone else (another demo on the same files) is connected to it."""
    server = embedded(durable=durable)
    if server.pid is not None:
        with psycopg.connect(server.admin_url) as admin:
            others = admin.execute("select 1 from pg_stat_activity where usename like 'remise%' limit 1").fetchone()
        if others is None:
            server.stop()


def is_prepared(environ: Mapping[str, str] = os.environ) -> bool:
    return bool(environ.get("DATABASE_URL") and environ.get("DATABASE_OWNER_URL"))


def administrator(*, durable: bool, environ: Mapping[str, str] = os.environ) -> str:
    """An administrator's address: the given server's, or that of an embedded one, started when it is down."""
    return environ.get("DATABASE_URL") or embedded(durable=durable, environ=environ).start()


def prepare(name: str, *, durable: bool, environ: Mapping[str, str] = os.environ) -> Addresses:
    """The addresses of a database that is ready to be migrated."""
    if is_prepared(environ):
        app, owner = environ["DATABASE_URL"], environ["DATABASE_OWNER_URL"]
        return Addresses(app, owner, environ.get("DATABASE_JOBS_URL", app))
    return provision(administrator(durable=durable, environ=environ), name, passwords())


def owner_address(environ: Mapping[str, str] = os.environ) -> str:
    """Where the owner of the tables logs in: what is done with all rows at once is done as nobody else."""
    address = environ.get("DATABASE_OWNER_URL")
    if not address:
        raise LookupError("DATABASE_OWNER_URL is not set: only the owner of the tables can do this.")
    return address


def passwords() -> dict[str, str]:
    """A password for each login, the same at every start."""
    return {role: derived(role).hex()[:40] for role in LOGINS}


def derived(purpose: str) -> bytes:
    """32 bytes for one purpose, derived from a secret that is made once and stays on this machine."""
    return hmac.digest(_secret(VAR / "secret"), purpose.encode(), "sha256")


def _secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent) as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            with contextlib.suppress(FileExistsError):  # appears complete or not at all: others may be starting
                path.hardlink_to(file.name)
    return path.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m remise.config.database", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["start", "stop"], default="start")
    parser.add_argument("--shell", action="store_true", help="print lines for a shell to evaluate")
    parser.add_argument("--name", default="remise_demo", help="name of the database")
    parser.add_argument("--fast", action="store_true", help="the tests' server, which does not wait for the disk")
    parser.add_argument("--durable", action="store_true", help="the demo's server (default)")
    options = parser.parse_args()
    if options.command == "stop":
        for durable in {True, False} if options.fast == options.durable else {options.durable}:
            embedded(durable=durable).stop()
        return
    addresses = prepare(options.name, durable=not options.fast)
    for key, value in addresses.environment.items():
        sys.stdout.write(f"export {key}={shlex.quote(value)}\n" if options.shell else f"{key}={value}\n")


if __name__ == "__main__":
    main()
