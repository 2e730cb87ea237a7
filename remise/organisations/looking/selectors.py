"""Who looked at what is ours, for a company."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from remise.core.actor import Actor
from remise.core.models import Event
from remise.core.paging import Order, Page, page
from remise.core.registry import Registry
from remise.organisations.looking.actions import LOOKED
from remise.organisations.names import names_of
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Thing:
    """What was looked at, in the reader's words."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """A kind of thing that can be looked at: rooms above say how theirs are called and where they are shown.
    `describe` takes the reader and the numbers, and leaves out what this reader may not see."""

    kind: str
    word: Callable[[], str]  # for what cannot be shown any more
    describe: Callable[[Actor, Iterable[int]], Mapping[int, Thing]]


@dataclass(frozen=True, slots=True)
class Purpose:
    """A kind of reason to look, such as a request or a mandate: `describe` takes the reader and the numbers."""

    kind: str
    describe: Callable[[Actor, Iterable[int]], Mapping[int, str]]


sights: Registry[Sight] = Registry(lambda sight: sight.kind)
purposes: Registry[Purpose] = Registry(lambda purpose: purpose.kind)
NEWEST = Order("id", descending=True)


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    who: str
    thing: Thing
    purpose: str  # "" = none was given


def looks(by: Actor, portal: Portal, *, after: str = "", before: str = "") -> Page[Look]:
    """The newest first."""
    found = page(Event.objects.filter(organisation=by.company, kind=LOOKED), NEWEST, after=after, before=before)
    things, given = _things(by, found.rows), _purposes(by, found.rows)
    names = names_of(by, (event.account for event in found.rows if event.office is not None))
    return found.showing(
        [
            Look(
                event.at,
                portal.desk_name if event.office is None else names[event.account or 0],
                _thing(event, things),
                given[event.id],
            )
            # Told by the clock of the business, which a demo moves.
            for event in sorted(found.rows, key=lambda event: event.at, reverse=True)
        ]
    )


def _thing(event: Event, things: Mapping[tuple[str, int], Thing]) -> Thing:
    known = things.get((event.subject_kind, event.subject or 0))
    sight = sights.get(event.subject_kind)
    return known or Thing(sight.word() if sight else event.subject_kind)


def _purposes(by: Actor, events: Sequence[Event]) -> dict[int, str]:
    """Event -> what it was for, in words."""
    said = {event.id: event.after or {} for event in events}
    numbers: dict[str, set[int]] = defaultdict(set)
    for one in said.values():
        numbers[one.get("for", "")].add(one.get("number", 0))
    told = {kind: purposes[kind].describe(by, wanted) for kind, wanted in numbers.items() if kind in purposes}
    return {event: told.get(one.get("for", ""), {}).get(one.get("number", 0), "") for event, one in said.items()}


def _things(by: Actor, events: Iterable[Event]) -> dict[tuple[str, int], Thing]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for event in events:
        numbers[event.subject_kind].add(event.subject or 0)
    return {
        (kind, number): thing
        for kind, wanted in numbers.items()
        if kind in sights
        for number, thing in sights[kind].describe(by, wanted).items()
    }
