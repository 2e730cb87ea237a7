"""How often something may be done, in real time. Counted on the cache's own connection, so that it stays counted
whatever becomes of the request: `Limit` for attempts, of which there are few, `Rate` for calls by the hundred."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil

from django.core.cache import cache
from django.utils.translation import gettext as _

from remise.core.cache import Count, count
from remise.core.errors import BrokenRule


class TooOften(BrokenRule):
    """It may be done again in so many seconds."""

    code = "too_often"

    def __init__(self, seconds: float) -> None:
        super().__init__(_("Too many calls. Try again in %(seconds)s seconds.") % {"seconds": max(1, ceil(seconds))})
        self.seconds = seconds

    @property
    def minutes(self) -> int:
        """At least one, for people."""
        return max(1, round(self.seconds / 60 + 0.49))


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in any stretch of so many seconds, for each subject: each takes a slot before anything is judged, and
    two at once never take the same. Read slot by slot: for few."""

    name: str
    times: int
    seconds: int

    def take(self, *subject: object) -> str:
        """The slot taken, to be given back where the attempt should not count; raises TooOften."""
        slots = self._slots(subject)
        taken = cache.get_many(slots)
        free_at = time.time() + self.seconds
        for slot in slots:
            if slot not in taken and cache.add(slot, free_at, self.seconds):
                return slot
        raise TooOften(max(0.0, min(cache.get_many(slots).values(), default=0.0) - time.time()))

    def begin(self, *subject: object) -> None:
        """One more, where one is left."""
        with suppress(TooOften):
            self.take(*subject)

    def left(self, *subject: object) -> int:
        return self.times - len(cache.get_many(self._slots(subject)))

    def is_used_up(self, *subject: object) -> bool:
        return not self.left(*subject)

    def begin_anew(self, *subject: object) -> None:
        """Somebody decided that it may be tried again."""
        give_back(*self._slots(subject))

    def _slots(self, subject: tuple[object, ...]) -> list[str]:
        return [f"limit:{self.name}:{_digest(subject)}:{place}" for place in range(self.times)]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in a window that begins with the first, for each subject: one statement, however many they are."""

    name: str
    times: int
    seconds: int

    def count(self, *subject: object) -> Count:
        """One more; `require_left` says whether it is one too many."""
        return count(f"{self.name}:{_digest(subject)}", window=self.seconds)

    def require_left(self, counted: Count) -> None:
        if counted.times > self.times:
            raise TooOften(counted.seconds_left)

    def take(self, *subject: object) -> None:
        self.require_left(self.count(*subject))


@contextmanager
def refusing(message: str) -> Iterator[None]:
    """In these words instead, for a form; they may name the `minutes` to wait."""
    try:
        yield
    except TooOften as error:
        raise BrokenRule(message % {"minutes": error.minutes}, code=error.code) from error


def give_back(*slots: str) -> None:
    cache.delete_many(slots)


def _digest(subject: tuple[object, ...]) -> str:
    """A key says nothing of plates and addresses."""
    return hashlib.sha256(repr(subject).encode()).hexdigest()[:32]
