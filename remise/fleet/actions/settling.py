"""Raising and closing findings: what a later answer of the register speaks against. Called within an action."""

from collections.abc import Collection, Mapping
from typing import Any

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.ledger.items import HeldItem
from remise.core.models import Event
from remise.fleet.findings import NAME_DATE, FindingKind
from remise.fleet.models import Finding, RegistrationVersion


def raise_finding(*, by: Actor, held: HeldItem, kind: FindingKind, said: Mapping[str, Any]) -> None:
    """Once while it is open. The desk follows `finding.raised`."""
    assert by.portal is not None
    finding, is_new = Finding.objects.get_or_create(
        organisation=by.company,
        item_id=held.id,
        kind=kind,
        settled_at=None,
        defaults={"portal": by.portal, "said": said, "found_at": clock.now(by)},
    )
    if is_new:
        events.record(
            "finding.raised",
            by=by,
            organisation=by.company,
            subject=("finding", finding.id),
            after={"kind": kind, "item": held.id, "policy": held.policy, **said},
        )


def settle_findings(*, by: Actor, item: int, kinds: Collection[FindingKind]) -> None:
    """Close what is open of these kinds: it was mended, or a person decided on it."""
    for finding in Finding.objects.filter(item=item, kind__in=kinds, settled_at=None).order_by("id"):
        if Finding.objects.filter(id=finding.id, settled_at=None).update(settled_at=clock.now(by)):
            events.record(
                "finding.settled",
                by=by,
                organisation=finding.organisation,
                subject=("finding", finding.id),
                after={"kind": finding.kind, "item": item},
            )


def settle_mended(by: Actor, event: Event) -> None:
    """A registration was undone or ended: what was found about its days may be over. Runs within that action."""
    assert event.subject is not None
    item = event.subject
    held = list(RegistrationVersion.objects.filter(item=item).known().order_by("starts"))
    if not held:
        settle_findings(by=by, item=item, kinds=list(FindingKind))
        return
    for finding in Finding.objects.filter(item=item, kind__in=NAME_DATE, settled_at=None):
        since, ends = finding.said["in_name_since"], held[-1].ends
        if held[0].starts.isoformat() != finding.said["starts"] or (ends and ends.isoformat() <= since):
            settle_findings(by=by, item=item, kinds=[FindingKind(finding.kind)])
