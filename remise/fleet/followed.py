"""What a program may follow of vehicles: each registration, deregistration, correction and change in the branches it
sees."""

from collections.abc import Mapping, Sequence
from typing import Any

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Entry, Event, Item
from remise.fleet.selectors.branches import branches_of_entries, may_see
from remise.policies.models import Policy

CHANGES = frozenset(
    {
        "vehicle.registered",
        "vehicle.deregistered",
        "vehicle.corrected",
        "vehicle.completed",
        "vehicle.value_overridden",
    }
)
EXPORTS = frozenset({"vehicles.exported"})


def tell(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """Plate, policy and receipt of each; as many queries for many as for one policy."""
    items = Item.objects.filter(organisation=by.company).in_bulk({event.subject for event in events if event.subject})
    entries = Entry.objects.filter(organisation=by.company).in_bulk({_entry(event) for event in events})
    policies = Policy.objects.filter(organisation=by.company).in_bulk({item.policy for item in items.values()})
    branch_of: dict[int, int | None] = {}
    for policy in policies:
        branch_of |= branches_of_entries(policy, {item.key for item in items.values() if item.policy == policy})
    told: dict[int, Mapping[str, Any]] = {}
    for event in events:
        item, entry = items.get(event.subject or 0), entries.get(_entry(event))
        if item is None or entry is None or not may_see(by, branch_of.get(entry.id)):
            continue
        plate = Plate(item.key)
        told[event.id] = {
            "vehicle": item.id,
            "plate": plate.value,
            "plate_formatted": plate.formatted,
            "policy": policies[item.policy].number,
            "branch": branch_of.get(entry.id),
            "entry": entry.id,
            "receipt": entry.receipt,
            **_days(event),
        }
    return told


def tell_exports(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """For who sees the whole company: which branches a file showed, the event does not say."""
    if not may_see(by, None):
        return {}
    policies = dict(Policy.objects.filter(organisation=by.company).values_list("id", "number"))
    return {
        event.id: {"policy": policies.get(event.subject or 0), **_said(event, "format", "day")} for event in events
    }


def _entry(event: Event) -> int:
    return int((event.after or {}).get("entry") or 0)


def _days(event: Event) -> dict[str, Any]:
    undone = (event.before or {}).get("entry")
    return _said(event, "starts", "ends") | ({"undoes": undone} if undone else {})


def _said(event: Event, *names: str) -> dict[str, Any]:
    said = event.after or {}
    return {name: said[name] for name in names if name in said}
