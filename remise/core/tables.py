"""Tables in, as people send them: CSV with semicolons, commas or tabs, or the first sheet of an XLSX.

A file is looked through before its first line is taken, so that what is no table at all changes nothing. What a
stranger sends may be made to hurt: how large it is unpacked, and how far its cells reach, is counted before a reader
is let at it.
"""

import csv
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from remise.core.spreadsheet import as_meant

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ";,\t"
MOST_PARTS = 500  # files within a workbook
MOST_UNPACKED = 250_000_000  # bytes; a hundred thousand lines of twenty cells are half of it
MOST_COLUMNS = 200
MOST_LINES = 1_000_000
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,7})(\d{1,20})[\"']")  # of a cell or a row
_PART = 1_000_000


class UnreadableFile(Exception):
    """The file cannot be taken as it is; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its number in the file, from 1, and what stands in its cells."""

    number: int
    cells: list[str]


def records(path: Path, columns: Collection[str], *, encodings: Collection[str] = ("utf-8",)) -> Iterable[Record]:
    """The lines of a file, those in which nothing stands left out; each pass reads the file anew. `columns`: names
    that its first line may have, in small letters, by which its delimiter is known. `encodings`: the first that fits
    is taken. Raises UnreadableFile, also in the midst of a pass."""
    return Filled(Xlsx(path) if _is_workbook(path) else Csv(path, columns, encodings))


def pasted(text: str, columns: Collection[str]) -> Iterable[Record]:
    """The same of what was pasted: out of a spreadsheet there are tabs between."""
    return Filled(CsvText(text, columns))


class Filled:
    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records

    def __iter__(self) -> Iterator[Record]:
        return (record for record in self._records if any(record.cells))


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_EXCEL:
        raise UnreadableFile(_("This is an old or locked spreadsheet. Save it as XLSX without a password."))
    return start == ZIP


class CsvText:
    """Whatever the delimiter, the first line tells: the one that gives more of the names, or more cells."""

    def __init__(self, text: str, columns: Collection[str]) -> None:
        self._text = text
        self._delimiter = _delimiter(self._lines, columns)

    def __iter__(self) -> Iterator[Record]:
        return self._lines(self._delimiter)

    def _lines(self, delimiter: str) -> Iterator[Record]:
        return _read(StringIO(self._text, newline=""), delimiter)


class Csv:
    def __init__(self, path: Path, columns: Collection[str], encodings: Collection[str]) -> None:
        self._path = path
        self._encoding = self._fitting(encodings)
        self._delimiter = _delimiter(self._lines, columns)

    def __iter__(self) -> Iterator[Record]:
        return self._lines(self._delimiter)

    def _fitting(self, encodings: Collection[str]) -> str:
        wrong = 1
        for encoding in encodings:
            number = self._first_not_in(encoding)
            if number is None:
                return "utf-8-sig" if encoding == "utf-8" else encoding
            wrong = number
        message = _("Line %(number)s is not written in UTF-8. Save the file as “CSV UTF-8”.")
        raise UnreadableFile(message % {"number": wrong})

    def _first_not_in(self, encoding: str) -> int | None:
        number = 1
        with self._path.open("rb") as file:
            try:
                for number, line in enumerate(file, start=1):  # noqa: B007
                    line.decode(encoding)
            except UnicodeDecodeError:
                return number
        return None

    def _lines(self, delimiter: str) -> Iterator[Record]:
        with self._path.open(encoding=self._encoding, newline="") as file:
            yield from _read(file, delimiter)


def _delimiter(lines: Any, columns: Collection[str]) -> str:  # noqa: ANN401  # a method of either reader
    def fits(sign: str) -> tuple[int, int]:
        first = next(lines(sign), None)
        cells = [cell.strip().lower() for cell in first.cells] if first else []
        return len(set(cells) & set(columns)), len(cells)

    return max(DELIMITERS, key=fits)


def _read(file: IO[str], delimiter: str) -> Iterator[Record]:
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
        _require_harmless(path)
        try:
            workbook = CalamineWorkbook.from_path(str(path))
            self._sheet = workbook.get_sheet_by_index(0)
        except (CalamineError, OSError) as error:
            raise _no_workbook() from error

    def __iter__(self) -> Iterator[Record]:
        rows: Iterable[list[Any]] = self._sheet.iter_rows()  # from the first line on, and from the first column used
        indent = [""] * (self._sheet.start[1] if self._sheet.start else 0)
        for number, row in enumerate(rows, start=1):
            yield Record(number, indent + [_cell(_text(value)) for value in row])


def _require_harmless(path: Path) -> None:
    """A few bytes may unpack to gigabytes, and a single cell at the far end of a sheet makes a reader lay out all of
    it. What is unpacked is counted, and compared with its checksum: the size that a part claims may be a lie."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            too_large = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED
            if too_large:
                raise UnreadableFile(
                    _("This spreadsheet unpacks to more than is taken. Divide it, or send it as CSV.")
                )
            for part in parts:
                with archive.open(part) as unpacked:
                    _look_through(unpacked, is_sheet="worksheets/" in part.filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _no_workbook() from error


def _look_through(part: IO[bytes], *, is_sheet: bool) -> None:
    rest = b""
    while read := part.read(_PART):
        if is_sheet:
            text = rest + read
            for column, line in _PLACE.findall(text):
                if len(column) > 3 or _column(column) > MOST_COLUMNS or int(line) > MOST_LINES:
                    raise UnreadableFile(
                        _("Something stands far outside the table, at %(place)s. Empty that cell and send it again.")
                        % {"place": (column + line).decode()[:20]}
                    )
            rest = text[-60:]


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27; 0 for the number of a row."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _no_workbook() -> UnreadableFile:
    return UnreadableFile(_("This spreadsheet cannot be read. Save it anew as XLSX, or as CSV."))


def _cell(text: str) -> str:
    return as_meant(text).replace("\r\n", "\n").replace("\r", "\n")


def _text(value: object) -> str:
    """A cell of a spreadsheet as it would stand in a CSV."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
