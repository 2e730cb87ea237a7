"""The books of an insurer: which there are, what stands in their columns, how a line comes in and how rows go out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from re import fullmatch

from django.utils.translation import gettext as _

from remise.core.actor import RIGHTS_OF_JOBS, Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers.text import compact
from remise.core.keeping import Kept
from remise.core.registry import Registry
from remise.core.rights import Right
from remise.core.spreadsheet import Cell
from remise.core.words import Text
from remise.mandates.rights import IntermediaryBookRight
from remise.organisations.rights import CustomerRight
from remise.policies.rights import PolicyRight

# Who acts while a book moves in or out, and all that it may do of what asks for a right.
KEEPER = "book"
RIGHTS_OF_JOBS[KEEPER] = frozenset[Right]({CustomerRight.KEEP, PolicyRight.KEEP, IntermediaryBookRight.KEEP})


type Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line of a file, by the name of its column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def given(self, column: str) -> str | None:
        """What stands there; None where it is empty, or where the file has no such column."""
        return self.cells.get(column, "").strip() or None

    def has(self, column: str) -> bool:
        return column in self.cells

    def number_in(self, column: str) -> str:
        """A number without the spaces and dots that people write in it."""
        return compact(self.cells[column])

    def day(self, column: str) -> date | None:
        """A day as 2026-01-31, or as people here write it: 31-1-2026 or 31.1.2026."""
        text = self.cells[column].strip()
        if not text:
            return None
        try:
            if found := fullmatch(r"(\d{1,2})([-.])(\d{1,2})\2(\d{4})", text):
                return date(int(found[4]), int(found[3]), int(found[1]))
            return date.fromisoformat(text)
        except ValueError as error:
            message = _("This is no day. Write it as 2026-01-31 or 31-1-2026.")
            raise BrokenRule(message, code="day", field=column) from error


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    explanation: Text


@dataclass(frozen=True, slots=True)
class Book:
    """`read` makes one line so; `keys` are what its row is found by: two lines of one file share none; `rows` are all
    that an insurer's portal has, in an order that stays."""

    name: str
    columns: tuple[Column, ...]
    keys: Callable[[Line], Sequence[Key]]
    read: Callable[[Actor, Line], Kept]
    rows: Callable[[int], Iterable[Sequence[Cell]]]
    besides: tuple[Column, ...] = ()  # that a file may have, and none that moves out has

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


# In the order in which they move in: each names what stands in the ones before.
books: Registry[Book] = Registry(lambda book: book.name)
