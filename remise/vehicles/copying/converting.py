"""Lines of the register's file as COPY takes them, 200,000 a second.

What stands in a cell is read by `register.reading`, as in an answer of the API; but each text once, for a register
has few of them: thirty thousand days, a dozen colours. A block of lines goes through column by column; only where one
is not as it should be they are looked at one by one."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import compress
from operator import itemgetter

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.tables import UnreadableFile
from remise.vehicles.copying.files import Block
from remise.vehicles.register.reading import FIELDS, PLATE, Value, without
from remise.vehicles.values import doubt_of, is_old

# In the order in which they stand in what `Converter` makes, behind the number of the line and the plate.
COLUMNS = (*(one.name for one in FIELDS), "value_doubt")
NULL = "\\N"
MOST_KEPT = 100_000  # texts of a column that are remembered
_PLATE = re.compile(r"[A-Z0-9]{1,8}")
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

type Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """`reason` with what it is filled in with: it is worded for who imports, in another thread."""

    number: int
    reason: Promise
    words: Mapping[str, object]
    line: str

    @property
    def why(self) -> str:
        return str(self.reason) % self.words


@dataclass(frozen=True, slots=True)
class Converted:
    """A block: what COPY takes of it, of how many lines, and those that are refused."""

    block: Block
    text: bytes
    taken: int
    refused: Sequence[RefusedLine]


class _Remembered[K](dict[K, str]):
    """What is in a cell -> how COPY takes what it says."""

    def __init__(self, read: Callable[[K], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: K) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        self[cell] = copied = _copied(self._read(cell))
        return copied


@dataclass(slots=True)
class _Lines:
    """Those of a block that are in order so far: their numbers, their cells that are read, and the text."""

    numbers: Sequence[int]
    cells: Sequence[Cells]
    refused: list[RefusedLine] = field(default_factory=list)


class Converter:
    """For one file, whose header says where everything stands. `on`: by which day's rule values are doubted. What
    their model mostly costs is not asked: that is known when all have come (`register.typical`)."""

    def __init__(self, header: Sequence[str], *, on: date) -> None:
        self._width = len(header)
        self._places = _places(header)
        wanted = [header.index(PLATE), *(place for places in self._places.values() for place in places)]
        self._last = max(wanted) + 1
        self._pick: Callable[[Cells], Cells] = itemgetter(*wanted)
        self._readers = {one.name: _Remembered(one.read) for one in FIELDS}
        self._models = _Remembered(_model)
        self._ages = _Remembered(_is_old)
        self._doubts = _Remembered(partial(_doubt, on))

    def convert(self, block: Block) -> Converted:
        lines = self._split(block)
        columns = self._columns(lines.cells)
        if not all(map(_PLATE.fullmatch, columns[PLATE])):
            self._refuse(block, lines, map(_PLATE.fullmatch, columns[PLATE]), gettext_lazy("It names no plate."))
            columns = self._columns(lines.cells)
        if "" in columns["make"]:
            self._refuse(block, lines, columns["make"], gettext_lazy("It names no make."))
            columns = self._columns(lines.cells)
        rows = zip(map(str, lines.numbers), *(columns[name] for name in (PLATE, *COLUMNS)), strict=True)
        text = "".join([f"{row}\n" for row in map("\t".join, rows)])
        return Converted(block, text.encode(), len(lines.cells), lines.refused)

    def _split(self, block: Block) -> _Lines:
        try:
            text = block.lines.decode()
        except UnicodeDecodeError:
            return self._one_by_one(block)
        lines = text.replace("\r\n", "\n").split("\n")
        lines.pop()  # behind the last new line
        separators = self._width - 1
        if '"' in text or any(line.count(",") != separators for line in lines):
            return self._one_by_one(block)
        cells = [self._pick(line.split(",", self._last)) for line in lines]
        return _Lines(range(block.number, block.number + len(cells)), cells)

    def _one_by_one(self, block: Block) -> _Lines:
        numbers: list[int] = []
        rows: list[Cells] = []
        found = _Lines(numbers, rows)
        for number, line in _numbered(block):
            if not line:
                continue
            cells = _cells(number, line, self._width)
            if isinstance(cells, RefusedLine):
                found.refused.append(cells)
            else:
                numbers.append(number)
                rows.append(self._pick(cells))
        return found

    def _refuse(self, block: Block, lines: _Lines, right: Iterable[object], reason: Promise) -> None:
        """Those lines for which nothing stands in `right`."""
        is_right = list(map(bool, right))
        wrong = set(lines.numbers) - set(compress(lines.numbers, is_right))
        lines.refused += [
            RefusedLine(number, reason, {}, _shown(line)) for number, line in _numbered(block) if number in wrong
        ]
        lines.refused.sort(key=lambda one: one.number)
        lines.numbers = list(compress(lines.numbers, is_right))
        lines.cells = list(compress(lines.cells, is_right))

    def _columns(self, rows: Sequence[Cells]) -> dict[str, Sequence[str]]:
        """Column of ours -> what stands in it, line by line."""
        raw = iter(list(zip(*rows, strict=True)) or [()] * self._width)
        columns: dict[str, Sequence[str]] = {PLATE: next(raw)}
        first = {}
        for name, places in self._places.items():
            cells = [next(raw) for _place in places]
            columns[name], first[name] = self._column(name, cells), cells[0]
        columns["model"] = list(map(self._models.__getitem__, zip(first["make"], first["model"], strict=True)))
        ages = map(self._ages.__getitem__, columns["first_admitted_on"])
        asked = zip(first["catalogue_value"], first["kind"], ages, strict=True)
        columns["value_doubt"] = list(map(self._doubts.__getitem__, asked))
        return columns

    def _column(self, name: str, cells: Sequence[Cells]) -> Sequence[str]:
        read = self._readers[name].__getitem__
        column = list(map(read, cells[0]))
        for others in cells[1:]:
            if NULL in column:
                column = [one if one != NULL else read(other) for one, other in zip(column, others, strict=True)]
        return column


_READ: Mapping[str, Callable[[object], Value]] = {one.name: one.read for one in FIELDS}


def _model(cells: tuple[str, str]) -> str:
    make, model = cells
    return without(str(_READ["make"](make)), str(_READ["model"](model)))


def _is_old(admitted: str) -> bool:
    return is_old(None if admitted == NULL else date.fromisoformat(admitted))


def _doubt(on: date, asked: tuple[str, str, str]) -> str:
    value, kind, old = asked
    worth = _READ["catalogue_value"](value)
    if not isinstance(worth, Decimal):
        return ""
    return doubt_of(worth, kind=str(_READ["kind"](kind)), old=old == _copied(True), typical=None, on=on) or ""


def _places(header: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Field -> the cells in which the file says it; a field of which it has none is missing."""
    if missing := [names[0] for names in ((PLATE,), *(one.keys for one in FIELDS)) if not set(names) & {*header}]:
        message = _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}
        wanted = _("It should be the register's “Gekentekende voertuigen” as CSV, from opendata.rdw.nl.")
        raise UnreadableFile(f"{message} {wanted}")
    return {one.name: tuple(header.index(key) for key in one.keys if key in header) for one in FIELDS}


def _cells(number: int, line: bytes, width: int) -> Cells | RefusedLine:
    """One line, which is one vehicle: the register writes no text of several lines."""
    try:
        text = line.decode()
        cells = next(csv.reader([text], strict=True))
    except UnicodeDecodeError:
        return RefusedLine(number, gettext_lazy("It is not written in UTF-8."), {}, _shown(line))
    except csv.Error:
        return RefusedLine(number, gettext_lazy("Its quotation marks do not fit."), {}, _shown(line))
    if len(cells) != width:
        reason = gettext_lazy("It has %(cells)s cells, and the header names %(columns)s.")
        return RefusedLine(number, reason, {"cells": len(cells), "columns": width}, _shown(line))
    return cells


def _numbered(block: Block) -> Iterator[tuple[int, bytes]]:
    lines = block.lines.split(b"\n")[:-1]
    return enumerate((line.removesuffix(b"\r") for line in lines), block.number)


def _shown(line: bytes) -> str:
    return line.decode(errors="replace")


def _copied(value: Value) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    return value.isoformat() if isinstance(value, date) else str(value)
