"""What an installation holds goes into one file, and comes back elsewhere as it was: rows, files and the wall."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from remise import VERSION
from remise.config import database
from remise.config.backup import DUMP, FILES, LEFT_OUT, MANIFEST
from remise.config.embedded_postgres import EmbeddedPostgres
from remise.config.provision import Addresses, addresses_of, provision
from remise.config.restore import RestoreError, restore
from tests import jobs, vehicles, world
from tests.api.program import program
from tests.api.test_feed import follow
from tests.core.catalogue import Table, tables
from tests.database import use

STORED = {"runs/1/a.csv": b"kenteken\n", "documents/2026/kaart één.pdf": b"%PDF-1.7\n" * 9000}
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class House:
    """An installation: its database and where its files lie."""

    addresses: Addresses
    files: Path

    def remise(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "remise", *command],
            env={**os.environ, **self.addresses.environment, "MEDIA_ROOT": str(self.files)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def old(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> House:
    """With something of everything that the world of the tests tells of."""
    garage = world.garage()
    world.member(garage.organisation, rights=["vehicles.view"], coupled=True)
    vehicles.on_cover(garage, days=3)
    place = tmp_path_factory.mktemp("media")
    for name, content in STORED.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return House(addresses, place)


@pytest.fixture(scope="module")
def backup(old: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "remise.tar"
    done = old.remise("backup", str(path))
    assert done.returncode == 0, done.stderr
    assert "SECRET_KEY and FIELD_KEYS are not in it" in done.stderr
    return path


@pytest.fixture
def new(admin_url: str, tmp_path: Path) -> Iterator[House]:
    """A house that was prepared and holds nothing."""
    with prepared(admin_url, tmp_path) as house:
        yield house


@contextmanager
def prepared(admin_url: str, place: Path) -> Iterator[House]:
    name = f"remise_restored_{os.getpid()}"
    made = provision(admin_url, name, database.passwords())
    yield House(made, place / "media")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def contents(house: House) -> dict[str, tuple[int, str]]:
    """Rows and their checksum, by table."""
    with psycopg.connect(house.addresses.owner, autocommit=True) as owner:
        return {
            name: owner.execute(  # type: ignore[misc]
                sql.SQL(
                    "select count(*), coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from {} t"
                ).format(sql.Identifier(name))
            ).fetchone()
            for name in tables(owner)
            if name not in LEFT_OUT
        }


def wall(house: House) -> tuple[dict[str, Table], list[tuple[object, ...]]]:
    """Tables with their policies, grants and keys, and who may call which function."""
    with psycopg.connect(house.addresses.owner, autocommit=True) as owner:
        found = tables(owner)
        for table in found.values():
            table.policies.sort(key=lambda policy: policy.name)
            table.foreign_keys.sort(key=lambda key: key.name)
        doors = owner.execute(
            "select p.oid::regprocedure::text, p.prosecdef, p.proconfig, array(select x::text from"
            " unnest(p.proacl) x order by 1) from pg_proc p where p.pronamespace = 'public'::regnamespace order by 1"
        ).fetchall()
        return found, doors


def stored(house: House) -> dict[str, bytes]:
    return {str(p.relative_to(house.files)): p.read_bytes() for p in house.files.rglob("*") if p.is_file()}


def test_backup_comes_back_as_it_was(old: House, backup: Path, new: House) -> None:
    done = new.remise("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert "they must be those of the old installation" in done.stderr
    there, here = contents(new), contents(old)
    assert there == here
    assert here["core_entry"][0] > 0
    assert stored(new) == STORED
    assert wall(new) == wall(old)
    with psycopg.connect(new.addresses.app, autocommit=True) as app, pytest.raises(psycopg.Error, match="denied"):
        app.execute("select from organisations_organisation")
    # Numbers go on where they were: a new row meets no old one.
    with psycopg.connect(new.addresses.owner, autocommit=True) as owner:
        made = owner.execute("insert into core_cache values ('k', 'v', now()) returning 1").fetchone()
        (last,) = owner.execute("select max(id) from core_event").fetchone() or (0,)
        told = owner.execute(
            "insert into core_event (kind, subject_kind, by_system, via, at)"
            " values ('test', '', 'test', 'job', now()) returning id"
        ).fetchone()
    assert made == (1,)
    assert told is not None
    assert told[0] > last


def test_backup_tells_what_is_in_it(old: House, backup: Path) -> None:
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile(MANIFEST) or io.BytesIO())
        assert set(tar.getnames()) == {DUMP, MANIFEST, *(FILES + name for name in STORED)}
    assert manifest["remise"] == VERSION
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in STORED.items()}
    assert manifest["rows"] == {name: count for name, (count, _checksum) in contents(old).items()}
    assert backup.stat().st_mode & 0o777 == 0o600
    text = backup.read_bytes()
    for key in (os.environ["SECRET_KEY"], os.environ["FIELD_KEYS"]):
        assert key.encode() not in text


@pytest.mark.full
def test_backup_is_never_overwritten(old: House, backup: Path) -> None:
    before = backup.read_bytes()
    done = old.remise("backup", str(backup))
    assert (done.returncode, backup.read_bytes() == before) == (1, True)
    assert "no backup is overwritten" in done.stderr


@pytest.mark.full
def test_backup_without_the_owner_is_refused(old: House, tmp_path: Path) -> None:
    as_app = replace(old, addresses=Addresses(old.addresses.app, "", old.addresses.jobs))
    done = as_app.remise("backup", str(tmp_path / "b.tar"))
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "DATABASE_OWNER_URL is not set" in done.stderr


@pytest.mark.full
def test_restore_refuses_what_is_not_empty(old: House, backup: Path, new: House) -> None:
    done = old.remise("restore", str(backup))
    assert done.returncode == 1
    assert "The database is not empty" in done.stderr
    new.files.mkdir()
    (new.files / "left.txt").write_text("left")
    done = new.remise("restore", str(backup))
    assert done.returncode == 1
    assert "There are stored files already" in done.stderr
    assert contents(new) == {}


@pytest.mark.full
def test_restore_refuses_a_database_that_was_not_prepared(backup: Path, new: House, admin_url: str) -> None:
    bare = addresses_of(admin_url, "template1", database.passwords())
    done = replace(new, addresses=bare).remise("restore", str(backup))
    assert done.returncode == 1
    assert "The database is not prepared, btree_gist is missing" in done.stderr


def _rewritten(backup: Path, to: Path, changed: dict[str, bytes | None]) -> Path:
    """The backup with parts exchanged or (None) left out."""
    with tarfile.open(backup) as source, tarfile.open(to, "w") as tar:
        for entry in source.getmembers():
            content = (source.extractfile(entry) or io.BytesIO()).read()
            content = changed.get(entry.name, content)  # type: ignore[assignment]
            if content is not None:
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    return to


def _manifest(backup: Path, **changed: object) -> dict[str, bytes | None]:
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile(MANIFEST) or io.BytesIO())
    return {MANIFEST: json.dumps(manifest | changed).encode()}


def test_restore_refuses_what_is_damaged_and_changes_nothing(backup: Path, new: House, tmp_path: Path) -> None:
    one = next(iter(STORED))
    for number, (changed, said) in enumerate(
        [
            ({DUMP: b"PGDMP damaged"}, "The database in this backup is damaged"),
            ({DUMP: None}, f"This backup has no {DUMP}"),
            ({FILES + one: b"damaged"}, f"The file {one} in this backup is damaged"),
            ({FILES + one: None}, f"1 stored files are missing in this backup, such as {one}"),
            ({MANIFEST: None}, "it was never finished"),
            (_manifest(backup, format=99), "This backup has format 99"),
            (_manifest(backup, server=99), "This backup was made on PostgreSQL 99"),
            (_manifest(backup, migrations=[["core", "0999_later"]]), "core.0999_later is not known here"),
        ]
    ):
        path = _rewritten(backup, tmp_path / f"{number}.tar", changed)  # type: ignore[arg-type]
        with pytest.raises(RestoreError) as error:
            restore(new.addresses.owner, path)
        assert said in str(error.value)
    done = new.remise("restore", str(tmp_path / "nowhere.tar"))
    assert (done.returncode, "is no backup, or cannot be read" in done.stderr) == (1, True)
    assert (contents(new), new.files.exists()) == ({}, False)


@pytest.mark.full
def test_address_with_what_a_shell_would_read_is_taken(old: House, tmp_path: Path) -> None:
    """Parameters behind the question mark reach the programs as well."""
    parts = urlsplit(old.addresses.owner)
    odd = urlunsplit(parts._replace(query="application_name=it's%20us"))
    house = replace(old, addresses=replace(old.addresses, owner=odd))
    assert house.remise("backup", str(tmp_path / "b.tar")).returncode == 0


def test_version_is_that_of_the_project() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


@contextmanager
def moved(old: House, new: House) -> Iterator[None]:
    """What this process asks is asked in the new house."""
    use(new.addresses)
    try:
        yield
    finally:
        use(old.addresses)


def newest(house: House) -> tuple[int, int]:
    """The number of the last transaction that wrote an event, and of the next one of its cluster."""
    with psycopg.connect(house.addresses.owner) as owner:
        asked = "select max(transaction), pg_snapshot_xmax(pg_current_snapshot())::text::bigint from core_event"
        (last, following) = owner.execute(asked).fetchone() or (0, 0)
    return last, following


@pytest.mark.full
@pytest.mark.parametrize("is_other_cluster", [True, False])
def test_feed_goes_on_after_a_restore(
    old: House, server: EmbeddedPostgres, admin_url: str, tmp_path: Path, is_other_cluster: bool
) -> None:
    """The place that a program kept is still a place: what it had not read yet comes, and what happens later."""
    garage = world.garage()
    caller = program(garage)
    vehicles.on_cover(garage)
    jobs.eventually(lambda: len(follow(caller)[0]) == 1)
    _, after = follow(caller)
    unread = vehicles.on_cover(garage)
    path = tmp_path / "remise.tar"
    assert old.remise("backup", str(path)).returncode == 0
    vehicles.on_cover(garage)  # by the old installation, after the backup
    jobs.eventually(lambda: len(follow(caller, after)[0]) == 2)
    _, further = follow(caller, after)
    with prepared(server.start() if is_other_cluster else admin_url, tmp_path) as new:
        done = new.remise("restore", str(path))
        assert done.returncode == 0, done.stderr
        last, following = newest(new)
        assert (last > following) is is_other_cluster
        with moved(old, new):
            jobs.eventually(lambda: len(follow(caller, after)[0]) == 1)
            seen, place = follow(caller, after)
            assert [one["data"]["entry"] for one in seen] == [unread.entry]
            later = vehicles.on_cover(garage)
            jobs.eventually(lambda: len(follow(caller, place)[0]) == 1)
            for known in (place, further):
                assert [one["data"]["entry"] for one in follow(caller, known)[0]] == [later.entry]
