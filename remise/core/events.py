"""One append-only table for what happened, and the two ways to follow it: at once, or exactly once by a job.

An event is written in the action's transaction. A subscriber `at_once` runs inside it (a rule that must hold
at once); any other is a job deferred in it, so that a rolled-back action leaves neither event nor job.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.core.scope import ActorKind

type Handler = Callable[[Actor, Event], None]
type When = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Subscriber:
    name: str
    handler: Handler
    at_once: bool
    when: When


_by_kind: dict[str, list[Subscriber]] = defaultdict(list)
_by_name: dict[str, Subscriber] = {}

# Those who may read the table back. Of an event at the doors one learns the number alone.
_READERS = frozenset({ActorKind.MEMBER, ActorKind.AGENT, ActorKind.STAFF, ActorKind.SYSTEM})


def always(_said: Mapping[str, Any]) -> bool:
    return True


def subscribe(kind: str, name: str, handler: Handler, *, at_once: bool = False, when: When = always) -> None:
    """Called from a room's `AppConfig.ready`. `name` is stored with each delivery: it must stay as it is. `when`
    looks at what the event says (`Event.said`): of what needs nothing done there is no job. At the doors nobody may
    read an event: what happens there is followed by a job only."""
    if name in _by_name:
        raise ValueError(f"{name} is subscribed twice")
    subscriber = Subscriber(name, handler, at_once, when)
    _by_kind[kind].append(subscriber)
    _by_name[name] = subscriber


def unsubscribe(kind: str, name: str) -> None:
    _by_kind[kind].remove(_by_name.pop(name))


def record(
    kind: str,
    *,
    by: Actor,
    organisation: int | None = None,
    subject: tuple[str, int] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write what happened; `before` and `after` hold ids and figures, never a person's particulars."""
    subject_kind, subject_id = subject or ("", None)
    readable = by.kind in _READERS
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_event (portal, organisation, kind, subject_kind, subject, account,"  # noqa: S608
            " by_system, office, via, token, at, before, after)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)"
            + (" returning id" if readable else ""),
            [
                by.portal,
                organisation if organisation is not None else by.organisation,
                kind,
                subject_kind,
                subject_id,
                by.account,
                by.by_system,
                by.office,
                by.via,
                by.token,
                clock.now(by),
                None if before is None else json.dumps(before),
                None if after is None else json.dumps(after),
            ],
        )
        number = cursor.fetchone()[0] if readable else None
    following = [one for one in _by_kind.get(kind, ()) if one.when(after or before or {})]
    if not following:
        return
    event: int = number or _written()
    for subscriber in following:
        if subscriber.at_once and readable:
            subscriber.handler(by, Event.objects.get(id=event))
        elif by.portal is not None:
            _defer(subscriber, by.portal, event)


def _written() -> int:
    number: int = rows("select event_written()")[0][0]
    return number


def announce(kind: str, written: Iterable[tuple[int, int]]) -> None:
    """Of events of one kind that a door wrote, by portal and number, as it told them. Whoever called the door may not
    read them: the job looks at `when`."""
    for portal, event in written:
        for subscriber in _by_kind.get(kind, ()):
            _defer(subscriber, portal, event)


def _defer(subscriber: Subscriber, portal: int, event: int) -> None:
    from remise.core.tasks import deliver

    if subscriber.at_once:
        raise ValueError(f"{subscriber.name} cannot follow at once what nobody here may read")
    deliver.defer(portal, event=event, subscriber=subscriber.name)


def take(actor: Actor, *, event: int, subscriber: str) -> None:
    """Hand an event to its subscriber; the delivery and what the subscriber does are one transaction, so that
    it is done once however often the job runs. Who does the same at this moment is waited for."""
    follower = _by_name[subscriber]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_delivery (portal, subscriber, event) values (%s, %s, %s) on conflict do nothing",
            [actor.portal, subscriber, event],
        )
        is_first = cursor.rowcount == 1
    if is_first:
        found = Event.objects.get(id=event)
        if follower.when(found.said):
            follower.handler(actor, found)
