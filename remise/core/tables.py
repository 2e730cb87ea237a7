"""Tables in, as people send them: CSV with semicolons, commas or tabs, or the first sheet of an XLSX.

A file is looked through before its first line is taken, so that what is no table at all changes nothing. What a
stranger sends may be made to hurt: how large it is unpacked, and how far its cells reach, is counted before a reader
is let at it.
"""

import csv
import re
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO, Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell

from remise.core.spreadsheet import as_meant

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ";,\t"
MOST_PARTS = 500  # files within a workbook
MOST_UNPACKED = 250_000_000  # bytes; a hundred thousand lines of twenty cells are half of it
MOST_COLUMNS = 200
MOST_LINES = 1_000_000
LONGEST_LINE = 200_000  # signs
LOOKED_AT = 50  # lines by which the delimiter is known: the first may say less than the others
MOST_CELLS = 4_000_000  # from the first to the last one, for the reader lays out all that lies between: 130 MB
_PLACE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_SHEET = b"sheetData"  # where the cells begin, however the part is called that has them
_TEXTS = b"si>"  # ends each of the texts that cells refer to
_PART = 1_000_000


class UnreadableFile(Exception):
    """The file cannot be taken as it is; the message says why and what helps."""


class MisquotedError(UnreadableFile):
    """Its quotation marks do not fit, with this delimiter."""


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
    """Whatever the delimiter, the first lines tell: the one that gives more of the names, or more cells."""

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
        try:
            found = list(islice(lines(sign), LOOKED_AT))
        except MisquotedError:  # quotation marks stand around the cells of another sign
            return 0, 0
        first = [cell.strip().lower() for cell in found[0].cells] if found else []
        return len(set(first) & set(columns)), sum(len(record.cells) - 1 for record in found)

    return max(DELIMITERS, key=fits)


