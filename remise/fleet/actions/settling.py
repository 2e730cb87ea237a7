"""Raising and closing findings: what a later answer of the register speaks against. Called within an action."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.ledger.items import HeldItem
from remise.core.models import Event
from remise.fleet.access import require
from remise.fleet.findings import NAME_DATE, FindingKind
from remise.fleet.models import Finding, RegistrationVersion
from remise.fleet.rights import UnderwritingRight
from remise.policies.models import Policy


def raise_finding(*, by: Actor, held: HeldItem, kind: FindingKind, said: Mapping[str, Any]) -> None:
    """Once while it is open; what the desk let stand is not raised again for the same reason. The desk follows
    `finding.raised`."""
    assert by.portal is not None
    of_kind = Finding.objects.filter(organisation=by.company, item=held.id, kind=kind)
    if of_kind.filter(may_stand=True, said=said).exists():
        return
    if of_kind.filter(settled_at=None).exclude(said=said).exists():
        settle_findings(by=by, item=held.id, kinds=[kind])  # the register says something else now
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
        _settle(by, finding)


@transaction.atomic
def let_finding_stand(*, by: Actor, policy: Policy, finding: int) -> None:
    """The desk has looked at it: cover stays as it is, and nobody need do anything. Safe when it was mended
    meanwhile."""
    require(by, UnderwritingRight.ALLOW_LATE, policy, None)
    found = Finding.objects.filter(organisation=policy.organisation, id=finding, settled_at=None).first()
    if found is not None:
        _settle(by, found, may_stand=True)


def _settle(by: Actor, finding: Finding, *, may_stand: bool = False) -> None:
    still_open = Finding.objects.filter(id=finding.id, settled_at=None)
    if still_open.update(settled_at=clock.now(by), may_stand=may_stand):
        events.record(
            "finding.settled",
            by=by,
            organisation=finding.organisation,
            subject=("finding", finding.id),
            after={"kind": finding.kind, "item": finding.item_id},
        )


def settle_mended(by: Actor, happened: Sequence[Event]) -> None:
    """Registrations were undone or ended: what was found about their days may be over. Runs within those actions."""
    items = [event.subject for event in happened if event.subject is not None]
    for finding in Finding.objects.filter(item_id__any_of=items, settled_at=None).order_by("id"):
        held = list(RegistrationVersion.objects.filter(item=finding.item_id).known().order_by("starts"))
        if not held or (finding.kind in NAME_DATE and _is_over(finding, held)):
            _settle(by, finding)


def _is_over(finding: Finding, held: Sequence[RegistrationVersion]) -> bool:
    since, ends = finding.said["in_name_since"], held[-1].ends
    begins_otherwise = held[0].starts.isoformat() != finding.said["starts"]
    return begins_otherwise or bool(ends and ends.isoformat() <= since)
