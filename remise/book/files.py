"""A book as a file: a header that names the columns, and lines under it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from remise.core.tables import Record, UnreadableFile, records

# What the file of refused lines has besides: it comes in again once it is mended.
NUMBER, REASON = "line", "reason"


class Table:
    """A file with a header. `count` lines are waiting; each pass reads the file anew and holds one line."""

    def __init__(self, path: Path, columns: Sequence[str], besides: Sequence[str] = ()) -> None:
        self._records = records(path, columns)
        first = next(iter(self._records), None)
        if first is None:
            raise UnreadableFile(_("The file is empty."))
        self.header = [cell.strip().lower() for cell in first.cells]
        _fits(self.header, columns, besides)
        self.count = sum(1 for _record in self.lines())

    def lines(self) -> Iterator[Record]:
        """Those under the header; where nothing stands is no line."""
        lines = iter(self._records)
        next(lines)
        return lines


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
