"""What a program may follow of drivers and lessees: that one was written down, changed, merged, erased or
downloaded."""

from collections.abc import Mapping, Sequence
from typing import Any

from ninja import Schema

from remise.core.actor import Actor
from remise.core.models import Event
from remise.fleet.parties.seeing import parties_seen
from remise.fleet.selectors.branches import may_see

PARTIES = frozenset({"party.added", "party.changed", "party.merged", "party.erased", "party.exported"})
EXPORTS = frozenset({"parties.exported"})


class PartyChange(Schema):
    """By number; what was changed by the name of the field, and never what it says. `merged` is this party from now
    on."""

    party: int
    fields: list[str] = []
    merged: int | None = None


class PartiesExported(Schema):
    format: str | None = None


def tell(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """Of those alone whom this key sees; of who was erased to who sees the whole company."""
    whole = may_see(by, None)
    asked = {event.subject for event in events if event.subject}
    seen = asked if whole else set(parties_seen(by).filter(id__in=asked).values_list("id", flat=True))
    return {
        event.id: {"party": event.subject, "fields": event.said.get("fields", []), "merged": event.said.get("merged")}
        for event in events
        if event.subject in seen
    }


def tell_exports(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """For who sees the whole company."""
    return {event.id: {"format": event.said.get("format")} for event in events} if may_see(by, None) else {}
