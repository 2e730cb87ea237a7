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
    """`stood`: how many were written before by an import that was killed; those behind them come again."""

    def __init__(self, path: Path, stood: int) -> None:
        super().__init__()
        self._path = refused_beside(path)
        self._sheet: CsvSheet | None = None
        before = _read(self._path, stood)
        self._path.unlink(missing_ok=True)
        self._write(before)

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
