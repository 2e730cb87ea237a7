"""A backup comes back, into a database and a store that hold nothing: what stands there is never overwritten.

Everything is checked before anything is changed. The database comes back in one transaction, so that a failure leaves
it empty; then its rows are counted and compared with the backup's own count.
"""

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from remise.config.backup import DUMP, FILES, FORMAT, MANIFEST, Manifest, checksum_of, count_rows, stored_files
from remise.config.postgres_programs import program
from remise.config.provision import ACTORS, APP, EXTENSIONS, JOBS
from remise.core.feed import CLUSTER


class RestoreError(Exception):
    """The backup is not taken; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    to_migrate: list[str]  # migrations of this version that the backup had not


def restore(database: str, path: Path) -> Restored:
    with tempfile.TemporaryDirectory(dir=path.parent) as room, _opened(path) as tar:
        manifest = _manifest(tar)
        dump = Path(room) / DUMP
        _extract(tar, DUMP, dump)
        if checksum_of(dump) != manifest.dump:
            raise RestoreError(
                "The database in this backup is damaged: its checksum is another. Take another backup."
            )
        _whole(tar, manifest)
        to_migrate = _known(manifest)
        with psycopg.connect(database, autocommit=True) as owner:
            _ready(owner, manifest)
        if next(stored_files(), None) is not None:
            raise RestoreError("There are stored files already (MEDIA_ROOT). Restore into an empty place.")
        at_least = max(manifest.programs, manifest.server)
        program("pg_restore", at_least=at_least).run(
            database, "--single-transaction", "--exit-on-error", "--no-owner", str(dump)
        )
        with psycopg.connect(database) as owner:
            _count_on(owner)
        for name in manifest.files:
            _store(tar, name)
        with psycopg.connect(database, autocommit=True) as owner:
            _same(count_rows(owner), manifest.rows)
            owner.execute("analyze")
    return Restored(manifest, to_migrate)


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")
    except (OSError, tarfile.TarError) as error:
        raise RestoreError(f"{path} is no backup, or cannot be read.") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    try:
        file = tar.extractfile(MANIFEST)
        assert file is not None
        manifest = Manifest.read(file.read())
    except (KeyError, TypeError, ValueError, AssertionError, tarfile.TarError) as error:
        raise RestoreError(f"This backup has no {MANIFEST} that can be read: it was never finished.") from error
    if manifest.format != FORMAT:
        raise RestoreError(f"This backup has format {manifest.format}, this version of Remise reads {FORMAT}.")
    return manifest


def _whole(tar: tarfile.TarFile, manifest: Manifest) -> None:
    names = set(tar.getnames())
    missing = sorted(name for name in manifest.files if FILES + name not in names)
    if missing:
        raise RestoreError(f"{len(missing)} stored files are missing in this backup, such as {missing[0]}.")
    for name, wanted in manifest.files.items():
        file = tar.extractfile(FILES + name)
        if file is None or hashlib.file_digest(file, "sha256").hexdigest() != wanted:  # type: ignore[arg-type]
            raise RestoreError(f"The file {name} in this backup is damaged: its checksum is another.")


def _known(manifest: Manifest) -> list[str]:
    """An older backup is brought up to date after it; a newer one knows what this version does not."""
    here = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    there = {(app, name) for app, name in manifest.migrations}
    unknown = sorted(f"{app}.{name}" for app, name in there - here)
    if unknown:
        raise RestoreError(
            f"This backup is of another version of Remise ({manifest.remise}): {unknown[0]} is not known here."
        )
    return sorted(f"{app}.{name}" for app, name in here - there)


def _ready(owner: psycopg.Connection, manifest: Manifest) -> None:
    """The server is new enough, its roles are there, and the database is empty."""
    server = owner.info.server_version // 10000
    if server < manifest.server:
        raise RestoreError(f"This backup was made on PostgreSQL {manifest.server}, this server is {server}.")
    roles = {
        name for (name,) in owner.execute("select rolname from pg_roles where rolname like 'remise%'").fetchall()
    }
    extensions = {name for (name,) in owner.execute("select extname from pg_extension").fetchall()}
    missing = sorted({*ACTORS, APP, JOBS} - roles) + sorted(set(EXTENSIONS) - extensions)
    if missing:
        raise RestoreError(f"The database is not prepared, {', '.join(missing)} is missing (remise.config.database).")
    found = owner.execute(
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
        " and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') limit 1"
    ).fetchone()
    if found:
        raise RestoreError(f"The database is not empty (it has {found[0]}). Restore into a new one.")


def _count_on(owner: psycopg.Connection) -> None:
    """What is followed from outside goes on where it was: this cluster's transactions are numbered behind all that
    came with the backup, and behind all that the old cluster still gave after it (docs/adr/0014)."""
    (before,) = owner.execute("select transactions_before()").fetchone() or (0,)
    owner.execute(
        sql.SQL(
            "create or replace function transactions_before() returns bigint language sql stable parallel safe"
            " return {}::bigint"
        ).format(sql.Literal(before + CLUSTER))
    )


def _extract(tar: tarfile.TarFile, name: str, to: Path) -> None:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise RestoreError(f"This backup has no {name}.")
    with to.open("wb") as copy:
        shutil.copyfileobj(file, copy)


def _store(tar: tarfile.TarFile, name: str) -> None:
    file = tar.extractfile(FILES + name)
    assert file is not None
    # Rows know their file by this name: the store may not choose another.
    if default_storage.save(name, File(file)) != name:
        raise RestoreError(f"The file {name} could not be stored under its own name.")


def _same(found: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    different = sorted(table for table in wanted.keys() | found.keys() if wanted.get(table) != found.get(table))
    if different:
        raise RestoreError(f"Other rows came back than went: {', '.join(different)}. Do not use this database.")
