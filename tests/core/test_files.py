"""A file under its name is whole, whatever happens beside it."""

import os
from pathlib import Path

import pytest

from remise.core.files import whole


def test_two_at_once_write_each_their_own(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    with whole(path) as first:
        first.write(b"first")
        with whole(path) as second:
            second.write(b"second")
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["book.csv"]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("has_links", [True, False])
def test_name_that_is_taken_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError

    if not has_links:
        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "backup.tar"
    with whole(path, replace=False) as file:
        file.write(b"mine")
    assert path.read_bytes() == b"mine"
    path.unlink()
    with pytest.raises(FileExistsError), whole(path, replace=False) as file:  # noqa: PT012
        file.write(b"mine")
        path.write_bytes(b"of another")
    assert path.read_bytes() == b"of another"
    assert [one.name for one in tmp_path.iterdir()] == ["backup.tar"]


def test_unfinished_file_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(b"before")
    with pytest.raises(RuntimeError), whole(path) as file:  # noqa: PT012
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["book.csv"]


def test_content_and_name_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content before it takes its name, then the folder."""
    path, settled = tmp_path / "book.csv", []

    def note(number: int) -> None:
        settled.append((os.fstat(number).st_ino, os.fstat(number).st_size, path.exists()))

    monkeypatch.setattr(os, "fsync", note)
    with whole(path) as file:
        file.write(b"12345")
    assert settled[0] == (path.stat().st_ino, 5, False)
    assert (settled[1][0], settled[1][2], len(settled)) == (tmp_path.stat().st_ino, True, 2)
