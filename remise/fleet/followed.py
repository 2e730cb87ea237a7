"""What a program may follow of vehicles: each registration, deregistration, correction, change and finding in the
branches it sees."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Entry, Event, Item
from remise.core.schemas import Day, Money, PlateShown
from remise.fleet.models import Finding
from remise.fleet.selectors.branches import branches_of_entries, branches_of_items, may_see
from remise.policies.models import Policy

CHANGES = frozenset(
    {
        "vehicle.registered",
        "vehicle.deregistered",
        "vehicle.corrected",
        "vehicle.changed",
        "vehicle.completed",
        "vehicle.value_overridden",
        "vehicle.check_code_changed",
    }
)
EXPORTS = frozenset({"vehicles.exported"})
FINDINGS = frozenset({"finding.raised", "finding.settled", "finding.reopened"})


class VehicleChange(PlateShown):
    vehicle: int
    policy: str
    branch: int | None
    entry: int
    receipt: str
    starts: Day | None = None
    ends: Day | None = Field(None, description=_("The first day without cover."))
    undoes: int | None = Field(None, description=_("The entry that was corrected."))


class VehiclesExported(Schema):
    policy: str | None
    format: str | None = None
    day: Day | None = None


class FindingChange(PlateShown):
    """The register said something that speaks against what was entered. Cover stays as it is."""

    finding: int
    finding_kind: str = Field(
        description=_(
            "before_name_date, late_for_name_date, value_in_doubt, unknown_plate or other_kind; or what the radar"
            " found: sold, exported, gone, not_covered, inspection_expired, wam_missing or value_differs"
        ),
        examples=["before_name_date"],
    )
    vehicle: int
    policy: str
    branch: int | None
    in_name_since: Day | None = Field(None, description=_("According to the register."))
    starts: Day | None = Field(None, description=_("First day of cover."))
    value: Money | None = Field(None, description=_("According to the register."))
    vehicle_kind: str | None = Field(None, description=_("According to the register."))
    why: str | None = Field(None, description=_("Why that value is in doubt, in one word."))
    ends: Day | None = Field(None, description=_("The first day without cover."))
    ours: Money | None = Field(None, description=_("The value on the policy."))
    inspection_until: Day | None = Field(None, description=_("According to the register."))
    reason: str | None = Field(None, description=_("Why somebody said that it is right, in one word."))


SAID = (
    *("in_name_since", "starts", "ends", "value", "ours"),
    *("inspection_until", "vehicle_kind", "why", "reason"),
)


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


def tell_findings(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """Which vehicle, and what the register said; as many queries for many as for one policy."""
    found = Finding.objects.filter(organisation=by.company).select_related("item")
    findings = found.in_bulk({event.subject for event in events if event.subject})
    items = {finding.item_id: finding.item for finding in findings.values()}
    policies = dict(
        Policy.objects.filter(organisation=by.company, id__in={item.policy for item in items.values()}).values_list(
            "id", "number"
        )
    )
    branch_of = branches_of_items(items.values())
    told: dict[int, Mapping[str, Any]] = {}
    for event in events:
        finding = findings.get(event.subject or 0)
        branch = branch_of.get(finding.item_id) if finding else None
        if finding is None or not may_see(by, branch):
            continue
        plate = Plate(finding.item.key)
        told[event.id] = {
            "finding": finding.id,
            "finding_kind": finding.kind,
            "vehicle": finding.item_id,
            "plate": plate.value,
            "plate_formatted": plate.formatted,
            "policy": policies[finding.item.policy],
            "branch": branch,
            **_said(event, *SAID),
        }
    return told


def _entry(event: Event) -> int:
    return int((event.after or {}).get("entry") or 0)


def _days(event: Event) -> dict[str, Any]:
    undone = (event.before or {}).get("entry")
    return _said(event, "starts", "ends") | ({"undoes": undone} if undone else {})


def _said(event: Event, *names: str) -> dict[str, Any]:
    said = event.after or {}
    return {name: said[name] for name in names if name in said}
