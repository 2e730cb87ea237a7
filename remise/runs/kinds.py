"""What can be run: rooms above add their kinds at start-up (`kinds.add`). Both sorts share states and pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.utils.functional import Promise

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.identifiers import Doubt
from remise.core.registry import Registry
from remise.core.rights import Right
from remise.core.scope import Within
from remise.core.words import Text


class Row(dict[str, Any]):
    """The data of one row, and what it belongs to."""

    __slots__ = ("inputs", "key", "run")

    def __init__(self, data: Mapping[str, Any], *, key: str, run: int, inputs: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.key = key
        self.run = run  # for the entries that the row makes
        self.inputs = inputs  # what holds for all rows


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What came of an accepted row: the number of its receipt, and what there is to say about it."""

    entry: int | None = None
    message: Text = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines of an export are written, and how many there are."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`right` is needed, in at least one branch, to begin it, see it and go on with it."""

    name: str  # stored: it must stay as it is
    label: str | Promise
    right: Right
    icon: str = "list-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsKind(Kind):
    """One row, one verdict, once. What does a row is called as the member who began the run, with the rights of that
    moment, inside a transaction with the other rows of the step: it reads and writes the database and nothing else.
    """

    chunk: int = 50  # rows in one step, fewer when they take long
    keys_are_plates: bool = False
    # Codes of refusals that repeat what was typed, or name somebody. Paper is kept for ever and says neither.
    repeating: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKind(RowsKind):
    """`handle` calls one action for one row and returns what came of it, or raises the action's `DomainError`: the
    row is refused with its words, and what it did is undone."""

    handle: Callable[[Actor, Row], RowOutcome]


@dataclass(frozen=True, slots=True)
class Column:
    """What a row of a file may say. It is known by its `name` and its labels in every language; `choices`: value and
    label, for who mends it."""

    name: str
    label: Text
    is_needed: bool = False
    hint: Text = ""
    example: str = ""
    choices: Sequence[tuple[str, Text]] = ()
    also: frozenset[str] = frozenset()  # other names for it, in small letters
    is_own: bool = False  # says something of this row alone, and never the same on many
    width: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind(RowsKind):
    """Rows that come in a file and are looked through before anything happens: what would be refused can be mended in
    its place. A row's data are the texts of its columns.

    `check` says of each row why it would be refused, or None; `together` does a step's rows at once and gives the
    verdict of each, in that order. Both go by the same rules, and ask the database for all rows at once. `key` is
    what a row is about, by which it stands in a file once; empty where that cannot be read. `most`: how many rows a
    file may have.
    """

    columns: Callable[[Actor, Mapping[str, Any]], Sequence[Column]]
    check: Callable[[Actor, Sequence[Row]], Sequence[DomainError | Doubt | None]]
    together: Callable[[Actor, Sequence[Row]], Sequence[RowOutcome | DomainError]]
    key: Callable[[Mapping[str, Any]], str]
    most: Callable[[Actor, Mapping[str, Any]], int]
    confirm: Callable[[int], str]  # the words on the button, for so many rows
    results: str  # where it is told what came of each line: the name of a URL
    sent_at: Callable[[Mapping[str, Any]], str]  # the page where another one is sent in, by what this one was asked
    chunk: int = 1000
    # Asks others about what lines with these keys are about, before they are checked: for so many seconds at most.
    learn: Callable[[Actor, Sequence[str], float, Within], None] = lambda *_none: None
    # The page where one row is done by itself, by the inputs, the run and the row's position: there the desk can be
    # asked.
    by_itself: Callable[[Mapping[str, Any], int, int], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind(Kind):
    """A file with what the member may see. `write` takes the inputs, the moment at which the run began and the file,
    and writes it in parts of about a second, telling after each how far it is.

    Each part is read in a transaction of its own: no cursor may outlive a `yield`, and the ledger is asked as known
    at that moment, so that all parts agree. The moment is no input: the same asked twice is still recognised.
    A killed export is begun anew.
    """

    write: Callable[[Actor, Mapping[str, Any], datetime, BinaryIO], Iterator[Progress]]
    file_name: Callable[[Actor, Mapping[str, Any]], str]
    icon: str = "file-spreadsheet"


kinds: Registry[RunKind | FileKind | ExportKind] = Registry(lambda kind: kind.name)


def with_rows(name: str) -> RunKind | FileKind:
    kind = kinds[name]
    if isinstance(kind, ExportKind):
        raise TypeError(f"{name} has no rows")
    return kind


def from_file(name: str) -> FileKind:
    kind = kinds[name]
    if not isinstance(kind, FileKind):
        raise TypeError(f"{name} does not come in a file")
    return kind


def with_file(name: str) -> ExportKind:
    kind = kinds[name]
    if not isinstance(kind, ExportKind):
        raise TypeError(f"{name} makes no file")
    return kind


def is_export(name: str) -> bool:
    return isinstance(kinds[name], ExportKind)


def is_from_file(name: str) -> bool:
    return isinstance(kinds[name], FileKind)


class RightsOfKinds:
    """The rights that open the page: those of every kind, also of the kinds that are still to be added."""

    def __iter__(self) -> Iterator[str]:
        return (kind.right for kind in kinds)


RIGHTS = RightsOfKinds()
