"""Tables out, as CSV and XLSX. A cell that a spreadsheet would compute is made text (OWASP, CSV injection)."""

import codecs
import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Protocol

import xlsxwriter
from django.utils.formats import get_format

type Cell = str | int | Decimal | date | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would otherwise compute it. One that has such an
    apostrophe by itself gets another, so that `as_meant` gives back either."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def as_meant(text: str) -> str:
    """The text without the apostrophe that `harmless` put before it."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


class Sheet(Protocol):
    """A table that is written in parts."""

    def write(self, rows: Iterable[Sequence[Cell]]) -> None: ...

    def close(self) -> None: ...


def open_sheet(file: BinaryIO, kind: str, header: Sequence[str], *, title: str) -> Sheet:
    return CsvSheet(file, header) if kind == "csv" else XlsxSheet(file, header, title=title)


def write_csv(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = CsvSheet(file, header)
    sheet.write(rows)
    sheet.close()


class CsvSheet:
    """Semicolons and a byte-order mark: what a spreadsheet in Dutch or German opens by a double click."""

    def __init__(self, file: BinaryIO, header: Sequence[str]) -> None:
        # Not a wrapper that closes the file: a table may be given up halfway, and the file is its caller's.
        self._writer = csv.writer(codecs.getwriter("utf-8-sig")(file), delimiter=";")
        self._comma = get_format("DECIMAL_SEPARATOR") == ","  # as a spreadsheet in the reader's language reads it
        self._writer.writerow([harmless(cell) for cell in header])

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self._writer.writerow([self._text_of(cell) for cell in row])

    def _text_of(self, cell: Cell) -> Cell:
        if isinstance(cell, Decimal) and self._comma:
            return str(cell).replace(".", ",")
        return harmless(cell) if isinstance(cell, str) else cell

    def close(self) -> None:
        """Each row is in the file already."""


class XlsxSheet:
    """Row by row to disk: the memory used does not grow with the table."""

    def __init__(self, file: BinaryIO, header: Sequence[str], *, title: str) -> None:
        plain = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, plain)
        self._page = self._book.add_worksheet(title[:31])
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._page.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for column, name in enumerate(header):
            self._page.write_string(0, column, name, bold)
        self._written = 0

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self._written += 1
            for column, cell in enumerate(row):
                self._put(column, cell)

    def close(self) -> None:
        self._book.close()

    def _put(self, column: int, cell: Cell) -> None:
        place = (self._written, column)
        if isinstance(cell, date):
            self._page.write_datetime(*place, cell, self._day)
        elif isinstance(cell, Decimal):
            self._page.write_number(*place, cell, self._money)
        elif isinstance(cell, int):
            self._page.write_number(*place, cell)
        elif cell is not None:
            self._page.write_string(*place, harmless(cell))
