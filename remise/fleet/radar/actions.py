"""What people do with the radar: have it compare now, say that a finding is right, take off what is sold."""

from collections.abc import Sequence
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, DomainError, Forbidden, NotVisible
from remise.core.limits import Limit, TooOften
from remise.fleet.access import may
from remise.fleet.actions.deregistering import Deregistered, deregister_each
from remise.fleet.ending import Leaver
from remise.fleet.findings import BY_RADAR, FindingKind
from remise.fleet.models import Finding, RadarCheck
from remise.fleet.radar.comparing import compare_company
from remise.fleet.radar.reasons import OFFERED, Reason
from remise.fleet.radar.selectors import Ticked
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.branches import branches_of

# The register is everybody's, and publishes once a day.
BY_COMPANY = Limit("radar.compare", times=4, seconds=3600)


@transaction.atomic
def compare_now(*, by: Actor) -> RadarCheck:
    """Have the company's vehicles compared; a comparison that is under way is as good."""
    from remise.fleet.tasks import work_off_radar

    if not may(by, FleetRight.VIEW):
        raise Forbidden(can(by, FleetRight.VIEW))
    open_ = RadarCheck.objects.filter(organisation=by.company, ended_at=None).first()
    if open_ is not None:
        return open_
    _take_turn(by)
    try:
        with transaction.atomic():
            check = RadarCheck.objects.create(
                portal=by.in_portal, organisation=by.company, began_at=clock.now(by), pressed=True
            )
    except IntegrityError:  # somebody was faster
        return RadarCheck.objects.get(organisation=by.company, ended_at=None)
    events.record("radar.asked", by=by, organisation=by.company, subject=("radar", check.id))
    work_off_radar.defer(by.in_portal)
    return check


def _take_turn(by: Actor) -> None:
    try:
        BY_COMPANY.take(by.company)
    except TooOften as often:
        raise BrokenRule(
            ngettext(
                "The register was asked very often. You can compare again in %(minutes)s minute.",
                "The register was asked very often. You can compare again in %(minutes)s minutes.",
                often.minutes,
            )
            % {"minutes": often.minutes},
            code="too_often",
        ) from often


@transaction.atomic
def dismiss_finding(*, by: Actor, finding: int, reason: str) -> Finding:
    """It is right as it is, and is not found again by the same facts. Safe when it was settled meanwhile."""
    found = _held(by, finding)
    if reason not in OFFERED[FindingKind(found.kind)]:
        raise BrokenRule(_("Choose why it is right."), code="choice", field="reason")
    if found.settled_at is not None:
        return found
    found.settled_at, found.may_stand, found.reason = clock.now(by), True, Reason(reason)
    found.dismissed_by = by.account
    found.save(update_fields=["settled_at", "may_stand", "reason", "dismissed_by"])
    events.record(
        "finding.settled",
        by=by,
        organisation=by.company,
        subject=("finding", found.id),
        after={"kind": found.kind, "item": found.item_id, "reason": reason},
    )
    return found


@transaction.atomic
def take_back_dismissal(*, by: Actor, finding: int) -> Finding:
    """It is not right after all: it is open again, unless it is over by now or was found anew by other facts. Done
    twice it is done once."""
    found = _held(by, finding)
    if not found.may_stand:
        return found
    said = found.reason
    newer = Finding.objects.filter(
        organisation=by.company, item=found.item_id, kind=found.kind, settled_at__isnull=True
    )
    found.may_stand, found.reason, found.dismissed_by = False, "", None
    if not newer.exists():
        found.settled_at = None
    found.save(update_fields=["settled_at", "may_stand", "reason", "dismissed_by"])
    events.record(
        "finding.reopened",
        by=by,
        organisation=by.company,
        subject=("finding", found.id),
        before={"reason": said},
        after={"kind": found.kind, "item": found.item_id},
    )
    compare_company(by=by, items=[found.item_id], raises=False)
    return found


def _held(by: Actor, finding: int) -> Finding:
    """One of the radar's, of who can put it right, until this transaction ends nobody else's."""
    of = Finding.objects.filter(organisation=by.company, id=finding, kind__in=BY_RADAR)
    found = of.select_for_update(no_key=True).first()
    if found is None:
        raise NotVisible(_("There is no such finding."))
    _require_any(by, found)
    return found


def _require_any(by: Actor, finding: Finding) -> None:
    """Who can put it right may say that it is."""
    item = finding.item
    branch = branches_of(item.policy, [item.key]).get(item.key)
    decisions = [
        can(by, right, organisation=by.company, branch=branch)
        for right in (FleetRight.DEREGISTER, FleetRight.REGISTER)
    ]
    if not any(decisions):
        raise Forbidden(decisions[0])


@transaction.atomic
def deregister_ticked(*, by: Actor, ticked: Sequence[Ticked]) -> list[Deregistered]:
    """Take vehicles off cover, each on its own day: all of them or none."""
    if not ticked:
        raise BrokenRule(_("Choose at least one vehicle."), code="nothing_chosen")
    done: list[Deregistered] = []
    ordered = sorted(ticked, key=lambda one: one.policy.id)
    for _policy, same in groupby(ordered, key=lambda one: one.policy.id):
        chosen = list(same)
        leavers = [Leaver(one.plate, one.day) for one in chosen]
        for outcome in deregister_each(by=by, policy=chosen[0].policy, leavers=leavers):
            if isinstance(outcome, DomainError):
                raise outcome
            done.append(outcome)
    return done
