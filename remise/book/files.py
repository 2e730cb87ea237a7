"""Reading a file as people send it: CSV with semicolons or commas, or the first sheet of an XLSX.

A file is looked through before its first line is taken, so that what is no table at all changes nothing.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from remise.core.importing import UnreadableFile
from remise.core.spreadsheet import as_meant

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What the file of refused lines has besides: it comes in again once it is mended.
NUMBER, REASON = "line", "reason"


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its number in the file, from 1, and what stands in its cells."""

    number: int
    cells: list[str]


class Table:
    """A file with a header. `count` lines are waiting; each pass reads the file anew and holds one line."""

    def __init__(self, path: Path, columns: Sequence[str], besides: Sequence[str] = ()) -> None:
        self._records: Iterable[Record] = Xlsx(path) if _is_workbook(path) else Csv(path, columns)
        first = next(iter(self), None)
        if first is None:
            raise UnreadableFile(_("The file is empty."))
        self.header = [cell.strip().lower() for cell in first.cells]
        _fits(self.header, columns, besides)
        self.count = sum(1 for _record in self.lines())

    def lines(self) -> Iterator[Record]:
        """Those under the header; where nothing stands is no line."""
        records = iter(self)
        next(records)
        return records

    def __iter__(self) -> Iterator[Record]:
        return (record for record in self._records if any(record.cells))


def _fits(header: Sequence[str], columns: Sequence[str], besides: Sequence[str]) -> None:
    missing = [name for name in columns if name not in header]
    unknown = [name or "?" for name in header if name not in {*columns, *besides, NUMBER, REASON}]
    twice = sorted({name for name in header if header.count(name) > 1})
    for message, names in (
        (_("These columns are missing: %(names)s."), missing),
        (_("These columns are not known: %(names)s."), unknown),
        (_("These columns stand there twice: %(names)s."), twice),
    ):
        if names:
            wanted = _("The first line of the file names the columns, in any order: %(columns)s.")
            said = [message % {"names": ", ".join(names)}, wanted % {"columns": ", ".join(columns)}]
            raise UnreadableFile(" ".join(said))


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_EXCEL:
        raise UnreadableFile(_("This is an old or locked spreadsheet. Save it as XLSX without a password."))
    return start == ZIP


class Csv:
    """Whatever the delimiter, the header tells: the one that gives more of its names."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._path = path
        self._look_through()
        self._delimiter = max(";,", key=lambda sign: self._names(sign, columns))

    def __iter__(self) -> Iterator[Record]:
        return self._read(self._delimiter)

    def _look_through(self) -> None:
        number = 1
        with self._path.open("rb") as file:
            try:
                for number, line in enumerate(file, start=1):  # noqa: B007
                    line.decode("utf-8")
            except UnicodeDecodeError as error:
                message = _("Line %(number)s is not written in UTF-8. Save the file as “CSV UTF-8”.")
                raise UnreadableFile(message % {"number": number}) from error

    def _names(self, delimiter: str, columns: Sequence[str]) -> int:
        first = next(self._read(delimiter), None)
        return len({cell.strip().lower() for cell in first.cells} & set(columns)) if first else 0

    def _read(self, delimiter: str) -> Iterator[Record]:
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            number = 1
            try:
                for cells in reader:
                    yield Record(number, [_cell(cell) for cell in cells])
                    number = reader.line_num + 1
            except csv.Error as error:
                message = _("Line %(number)s cannot be read: its quotation marks do not fit.")
                raise UnreadableFile(message % {"number": number}) from error


class Xlsx:
    def __init__(self, path: Path) -> None:
        try:
            workbook = CalamineWorkbook.from_path(str(path))
            rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except (CalamineError, OSError) as error:
            raise UnreadableFile(_("This spreadsheet cannot be read. Save it anew as XLSX, or as CSV.")) from error
        self._rows: list[list[Any]] = rows

    def __iter__(self) -> Iterator[Record]:
        for number, row in enumerate(self._rows, start=1):
            cells = [_cell(_text(value)) for value in row]
            yield Record(number, cells)


def _cell(text: str) -> str:
    return as_meant(text).replace("\r\n", "\n").replace("\r", "\n")


def _text(value: object) -> str:
    """A cell of a spreadsheet as it would stand in a CSV."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