def _read(file: IO[str], delimiter: str) -> Iterator[Record]:
    reader = csv.reader(_short(file), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise UnreadableFile(_("Line %(number)s has more cells than is taken.") % {"number": number})
            if number > MOST_LINES:
                raise UnreadableFile(_("This file has more lines than is taken. Divide it."))
            yield Record(number, [_cell(cell) for cell in cells])
            number = reader.line_num + 1
    except csv.Error as error:
        message = _("Line %(number)s cannot be read: its quotation marks do not fit.")
        raise MisquotedError(message % {"number": number}) from error


def _short(file: IO[str]) -> Iterator[str]:
    """Its lines, before a reader takes them apart: one of millions of signs is no line of a table."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise UnreadableFile(_("Line %(number)s is longer than is taken.") % {"number": number})
        yield line


class Xlsx:
    def __init__(self, path: Path) -> None:
        _require_harmless(path)
        try:
            self._sheet = _opened(path).get_sheet_by_index(0)
        except (CalamineError, OSError) as error:
            raise _no_workbook() from error

    def __iter__(self) -> Iterator[Record]:
        rows: Iterable[list[Any]] = self._sheet.iter_rows()  # from the first line on, and from the first column used
        indent = [""] * (self._sheet.start[1] if self._sheet.start else 0)
        for number, row in enumerate(rows, start=1):
            yield Record(number, indent + [_cell(_text(value)) for value in row])


def _opened(path: Path) -> CalamineWorkbook:
    """The reader chooses by the name, and reads formats whose bounds nobody has looked at: it is given one name."""
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder, "book.xlsx")
        named.symlink_to(path.absolute())
        return CalamineWorkbook.from_path(str(named))


def _require_harmless(path: Path) -> None:
    """A few bytes may unpack to gigabytes, and a single cell at the far end of a sheet makes a reader lay out all of
    it. What is unpacked is counted, and compared with its checksum: the size that a part claims may be a lie."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            too_large = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED
            if too_large:
                raise _too_large()
            holds = {part: _found(archive, part) for part in parts}
            texts = [length for part in parts if holds[part][_TEXTS] for length in _Texts().measure(archive, part)]
            for part in parts:
                if holds[part][_SHEET]:
                    _Reach(texts).measure(archive, part)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise _no_workbook() from error


def _found(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> dict[bytes, bool]:
    """What is in it. To the end of it, also where the answer is known before: only then its checksum is compared."""
    found, rest = dict.fromkeys((_SHEET, _TEXTS), False), b""
    with archive.open(part) as unpacked:
        while read := unpacked.read(_PART):
            for sign in found:
                found[sign] = found[sign] or sign in rest + read
            rest = read[-len(_SHEET) :]
    return found


class _Parsed(ABC):
    """A part of a workbook, element by element."""

    def measure(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Sequence[int]:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, said: self._start(name.rpartition(":")[2], said)
        parser.EndElementHandler = lambda name: self._end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        with archive.open(part) as unpacked:
            while read := unpacked.read(_PART):
                parser.Parse(read)
        parser.Parse(b"", True)
        return self.found()

    def found(self) -> Sequence[int]:
        return ()

    @abstractmethod
    def _start(self, name: str, said: dict[str, str]) -> None: ...

    @abstractmethod
    def _end(self, name: str) -> None: ...

    @abstractmethod
    def _text(self, text: str) -> None: ...

    def _refuse(self, *_said: object) -> NoReturn:
        raise _no_workbook()


class _Texts(_Parsed):
    """How long each of the texts is to which cells refer: a few cells may repeat one of a million signs."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        self._is_in = False

    def found(self) -> Sequence[int]:
        return self._lengths

    def _start(self, name: str, said: dict[str, str]) -> None:
        if name == "si":
            self._is_in = True
            self._lengths.append(0)

    def _end(self, name: str) -> None:
        self._is_in = self._is_in and name != "si"

    def _text(self, text: str) -> None:
        if self._is_in:
            self._lengths[-1] += len(text)


class _Reach(_Parsed):
    """How far the cells reach in which something stands, counted as the reader counts: one that does not say its
    place stands to the right of the one before, and such a row under the one before."""

    def __init__(self, texts: Sequence[int]) -> None:
        self._texts, self._signs = texts, 0
        self._number: str | None = None  # of a text, in a cell that refers to one
        self._lines = self._columns = self._count = 0  # the greatest, and how many cells
        self._line, self._column = 1, 1  # where the next one stands, unless it says so
        self._in_row = self._in_cell = False
        self._awaited: tuple[int, int] | None = None  # line and column of the cell whose content would be next

    def _start(self, name: str, said: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(said.get("r"))
            self._number = "" if said.get("t") == "s" else None
        elif name == "row":
            self._begin_row(said.get("r"))
        elif self._awaited is not None:
            self._count_in(*self._awaited)
            self._awaited = None

    def _text(self, text: str) -> None:
        if self._number is not None:
            self._number += text

    def _end(self, name: str) -> None:
        if name == "c":
            self._in_cell, self._awaited = False, None
            self._count_signs()
        elif name == "row":
            self._in_row = False
            self._line, self._column = self._line + 1, 1

    def _begin_row(self, number: str | None) -> None:
        if self._in_row:
            self._refuse()
        self._in_row = True
        if number is not None:
            self._line = int(number)

    def _begin_cell(self, place: str | None) -> None:
        if self._in_cell or not self._in_row:
            self._refuse()
        line = self._line
        if place is not None:
            said = _PLACE.fullmatch(place)
            if said is None:
                self._refuse()
            line, self._column = int(said[2]), _column(said[1])
        self._in_cell, self._awaited = True, (line, self._column)
        self._column += 1

    def _count_in(self, line: int, column: int) -> None:
        self._lines, self._columns = max(self._lines, line), max(self._columns, column)
        self._count += 1
        if column > MOST_COLUMNS or line > MOST_LINES:
            raise UnreadableFile(
                _("Something stands far outside the table, at %(place)s. Empty that cell and send it again.")
                % {"place": _place(line, column)}
            )
        if max(self._lines * self._columns, self._count) > MOST_CELLS:
            raise UnreadableFile(
                _(
                    "This table reaches as far as %(place)s, which is more than is taken. Empty what stands far "
                    "outside it, divide it, or send it as CSV."
                )
                % {"place": _place(self._lines, self._columns)}
            )

    def _count_signs(self) -> None:
        number = (self._number or "").strip()
        if number.isdecimal() and int(number) < len(self._texts):
            self._signs += self._texts[int(number)]
            if self._signs > MOST_UNPACKED:
                raise _too_large()


def _column(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _place(line: int, column: int) -> str:
    return str(xl_rowcol_to_cell(line - 1, column - 1))


def _too_large() -> UnreadableFile:
    return UnreadableFile(_("This spreadsheet unpacks to more than is taken. Divide it, or send it as CSV."))


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
