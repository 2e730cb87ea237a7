"""The lines of a file that somebody sent, by the names of their columns: in any order, in any of our languages, with
or without a first line that names them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from remise.core.errors import BrokenRule
from remise.core.tables import Record, UnreadableFile, pasted, records
from remise.runs.kinds import Column
from remise.runs.models import Run, RunRow

type Line = dict[str, str]  # column -> text

LONGEST = 500  # of a cell, in characters
ENCODINGS = ("utf-8", "cp1252")  # the second is what a spreadsheet here writes as "CSV"
# What our own files have besides (results): they come in again once they are mended.
BESIDES = (
    gettext_noop("Line"),
    gettext_noop("State"),
    gettext_noop("Receipt"),
    gettext_noop("Takes effect"),
    gettext_noop("Reason"),
)


class Sheet:
    """Lines under the first one, each read anew at every pass. `not_read`: names in it that no column has."""

    def __init__(self, found: Iterable[Record], columns: Sequence[Column]) -> None:
        self._records = found
        self._columns = columns
        first = next(iter(found), None)
        if first is None:
            raise UnreadableFile(_("The file is empty."))
        known = names_of(columns)
        header = [cell.strip().lower() for cell in first.cells]
        self._is_named = any(cell in known for cell in header)
        if self._is_named:
            self._order = [known.get(cell, "") for cell in header]
            self.not_read = tuple(
                cell.strip()[:60]
                for cell, name in zip(first.cells, self._order, strict=True)
                if cell.strip() and not name and cell.strip().lower() not in _besides()
            )[:20]
            self._require()
        else:
            self._order = [column.name for column in columns]
            self.not_read = ()

    def __iter__(self) -> Iterator[Line]:
        lines = iter(self._records)
        if self._is_named:
            next(lines)
        for record in lines:
            yield {
                name: cleaned(cell)
                for name, cell in zip(self._order, record.cells, strict=False)
                if name and cell.strip()
            }

    def _require(self) -> None:
        twice = sorted({name for name in self._order if name and self._order.count(name) > 1})
        missing = [column for column in self._columns if column.is_needed and column.name not in self._order]
        for message, columns in (
            (_("These columns stand there twice: %(names)s."), [c for c in self._columns if c.name in twice]),
            (_("These columns are missing: %(names)s."), missing),
        ):
            if columns:
                raise UnreadableFile(message % {"names": ", ".join(str(column.label) for column in columns)})


def read_file(path: Path, columns: Sequence[Column]) -> Sheet:
    """Raises UnreadableFile, also while its lines are read."""
    return Sheet(records(path, set(names_of(columns)), encodings=ENCODINGS), columns)


def read_pasted(text: str, columns: Sequence[Column]) -> Sheet:
    return Sheet(pasted(text, set(names_of(columns))), columns)


def names_of(columns: Sequence[Column]) -> dict[str, str]:
    """What may stand in the first line, in small letters -> the column."""
    found: dict[str, str] = {}
    for column in columns:
        for name in (column.name, *_labels(column), *column.also):
            found.setdefault(name.strip().lower(), column.name)
    return found


def keys_of(run: Run) -> set[str]:
    """Those of the lines that are kept already."""
    return set(RunRow.objects.filter(run=run).values_list("key", flat=True))


def read_cells(cells: Mapping[str, object], known: Mapping[str, str], *, place: str) -> Line:
    """What a program says in columns, by the same names (`names_of`); `place` is where it stands in what was sent.
    Raises BrokenRule for a name that no column has: left unread, less would be done than was asked for."""
    line: Line = {}
    for given, value in cells.items():
        name = known.get(given.strip().lower())
        field = f"{place}.{given[:60]}"
        if name is None:
            there_are = ", ".join(dict.fromkeys(known.values()))
            told = _("There is no such column. These there are: %(names)s.") % {"names": there_are}
            raise BrokenRule(told, code="unknown_column", field=field)
        if name in line:
            told = _("These columns stand there twice: %(names)s.") % {"names": name}
            raise BrokenRule(told, code="column_twice", field=field)
        line[name] = cleaned(_as_text(value))
    return line


def _as_text(value: object) -> str:
    """As a spreadsheet would show it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _labels(column: Column) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield str(column.label)


@cache
def _besides() -> frozenset[str]:
    """In small letters."""
    found: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.update(_(name).lower() for name in BESIDES)
    return frozenset(found)


def cleaned(cell: str) -> str:
    """Without what no field takes anyhow: signs that cannot be seen or stored, and more than anybody types."""
    text = "".join(char if char.isprintable() else " " for char in cell).strip()
    return text[:LONGEST]
