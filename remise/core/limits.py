"""Attempts that are limited: each takes a slot before anything is judged, on the cache's own connection, so that it
stays counted whatever becomes of the request. Two at once never take the same slot. Real time."""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


class TooOften(Exception):
    """No slot is free; the first one is in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def minutes(self) -> int:
        """At least one, for people."""
        return max(1, round(self.seconds / 60 + 0.49))


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in any stretch of so many seconds, for each subject."""

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

    def _slots(self, subject: tuple[object, ...]) -> list[str]:
        digest = hashlib.sha256(repr(subject).encode()).hexdigest()[:32]  # a key says nothing of plates
        return [f"limit:{self.name}:{digest}:{place}" for place in range(self.times)]


def give_back(*slots: str) -> None:
    cache.delete_many(slots)
