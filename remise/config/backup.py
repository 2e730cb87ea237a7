"""One file with all that an installation holds: the database, the stored files, and what must be true of them.

A tar with `database.dump` (as pg_dump writes it), `files/...`, and `manifest.json` as its last part: without one it
was never finished. The keys (SECRET_KEY, FIELD_KEYS) are not in it: who finds the file could use them.
"""

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import psycopg
from django.core.files.storage import default_storage
from psycopg import sql

from remise import VERSION
from remise.config.postgres_programs import program
from remise.core.files import whole

FORMAT = 1
DUMP, FILES, MANIFEST = "database.dump", "files/", "manifest.json"
# Counters of attempts: they start anew, and PostgreSQL keeps them in no backup of its own either.
LEFT_OUT = frozenset({"core_cache"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup; checksums are SHA-256."""

    format: int
    remise: str
    made_at: str
    server: int  # PostgreSQL's major version
    programs: int
    migrations: list[list[str]]
    rows: dict[str, int]
    dump: str
    files: dict[str, str]

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        return cls(**json.loads(text))


def back_up(database: str, path: Path) -> Manifest:
    """Write everything to `path`, which takes its name when it is whole. The database is as of one moment; files are
    taken after it, so that each one that a row names is there."""
    with (
        whole(path, replace=False) as file,
        tarfile.open(fileobj=file, mode="w") as tar,
        tempfile.TemporaryDirectory(dir=path.parent) as room,
    ):
        dumped = Path(room) / DUMP
        told = _dump(database, dumped)
        tar.add(dumped, DUMP)
        manifest = Manifest(
            format=FORMAT,
            remise=VERSION,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            dump=checksum_of(dumped),
            files=dict(_add_files(tar)),
            **told,
        )
        _add(tar, MANIFEST, BytesIO(manifest.written()))
    return manifest


def _dump(database: str, to: Path) -> dict[str, Any]:
    """Dump the database, and count its rows at the same moment."""
    with psycopg.connect(database) as owner:
        owner.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = owner.execute("select pg_export_snapshot()").fetchone() or ("",)
        server = owner.info.server_version // 10000
        dump = program("pg_dump", at_least=server)
        dump.run(database, "--format=custom", "--no-unlogged-table-data", f"--snapshot={snapshot}", f"--file={to}")
        migrations = owner.execute("select app, name from django_migrations order by app, name").fetchall()
        return {
            "server": server,
            "programs": dump.version,
            "migrations": [list(row) for row in migrations],
            "rows": count_rows(owner),
        }


def count_rows(owner: psycopg.Connection) -> dict[str, int]:
    tables = owner.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"
    ).fetchall()
    return {name: _count(owner, name) for (name,) in tables if name not in LEFT_OUT}


def _count(owner: psycopg.Connection, table: str) -> int:
    (count,) = owner.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone() or (0,)
    return int(count)


def stored_files(directory: str = "") -> Iterator[str]:
    """The name of each stored file, however they are stored."""
    if directory and not default_storage.exists(directory):
        return
    try:
        directories, names = default_storage.listdir(directory)
    except FileNotFoundError:
        return  # nothing was ever stored
    for name in sorted(names):
        yield f"{directory}/{name}" if directory else name
    for name in sorted(directories):
        yield from stored_files(f"{directory}/{name}" if directory else name)


def _add_files(tar: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    """By way of a copy, for a file may grow while it is read. One whose time was over meanwhile is left out."""
    for name in stored_files():
        with tempfile.TemporaryFile() as copy:
            try:
                with default_storage.open(name) as stored:
                    shutil.copyfileobj(stored, copy)
            except FileNotFoundError:
                continue
            copy.seek(0)
            digest = hashlib.file_digest(copy, "sha256").hexdigest()
            _add(tar, FILES + name, copy)
            yield name, digest


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = file.seek(0, 2)
    entry.mode = 0o600
    file.seek(0)
    tar.addfile(entry, file)


def checksum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
