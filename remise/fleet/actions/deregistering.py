"""Taking vehicles off a policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import Plate
from remise.core.ledger.book import Book
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import End, Segment
from remise.core.models import Entry
from remise.fleet.access import require
from remise.fleet.entries import reason_of
from remise.fleet.models import RegistrationVersion
from remise.fleet.remedies import RequestName
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.rules import (
    day_allowed,
    running_cover,
)
from remise.fleet.selectors.branches import branches_of
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.selectors import rules_of


@dataclass(frozen=True, slots=True)
class Deregistered:
    entry: Entry
    item: int
    plate: Plate
    starts: date
    ends: date  # the first day without cover


@transaction.atomic
def deregister_vehicles(
    *, by: Actor, policy: Policy, items: Sequence[int], day: date, run: int | None = None, on_request: str = ""
) -> list[Deregistered]:
    """Take vehicles off the policy, all of them or none. `day` is the day the user gives: the last one covered, or
    the first without cover, as the product says. `on_request` as in `register_vehicle`."""
    right = UnderwritingRight.ALLOW_LATE if on_request else FleetRight.DEREGISTER
    if not items:
        raise BrokenRule(_("Choose at least one vehicle."), code="nothing_chosen")
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=items)
    held = sorted(book.items.values(), key=lambda item: item.key)
    if len(held) != len(set(items)) or any(item.policy != policy.id for item in held):
        raise NotVisible(_("One of these vehicles is not on this policy."))
    for branch in set(branches_of(policy.id, [item.key for item in held]).values()):
        require(by, right, policy, branch)
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    day_allowed(
        product_rules.deregistering_window(rules, today=today),
        day,
        today=today,
        rules=rules,
        request_kind=RequestName.LATE_DEREGISTRATION,
        lifting=(right,),
    )
    ends = product_rules.first_day_without(rules, day)
    done: list[tuple[HeldItem, Segment]] = []
    for item in held:
        segment = running_cover(Plate(item.key), item.timeline(), day=day, ends=ends)
        book.amend(item, starts=ends, operations=(End(),), reason=reason_of(on_request))
        done.append((item, segment))
    entries = book.settle(run=run)
    for entry, (item, segment) in zip(entries, done, strict=True):
        events.record(
            "vehicle.deregistered",
            by=by,
            organisation=policy.organisation,
            subject=("registration", item.id),
            before={"starts": segment.starts.isoformat(), "ends": None},
            after={"entry": entry.id, "policy": policy.id, "ends": ends.isoformat()},
        )
    return [
        Deregistered(entry, item.id, Plate(item.key), segment.starts, ends)
        for entry, (item, segment) in zip(entries, done, strict=True)
    ]
