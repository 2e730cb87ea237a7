"""The file beside the register's: its lines that were refused, there only if one was."""

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from remise.core.importing import refused_beside
from remise.core.spreadsheet import CsvSheet, as_meant
from remise.vehicles.copying.converting import RefusedLine

HEADER = ("line", "reason", "text")


class Refused(ExitStack):
    """Nothing is touched before `begin`: another import of the file may be at work."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = refused_beside(path)
        self._sheet: CsvSheet | None = None
        self._has_begun = False

    def begin(self, stood: int) -> None:
        """Once, by whoever holds the row of the copy. `stood`: how many were written before by an import that was
        killed; those behind them come again. The file that has them stays until another one does."""
        if self._has_begun:
            return
        self._has_begun = True
        before = _read(self._path, stood)
        if not before:
            self._path.unlink(missing_ok=True)
            return
        final, self._path = self._path, self._path.with_name(f"{self._path.name}.new")
        self._write(before)
        self.flush()
        self._path = self._path.replace(final)

    def write(self, lines: Sequence[RefusedLine]) -> None:
        self._write([[str(one.number), one.why, one.line] for one in lines])

    def flush(self) -> None:
        if self._sheet is not None:
            self._file.flush()

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        if not rows:
            return
        if self._sheet is None:
            self._file = self.enter_context(self._path.open("wb"))
            self._sheet = CsvSheet(self._file, HEADER)
            self.callback(self._sheet.close)
        self._sheet.write(rows)


def _read(path: Path, most: int) -> list[list[str]]:
    if not most or not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows, None)
        return [[as_meant(cell) for cell in row] for row in islice(rows, most)]
