"""Lists that rooms fill at start-up, so that a lower room can show what a higher one brings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


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
    """A page in the menu: shown to who holds one of `rights` in at least one branch."""

    url_name: str
    label: str | Promise
    icon: str
    rights: tuple[str, ...] = ()
    order: int = 50
    namespace: str = ""  # pages of this URL namespace light it up


@dataclass(frozen=True, slots=True)
class HomeTile:
    """A figure on the home page; `build` takes the actor and returns what the tile shows, or None to stay away."""

    name: str
    build: Callable[[Any], Any]
    rights: tuple[str, ...] = ()


menu: Registry[MenuEntry] = Registry(lambda entry: entry.url_name)
home_tiles: Registry[HomeTile] = Registry(lambda tile: tile.name)
