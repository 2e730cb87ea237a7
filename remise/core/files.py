"""Files that are there only when they are whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """A file that takes its name once all of it is written and on the disk, and that only its owner may read. Two at
    once write each their own. FileExistsError where the name is taken meanwhile and is not to be replaced."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".unfinished", dir=path.parent)
    unfinished = Path(name)
    try:
        with open(number, "wb") as file:  # noqa: PTH123  # a number, not a path
            yield file
            file.flush()
            os.fsync(number)
        if replace:
            unfinished.replace(path)
        else:
            _take_free_name(unfinished, path)
        _settle(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _take_free_name(unfinished: Path, path: Path) -> None:
    """A rename would replace what came there in the same moment; a link is refused."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no links: whoever makes the empty file has the name
        path.touch(mode=0o600, exist_ok=False)
        unfinished.replace(path)


def _settle(directory: Path) -> None:
    """The name too is on the disk, not only what stands under it."""
    number = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
