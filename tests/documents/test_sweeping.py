"""Files that no row names go away; those that one names, or is about to name, stay."""

import os
import time
from pathlib import Path
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from remise.core.actor import Actor, system
from remise.core.scope import enter
from remise.documents import actions, blobs
from remise.documents.models import Document
from remise.documents.sweeping import sweep
from tests import world
from tests.documents.papers import made, sealed, stored
from tests.races import at_once
from tests.world import Garage

OLD = 25 * 60 * 60  # seconds


@pytest.fixture
def garage() -> Garage:
    return world.garage()


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def sweeper(garage: Garage) -> Actor:
    return system(portal=garage.portal.id, name="documents.sweep")


def place(sha256: str | None) -> Path:
    assert sha256
    return Path(default_storage.path(f"documents/{sha256[:2]}/{sha256}"))


def aged(file: Path) -> Path:
    then = time.time() - OLD
    os.utime(file, (then, then))
    return file


def killed_before_its_row(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document is drawn, and its file stored; then the server is killed."""

    class Killed(BaseException):
        pass

    kept = list[str]()
    store = blobs.store

    def die_after(content: bytes) -> str:
        kept.append(store(content))
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("remise.documents.actions.blobs.store", die_after)
        with pytest.raises(Killed):
            sealed(garage)
    return place(kept[0])


def test_file_that_no_row_names_is_removed_after_a_day(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    left = killed_before_its_row(garage, monkeypatch)
    sweep(sweeper(garage))
    assert left.exists()
    aged(left)
    half = left.with_name(f"{left.name}.0b2f")
    half.write_bytes(b"%PDF")
    aged(half)
    sweep(sweeper(garage))
    assert list(left.parent.iterdir()) == []
    sweep(sweeper(garage))


def test_file_that_a_row_names_stays_whosever_row_it_is(garage: Garage) -> None:
    document = made(garage)
    content = sealed(garage, document)
    aged(place(stored(document).sha256))
    sweep(sweeper(world.garage()))  # of another insurer
    sweep(sweeper(garage))
    assert sealed(garage, stored(document)) == content


def test_old_file_that_is_stored_again_at_this_moment_stays(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies there, old and nobody's, is what a document is just getting for its file: the sweep saw no row, and
    would remove it between the storing and the row."""
    document, content = made(garage), b"%PDF equal to what a kill left"
    left = aged(place(blobs.store(content)))
    is_stored = Barrier(2)
    store = blobs.store

    def store_slowly(given: bytes) -> str:
        key = store(given)
        aged(left)  # as where storing leaves the time of a file that was there as it is
        is_stored.wait()
        time.sleep(0.5)  # the sweep is looking now
        return key

    monkeypatch.setattr("remise.documents.actions.blobs.store", store_slowly)

    def write_down() -> None:
        with enter(garage.actor().scope):
            actions._record(Document.objects.get(id=document.id), content, None)

    def look() -> None:
        is_stored.wait()
        sweep(sweeper(garage))

    at_once(write_down, look)
    assert stored(document).sha256 == left.name
    assert left.read_bytes() == content


def test_nothing_stored_is_nothing_to_sweep(garage: Garage) -> None:
    sweep(sweeper(garage))
