"""A book moves in: line by line, each in a savepoint, some hundred to a transaction.

Whatever stops it, what was committed stays and says the same when it comes again: the file is simply taken once more.
What is refused goes to a file of its own with the reason, and that file, mended, is all that has to come again.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from remise.book.books import KEEPER, Book, Key, Line
from remise.book.files import NUMBER, REASON, Table
from remise.core.actor import Actor, system
from remise.core.errors import BrokenRule, DomainError
from remise.core.importing import refused_beside
from remise.core.keeping import Kept, showable
from remise.core.scope import enter
from remise.core.spreadsheet import CsvSheet
from remise.core.tables import Record
from remise.portals.models import Portal

BATCH = 300  # lines: short enough to wait for, long enough that committing costs little
LONGEST = 3.0  # seconds: whoever waits for a row, and each program that follows changes, waits that long at most
LOCK = 7_364_017  # with the portal: one book at a time moves in, so that two never wait for each other in a ring


@dataclass(slots=True)
class Told:
    """What became of the lines so far."""

    lines: int
    done: int = 0
    kept: Counter[Kept] = field(default_factory=Counter)
    refused: int = 0


type Progress = Callable[[Told], None]


def keeper(portal: Portal, *, via: str) -> Actor:
    return system(portal=portal.id, name=KEEPER, clock_offset=portal.clock_offset, via=via)


def move_in(portal: Portal, book: Book, path: Path, *, rehearse: bool = False, progress: Progress) -> Told:
    """Take the file; raises UnreadableFile before anything is changed. A rehearsal does all and keeps nothing: what a
    batch did is gone before the next, so that it holds nobody up either. A line that needs one of an earlier batch is
    judged without it."""
    besides = [column.name for column in book.besides]
    table = Table(path, book.header, besides)
    told, by = Told(table.count), keeper(portal, via="import")
    reader = _Reader(book, by)
    lines = table.lines()
    with Refused(path, [*book.header, *(name for name in besides if name in table.header)]) as refused:
        for first in lines:
            with enter(by.scope):
                with connection.cursor() as cursor:
                    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, portal.id])
                for record in _batch(first, lines):
                    _take(record, table.header, reader, told, refused)
                if rehearse:
                    transaction.set_rollback(True)
            progress(told)
    return told


def _batch(first: Record, others: Iterator[Record]) -> Iterator[Record]:
    """This one, and as many of the next as fit in the time."""
    ends = time.monotonic() + LONGEST
    for record in chain([first], islice(others, BATCH - 1)):
        yield record
        if time.monotonic() > ends:
            return


def _take(record: Record, header: list[str], reader: "_Reader", told: Told, refused: "Refused") -> None:
    told.done += 1
    try:
        told.kept[reader.read(record, header)] += 1
    except DomainError as refusal:
        told.refused += 1
        where = refusal.field if refusal.field in header else ""
        refused.write(record, header, f"{where}: {refusal.message}" if where else str(refusal.message))


class _Reader:
    """One line after the other of one file; no two of them may tell of the same."""

    def __init__(self, book: Book, by: Actor) -> None:
        self._book, self._by = book, by
        self._seen: dict[Key, int] = {}

    def read(self, record: Record, header: list[str]) -> Kept:
        line = self._line(record, header)
        keys = self._book.keys(line)
        for key in keys:
            if key in self._seen:
                message = _("Line %(number)s tells of the same.") % {"number": self._seen[key]}
                raise BrokenRule(message, code="twice")
        self._seen |= dict.fromkeys(keys, record.number)
        try:
            return self._keep(line)
        except DomainError:
            raise
        except Exception as error:
            error.add_note(f"in line {record.number}")
            raise

    def _keep(self, line: Line) -> Kept:
        try:
            return self._book.read(self._by, line)
        except IntegrityError:
            # A page or another program was faster: what it wrote is found now.
            return self._book.read(self._by, line)

    def _line(self, record: Record, header: list[str]) -> Line:
        cells = record.cells
        if any(cells[len(header) :]):
            message = _(
                "This line has more cells than the header: is a text with a separator without quotation marks?"
            )
            raise BrokenRule(message, code="cells")
        if not all(map(showable, cells)):
            raise BrokenRule(_("This line holds characters that no screen shows."), code="unreadable")
        filled = [*cells, *[""] * (len(header) - len(cells))]
        return Line(record.number, dict(zip(header, filled, strict=False)))


class Refused(ExitStack):
    """The file beside the one that came in; there only if a line was refused."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        super().__init__()
        self.path = refused_beside(path)
        self.path.unlink(missing_ok=True)
        self._columns = columns
        self._sheet: CsvSheet | None = None

    def write(self, record: Record, header: list[str], reason: str) -> None:
        if self._sheet is None:
            self.path.touch(mode=0o600)  # it names people
            file = self.enter_context(self.path.open("wb"))
            self._sheet = CsvSheet(file, [NUMBER, REASON, *self._columns])
            self.callback(self._sheet.close)
        self._sheet.write([[str(record.number), reason, *self._in_order(record, header)]])

    def _in_order(self, record: Record, header: list[str]) -> Iterator[str]:
        cells: Mapping[str, str] = dict(zip(header, record.cells, strict=False))
        yield from (cells.get(name, "") for name in self._columns)
        yield from record.cells[len(header) :]
