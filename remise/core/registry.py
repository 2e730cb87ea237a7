"""Lists that rooms fill at start-up, so that a lower room can show what a higher one brings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remise.core.actor import Actor
from remise.core.words import Text


class Registry[T]:
    """An ordered list with one entry per key; the same key twice is a mistake of the programmer."""

    def __init__(self, key: Callable[[T], str]) -> None:
        self._key = key
        self._entries: dict[str, T] = {}

    def add(self, *entries: T) -> None:
        for entry in entries:
            key = self._key(entry)
            if key in self._entries:
                raise ValueError(f"{key} is registered twice")
            self._entries[key] = entry

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def get(self, key: str) -> T | None:
        return self._entries.get(key)

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __contains__(self, key: str) -> bool:
        return key in self._entries


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in the menu: shown to who holds one of `rights` in at least one branch, or, where none are named (an
    empty tuple), to every member. They may be a list that still grows, and so are read each time."""

    url_name: str
    label: Text
    icon: str
    rights: Iterable[str] = ()
    order: int = 50
    namespace: str = ""  # pages of this URL namespace light it up
    phone: bool = False  # in the bottom bar of a phone
    side: bool = True  # in the side bar of a desk
    beside: str = ""  # a page that leads here: for who may not open that one, this stands in the side bar after all
    anybody: bool = False  # of one's own pages: also for who works for no company yet


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure on the home page: a link, and how it came about over the last months."""

    label: str
    number: str
    url: str
    detail: str = ""
    trend: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do now, by a date."""

    due: date
    when: str  # "9 days left"
    title: str
    text: str
    url: str
    action: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A button: where something is begun."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a company that has nothing yet reads in the place of its figures; the first step is the one most take."""

    title: str
    text: str
    icon: str
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Source[T]:
    """A room's contribution to the home page; `build` takes the actor and gives what the actor may see."""

    name: str
    build: Callable[[Actor], T]


menu: Registry[MenuEntry] = Registry(lambda entry: entry.url_name)
# Under one's own name: pages about oneself in the company one works for.
own_pages: Registry[MenuEntry] = Registry(lambda entry: entry.url_name)
home_tiles: Registry[Source[Sequence[Tile]]] = Registry(lambda source: source.name)
home_tasks: Registry[Source[Sequence[Task]]] = Registry(lambda source: source.name)
# None where it has begun.
home_beginnings: Registry[Source[Beginning | None]] = Registry(lambda source: source.name)
