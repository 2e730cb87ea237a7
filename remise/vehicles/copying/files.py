"""The register's CSV (`.csv`, `.csv.gz`) as blocks of whole lines, from any place on."""

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from remise.core.tables import UnreadableFile

BLOCK = 1 << 18  # some 400 lines: what is made of them stays in the processor's cache
LONGEST = 1 << 20  # of a line; the register's have some 700 bytes
HEAD = 1 << 20
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Block:
    """`lines` end in a new line each. `number` is that of the first one in the file, `ends` the place behind the last
    one, `share` how much of the file was read by then."""

    number: int
    lines: bytes
    ends: int
    share: float


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """`head`: with the size it tells which file this is. `header`: as it stands there; the lines begin behind it."""

    path: Path
    size: int
    head: str
    header: tuple[str, ...]
    begins: int

    @classmethod
    def at(cls, path: Path) -> "RegisterFile":
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(ZIP):
            raise UnreadableFile(_("This is a ZIP file or a spreadsheet. Unpack it, or pack the CSV with gzip."))
        with _reading(path) as (file, _raw):
            first = file.readline(LONGEST)
        return cls(path, path.stat().st_size, hashlib.sha256(head).hexdigest(), _names(first), len(first))

    @property
    def written_at(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def blocks(self, *, place: int, lines: int) -> Iterator[Block]:
        """What stands behind this place, of which so many lines were read before. Raises UnreadableFile where the
        file breaks off, or is no text."""
        with _reading(self.path) as (file, raw):
            file.seek(place)
            left = b""
            while read := file.read(BLOCK):
                whole, new_line, left = (left + read).rpartition(b"\n")
                if new_line:
                    yield (block := self._block(whole + new_line, lines, place, raw))
                    place, lines = block.ends, lines + whole.count(b"\n") + 1
                elif len(left) > LONGEST:
                    raise UnreadableFile(_("This is no CSV: line %(number)s has no end.") % {"number": lines + 1})
            if left:
                yield Block(lines + 1, left + b"\n", place + len(left), 1.0)

    def _block(self, text: bytes, lines: int, place: int, raw: BinaryIO) -> Block:
        return Block(lines + 1, text, place + len(text), min(1.0, raw.tell() / self.size))


@contextmanager
def _reading(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The text, and the file that it is read from: the same one unless that is packed."""
    with path.open("rb") as raw:
        is_packed = raw.read(len(GZIP)) == GZIP
        raw.seek(0)
        try:
            yield (gzip.GzipFile(fileobj=raw), raw) if is_packed else (raw, raw)  # type: ignore[misc]
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile(_("The file breaks off or is damaged. Download it again.")) from error


def _names(line: bytes) -> tuple[str, ...]:
    """Of the columns, as the register's programs call them: "Vervaldatum APK DT" is vervaldatum_apk_dt."""
    if not line:
        raise UnreadableFile(_("The file is empty."))
    try:
        cells = next(csv.reader([line.decode("utf-8-sig")], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(_("This is no CSV with the names of columns in its first line.")) from error
    return tuple("_".join(cell.lower().split()) for cell in cells)
