"""Who looked at what is ours, for a company."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.models import Event
from remise.core.paging import Order, Page, page
from remise.core.registry import Registry
from remise.organisations.looking.actions import LOOKED
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


sights: Registry[Sight] = Registry(lambda sight: sight.kind)
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
    things = _things(by, found.rows)
    return found.showing([_look(event, things, portal) for event in found.rows])


def _look(event: Event, things: Mapping[tuple[str, int], Thing], portal: Portal) -> Look:
    key = (event.subject_kind, event.subject or 0)
    sight = sights.get(event.subject_kind)
    thing = things.get(key) or Thing(sight.word() if sight else event.subject_kind)
    is_for = (event.after or {}).get("for", "")
    return Look(event.at, portal.desk_name, thing, _("To answer your request") if is_for == "request" else "")


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
