"""When background work needs a person. The numbers are ours (docs/adr/0017): a receipt's mail is late after minutes,
a file of a thousand lines may wait for the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from remise.core.jobs import Lane

SLOW_AFTER: Mapping[str, timedelta] = {Lane.QUICK: timedelta(minutes=5), Lane.LONG: timedelta(hours=1)}
# What is tried again within this time is worth watching.
SOON = timedelta(minutes=10)


class Trouble(StrEnum):
    """What is not well, the worst first."""

    NO_WORKER = "no_worker"
    GAVE_UP = "gave_up"
    NOT_DELIVERED = "not_delivered"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class State:
    """How the work of a portal stands. `waited` is how long the oldest job waits whose turn it is, by lane;
    `next_in` how long until the first of those that are to be tried later."""

    workers: int
    due: int
    running: int
    failed: int
    not_delivered: int
    waited: Mapping[str, timedelta]
    next_in: timedelta | None = None

    @property
    def longest(self) -> timedelta | None:
        return max(self.waited.values(), default=None)


def troubles(state: State) -> tuple[Trouble, ...]:
    """Nothing: everything is being done. Without a worker waiting long is no trouble of its own."""
    slow = any(waited > SLOW_AFTER[lane] for lane, waited in state.waited.items())
    found = {
        Trouble.NO_WORKER: state.workers == 0,
        Trouble.GAVE_UP: state.failed > 0,
        Trouble.NOT_DELIVERED: state.not_delivered > 0,
        Trouble.SLOW: slow and state.workers > 0,
    }
    return tuple(trouble for trouble, holds in found.items() if holds)


def is_busy(state: State) -> bool:
    """Is there anything to watch?"""
    soon = state.next_in is not None and state.next_in <= SOON
    return state.due > 0 or state.running > 0 or soon
