"""What is kept about a person, as each room tells and forgets it.

A room that keeps something about people adds here how it tells a person of it, how it forgets it when the person
closes the account, and which columns that concerns. A test walks every table: a column with an account, an address or
a name that nobody tells, and of which nobody says why not, fails it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from json import loads

from remise.core.doors import rows
from remise.core.registry import Registry
from remise.core.words import Text

type Told = Mapping[str, object]  # one row, by the keys of the section's fields


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing that is kept about a person. `read` takes the account, in that account's own scope or in the
    system's, and gives what this portal and the account hold, without a secret and without anybody else's name."""

    name: str  # stable: the key in the file, `room.what`
    label: Text
    fields: Mapping[str, Text]
    read: Callable[[int], Iterable[Told]]
    columns: frozenset[str]  # `table.column`: where a person stands in it


@dataclass(frozen=True, slots=True)
class Untold:
    """Columns that look as if they were about a person, and are told to nobody: why not."""

    because: str
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What a room does when a person closes the account: in that transaction, at every insurer. The rooms do it from
    the top of the house down, so that the account, by which the others find what is the person's, goes last."""

    name: str
    forget: Callable[[int], object]


told: Registry[Section] = Registry(lambda section: section.name)
untold: Registry[Untold] = Registry(lambda one: one.because)
forgetting: Registry[Forgetting] = Registry(lambda one: one.name)


def parts(door: str) -> Callable[[str], Callable[[int], list[Told]]]:
    """Rows of a door that gives `section, said`: one question a section, each in order."""

    def of(section: str) -> Callable[[int], list[Told]]:
        def read(account: int) -> list[Told]:
            found = rows(f"select said::text from {door}(%s) where section = %s", account, section)  # noqa: S608
            return [loads(said) for (said,) in found]

        return read

    return of


def columns(table: str, *names: str) -> frozenset[str]:
    return frozenset(f"{table}.{name}" for name in names)
