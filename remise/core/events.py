"""One append-only table for what happened, and the two ways to follow it: at once, or exactly once by a job.

An event is written in the action's transaction. A subscriber `at_once` runs inside it (a rule that must hold
at once); any other is a job deferred in it, so that a rolled-back action leaves neither event nor job.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.core.scope import ActorKind
from remise.core.sending import Numbered, Same, insert, once_there, together

type Handler = Callable[[Actor, Event], None]
type TogetherHandler = Callable[[Actor, Sequence[Event]], None]
type When = Callable[[Mapping[str, Any]], bool]


# So many events of a file are handed to a subscriber in one job.
PARCEL = 500


@dataclass(frozen=True, slots=True)
class Happened:
    """One of many things of the same kind that happened at once; as `record` takes them."""

    subject: tuple[str, int]
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    name: str
    handler: TogetherHandler
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
    subscribe_together(kind, name, _one_by_one(handler), at_once=at_once, when=when)


def subscribe_together(
    kind: str, name: str, handler: TogetherHandler, *, at_once: bool = False, when: When = always
) -> None:
    """The same for who does in few statements what follows from many events: the handler gets those that were
    recorded together, one or a thousand."""
    if name in _by_name:
        raise ValueError(f"{name} is subscribed twice")
    subscriber = Subscriber(name, handler, at_once, when)
    _by_kind[kind].append(subscriber)
    _by_name[name] = subscriber


def _one_by_one(handler: Handler) -> TogetherHandler:
    def handle(by: Actor, happened: Sequence[Event]) -> None:
        for event in happened:
            handler(by, event)

    return handle


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
                _json(before),
                _json(after),
            ],
        )
        number = cursor.fetchone()[0] if readable else None
    following = [one for one in _by_kind.get(kind, ()) if one.when(after or before or {})]
    if not following:
        return
    event: int = number or _written()
    for subscriber in following:
        if subscriber.at_once and readable:
            subscriber.handler(by, [Event.objects.get(id=event)])
        elif by.portal is not None:
            _defer(subscriber, by.portal, event)


def record_all(kind: str, *, by: Actor, organisation: int | None, happened: Sequence[Happened]) -> None:
    """Many events of one kind in one statement, as when a file is taken in; those who follow get them together."""
    if not happened:
        return
    same: dict[str, Same] = {
        "portal": ("bigint", by.portal),
        "organisation": ("bigint", organisation),
        "kind": ("text", kind),
        "account": ("bigint", by.account),
        "by_system": ("text", by.by_system),
        "office": ("bigint", by.office),
        "via": ("text", by.via),
        "token": ("bigint", by.token),
        "at": ("timestamptz", clock.now(by)),
    }
    with together(len(happened), Numbered.EVENTS):
        numbers = insert(
            Numbered.EVENTS,
            same=same,
            each={
                "subject_kind": ("text", (one.subject[0] for one in happened)),
                "subject": ("bigint", (one.subject[1] for one in happened)),
                "before": ("jsonb", (_json(one.before) for one in happened)),
                "after": ("jsonb", (_json(one.after) for one in happened)),
            },
            count=len(happened),
        )
        if kind not in _by_kind:
            return
        shared = {column: value for column, (_type, value) in same.items()}
        written = list(_as_written(numbers, happened, shared))
        once_there(lambda: _follow(kind, by, written))


def _follow(kind: str, by: Actor, written: Sequence[Event]) -> None:
    for subscriber in _by_kind.get(kind, ()):
        wanted = [event for event in written if subscriber.when(event.said)]
        if wanted and subscriber.at_once:
            subscriber.handler(by, wanted)
        elif not subscriber.at_once:
            for part in _parcels([event.pk for event in wanted]):
                _defer_all(subscriber, by.in_portal, part)


def _json(said: Mapping[str, Any] | None) -> str | None:
    return None if said is None else json.dumps(said)


def _as_written(numbers: Sequence[int], happened: Sequence[Happened], same: Mapping[str, Any]) -> Iterator[Event]:
    """The events as they were stored a moment ago, made as the ORM makes what it reads, without asking for them
    again; what the database added to them is asked for where somebody wants it."""
    names = [*same, "id", "subject_kind", "subject", "before", "after"]
    columns = [field.attname for field in Event._meta.concrete_fields if field.attname in names]
    of_all = list(same.values())
    order = [names.index(column) for column in columns]
    for number, one in zip(numbers, happened, strict=True):
        said = [*of_all, number, *one.subject, one.before, one.after]
        yield Event.from_db(connection.alias, columns, [said[place] for place in order])


def _parcels(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + PARCEL] for start in range(0, len(numbers), PARCEL))


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


def _defer_all(subscriber: Subscriber, portal: int, numbers: Sequence[int]) -> None:
    """One by itself is what a person waits for, and comes before parcels."""
    from remise.core.tasks import deliver_all

    if len(numbers) == 1:
        _defer(subscriber, portal, numbers[0])
        return
    deliver_all.defer(portal, events=list(numbers), subscriber=subscriber.name)


def take(actor: Actor, *, numbers: Sequence[int], subscriber: str) -> None:
    """Hand events to their subscriber; the delivery and what the subscriber does are one transaction, so that
    it is done once however often the job runs. Who does the same at this moment is waited for."""
    follower = _by_name[subscriber]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_delivery (portal, subscriber, event) select %s, %s, unnest(%s::bigint[])"
            " on conflict do nothing returning event",
            [actor.portal, subscriber, sorted(numbers)],
        )
        first = [number for (number,) in cursor.fetchall()]
    found = [event for event in Event.objects.filter(id__any_of=first).order_by("id") if follower.when(event.said)]
    if found:
        follower.handler(actor, found)
