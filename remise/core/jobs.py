"""Jobs: deferred in the action's transaction, run in the scope of the system in one portal, safe to run twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from remise.core.actor import Actor, system
from remise.core.scope import ActorKind, Scope, enter

P = ParamSpec("P")

# A receipt never waits for a long run: a higher number is taken first.
URGENT, NORMAL, LONG = 20, 0, -20

# Rooms above this one know the portals; they say here how to read a portal's business clock.
clock_of_portal: Callable[[int], timedelta] = lambda _portal: timedelta(0)  # noqa: E731


def job(
    name: str, *, priority: int = NORMAL, attempts: int = 10
) -> Callable[[Callable[Concatenate[Actor, P], None]], Task[Any, Any, Any]]:
    """Make a task of a function that takes the acting system and ids. Its failure is tried again, ever later."""

    def decorate(function: Callable[Concatenate[Actor, P], None]) -> Task[Any, Any, Any]:
        def run(*, portal: int, **ids: Any) -> None:
            with enter(Scope(ActorKind.SYSTEM, portal)):
                actor = system(portal=portal, name=name, clock_offset=clock_of_portal(portal))
                function(actor, **ids)  # type: ignore[call-arg]

        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        return app.task(name=name, priority=priority, retry=retry)(run)

    return decorate


def stepwise(name: str, *, priority: int = LONG, attempts: int = 10) -> Callable[[Callable[..., None]], Any]:
    """A job that opens its own transactions, one per step of a long run; it gets the portal's id."""

    def decorate(function: Callable[..., None]) -> Any:
        return app.task(name=name, priority=priority, retry=RetryStrategy(max_attempts=attempts, exponential_wait=2))(
            function
        )

    return decorate
