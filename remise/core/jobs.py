"""Jobs: deferred in the action's transaction, run in the system's scope in one portal, safe to do twice."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any, Concatenate

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from remise.core.actor import RIGHTS_OF_JOBS, Actor, system
from remise.core.observe import fault
from remise.core.rights import Right
from remise.core.scope import ActorKind, Scope, enter
from remise.core.words import Text

log = structlog.get_logger("remise.job")


class Lane(StrEnum):
    """A queue with workers of its own, so that a receipt never waits for a file of a thousand rows."""

    QUICK = "quick"
    LONG = "long"


# The job that the worker defers once a day: `core.tasks`.
EVERY_DAY = "core.every_day"

# Within a lane the higher number goes first.
URGENT, NORMAL = 20, 0
# Tried again after 2, 4, 8, ... seconds: eleven times are 68 minutes, as long as an outside system may be away.
ATTEMPTS = 11

# Rooms above this one know the portals; they say here how to read a portal's business clock.
clock_of_portal: Callable[[int], timedelta] = lambda _portal: timedelta(0)  # noqa: E731
# And which portals there are, for what is done in each of them.
all_portals: Callable[[], Iterable[int]] = tuple

# Every job by its name, as the queue knows it: for who looks after them.
JOBS: "dict[str, Job[Any]]" = {}


class Job[**P]:
    """What a function that takes the acting system and ids becomes: deferred with a portal and those ids."""

    def __init__(
        self,
        function: Callable[Concatenate[Actor, P], None],
        *,
        name: str,
        lane: Lane,
        priority: int,
        attempts: int,
        stepwise: bool,
        rights: Iterable[Right] = (),
        label: Text = "",
    ) -> None:
        self.name = name
        self.label = label  # what it does, in the words of who looks after it
        JOBS[name] = self
        RIGHTS_OF_JOBS[name] = frozenset(rights)
        self._function = function
        self._stepwise = stepwise
        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        self._task = app.task(name=name, queue=lane, priority=priority, retry=retry)(self.run)

    def defer(self, portal: int, *args: P.args, **ids: P.kwargs) -> None:
        """Have it done once this transaction has committed; a transaction rolled back leaves no job."""
        if args:
            raise TypeError(f"{self.name} takes its ids by name")
        self._task.defer(portal=portal, **ids)

    def defer_after(self, seconds: int, portal: int) -> None:
        """The same of a job that takes no ids, no sooner than so many seconds from now."""
        self._task.configure(schedule_in={"seconds": seconds}).defer(portal=portal)

    def run(self, *, portal: int, **ids: Any) -> None:  # the function's own
        """Called by the worker, in a thread of its own, with Django's connection."""
        started = time.perf_counter()
        told = log.bind(job=self.name, portal=portal, **ids)
        try:
            self._run(portal, ids)
        except Exception as error:
            told.warning("job failed", **fault(error))
            raise
        told.info("job", ms=round((time.perf_counter() - started) * 1000, 1))

    def _run(self, portal: int, ids: dict[str, Any]) -> None:
        scope = Scope(ActorKind.SYSTEM, portal)
        with enter(scope):
            actor = system(portal=portal, name=self.name, clock_offset=clock_of_portal(portal))
            if not self._stepwise:
                self._function(actor, **ids)  # type: ignore[call-arg]
        if self._stepwise:
            self._function(actor, **ids)  # type: ignore[call-arg]


def job[**P](
    name: str,
    *,
    label: Text = "",
    rights: Iterable[Right] = (),
    lane: Lane = Lane.QUICK,
    priority: int = NORMAL,
    attempts: int = ATTEMPTS,
) -> Callable[[Callable[Concatenate[Actor, P], None]], Job[P]]:
    """Make a job of a function: one transaction in the system's scope. A failure is tried again, ever later. `rights`
    are all that it may do, of what asks for a right."""
    return lambda function: Job(
        function,
        name=name,
        label=label,
        lane=lane,
        priority=priority,
        attempts=attempts,
        rights=rights,
        stepwise=False,
    )


def stepwise[**P](
    name: str,
    *,
    label: Text = "",
    rights: Iterable[Right] = (),
    lane: Lane = Lane.LONG,
    priority: int = NORMAL,
    attempts: int = ATTEMPTS,
) -> Callable[[Callable[Concatenate[Actor, P], None]], Job[P]]:
    """A job of several transactions: the function enters its scopes itself; `actor.scope` is the system's."""
    return lambda function: Job(
        function,
        name=name,
        label=label,
        lane=lane,
        priority=priority,
        attempts=attempts,
        rights=rights,
        stepwise=True,
    )


_daily: list[Job[[]]] = []


def daily(name: str, *, label: Text = "", lane: Lane = Lane.LONG) -> Callable[[Callable[[Actor], None]], Job[[]]]:
    """A stepwise job that is done once a day in each portal."""

    def make(function: Callable[[Actor], None]) -> Job[[]]:
        made = Job(function, name=name, label=label, lane=lane, priority=NORMAL, attempts=ATTEMPTS, stepwise=True)
        _daily.append(made)
        return made

    return make


def defer_daily() -> None:
    """Have everything done that is done daily, in each portal."""
    with enter(Scope(ActorKind.SYSTEM)):
        for portal in all_portals():
            for each in _daily:
                each.defer(portal)
