"""What came of each line of a file, as a file: the number of its receipt and the day from which it holds, or why it
was refused with what it said, so that it can be mended and sent in again."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext

from remise.core.models import Entry
from remise.core.spreadsheet import Cell, open_sheet
from remise.runs.files import BESIDES
from remise.runs.kinds import Column, FileKind
from remise.runs.models import Run, RunRow
from remise.ui.formats import plate_text

PART = 2_000  # lines that are read at once
AT_ONCE = 5_000  # lines that are written while one waits


def write_results(
    file: BinaryIO, run: Run, kind: FileKind, columns: Sequence[Column], suffix: str, *, part: int = PART
) -> Iterator[int]:
    """How many lines are written, after each part. What was done has no columns any more: they are in the ledger."""
    sheet = open_sheet(file, suffix, _header(columns), title=str(kind.label))
    written = 0
    while rows := list(RunRow.objects.filter(run=run, position__gt=written).order_by("position")[:part]):
        entries = _entries(rows)
        sheet.write([_line(row, kind, columns, entries.get(row.entry or 0)) for row in rows])
        written = rows[-1].position
        yield written
    sheet.close()


def _header(columns: Sequence[Column]) -> list[str]:
    return [*(str(column.label) for column in columns), *(gettext(name) for name in BESIDES)]


def _line(row: RunRow, kind: FileKind, columns: Sequence[Column], entry: Entry | None) -> list[Cell]:
    about, *others = columns
    key = str(row.data.get(about.name) or row.key)
    said = [str(row.data.get(column.name) or "") for column in others]
    return [
        plate_text(key) if kind.keys_are_plates else key,
        *said,
        row.position,
        row.get_verdict_display(),
        entry.receipt if entry else "",
        entry.starts if entry else None,
        row.message,
    ]


def _entries(rows: Sequence[RunRow]) -> dict[int, Entry]:
    entries = Entry.objects.filter(id__any_of=[row.entry for row in rows if row.entry])
    return {entry.id: entry for entry in entries.only("id", "at", "starts")}
