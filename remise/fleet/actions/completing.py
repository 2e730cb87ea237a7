"""Filling in what the register said later than a vehicle was registered."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from remise.core import events
from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.ledger.book import Book, Written
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import Segment, Set, Start, Value
from remise.core.models import Entry
from remise.fleet.access import require
from remise.fleet.actions.settling import raise_finding, settle_findings
from remise.fleet.entries import FROM_REGISTER, by_desk, made_on
from remise.fleet.findings import NAME_DATE, FindingKind
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.rules import kind_finding, name_date_finding
from remise.fleet.selectors.branches import branches_of
from remise.policies.models import Policy
from remise.policies.selectors import rules_of
from remise.vehicles.models import Vehicle


@transaction.atomic
def complete_registration(*, by: Actor, item: int, vehicle: Vehicle) -> Written | None:
    """Fill in what is not known yet of the vehicle's last cover: a new entry from the day on which that cover began.
    Its days and all that is known stay as they are; what contradicts them becomes a finding. Safe to do twice."""
    book = Book.hold(RegistrationVersion, by=by, organisation=by.company, items=[item])
    held = book.items.get(item)
    timeline = held.timeline() if held else ()
    if held is None or not timeline:
        return None  # undone meanwhile
    policy = Policy.objects.get(organisation=by.company, id=held.policy)
    require(by, FleetRight.REGISTER, policy, branches_of(policy.id, [held.key]).get(held.key))
    number, begins = _begun_by(held, timeline)
    first = next(segment for segment in timeline if segment.covers(begins))
    if not vehicle.found:
        raise_finding(by=by, held=held, kind=FindingKind.UNKNOWN_PLATE, said={})
        return None
    settle_findings(by=by, item=held.id, kinds=[FindingKind.UNKNOWN_PLATE])
    _find(by, policy, held, number, Segment(begins, timeline[-1].ends, first.terms), vehicle)
    terms = _missing(first, vehicle, vehicle.said_on(by))
    if not terms:
        return None
    book.amend(held, starts=begins, operations=(Set(terms),), reason=FROM_REGISTER)
    entry = book.settle()[0]
    events.record(
        "vehicle.completed",
        by=by,
        organisation=policy.organisation,
        subject=("registration", item),
        after={"entry": entry.id, "policy": policy.id, "terms": sorted(terms)},
    )
    return entry


def _begun_by(held: HeldItem, timeline: Sequence[Segment]) -> tuple[int, date]:
    """The entry that began the last cover, and its day: where one cover follows another at once, the later one."""
    starting = [
        (posting.starts, number)
        for number, posting in held.postings.items()
        if any(isinstance(operation, Start) for operation in posting.operations)
        and any(segment.covers(posting.starts) for segment in timeline)
    ]
    day, number = max(starting)
    return number, day


def _missing(segment: Segment, vehicle: Vehicle, said_on: date) -> dict[str, Value]:
    terms: dict[str, Value] = {}
    if not segment.terms.get("make"):
        terms |= {"make": vehicle.make, "model": vehicle.model}
    if segment.terms.get("value") is None and vehicle.sure_value is not None:
        terms |= {"value": vehicle.sure_value, "value_source": vehicle.source, "value_date": said_on}
    return terms


def _find(by: Actor, policy: Policy, held: HeldItem, number: int, cover: Segment, vehicle: Vehicle) -> None:
    """What speaks against the cover, or makes its value unsure; and what was found before and no longer does."""
    entry = Entry.objects.get(id=number)
    entered = made_on(entry)
    since = vehicle.in_name_since
    found = name_date_finding(
        rules_of(policy, on=entered), begins=cover.starts, ends=cover.ends, entered=entered, in_name_since=since
    )
    gone = [kind for kind in NAME_DATE if kind is not found]
    if not by_desk(entry) and kind_finding(rules_of(policy, on=entered), Plate(held.key), vehicle.kind):
        raise_finding(by=by, held=held, kind=FindingKind.OTHER_KIND, said={"vehicle_kind": vehicle.kind})
    else:
        gone.append(FindingKind.OTHER_KIND)
    if found is not None and since is not None:
        days = {"in_name_since": since.isoformat(), "starts": cover.starts.isoformat()}
        raise_finding(by=by, held=held, kind=found, said=days)
    if vehicle.value_doubt and cover.terms.get("value") is None:
        value = {"value": str(vehicle.catalogue_value), "why": vehicle.value_doubt}
        raise_finding(by=by, held=held, kind=FindingKind.VALUE_IN_DOUBT, said=value)
    else:
        gone.append(FindingKind.VALUE_IN_DOUBT)
    settle_findings(by=by, item=held.id, kinds=gone)
