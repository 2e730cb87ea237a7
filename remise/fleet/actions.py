"""Putting vehicles on a policy and taking them off. Page, API, run and command call these and get one verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import DomainError, Forbidden, NotVisible, Remedy
from remise.core.identifiers import CheckCode, Plate
from remise.core.ledger.book import Book
from remise.core.ledger.items import HeldItem
from remise.core.ledger.operations import End, Segment, Start, Value
from remise.core.models import Entry
from remise.fleet.entries import made_on, right_to_correct
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.rules import (
    check_code_given,
    day_allowed,
    not_covered_from,
    running_cover,
)
from remise.fleet.selectors.branches import branches_of, branches_of_entries
from remise.organisations.models import Branch, Party
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, FieldRule, ProductRules
from remise.policies.selectors import rules_of
from remise.ui.formats import day as shown_day
from remise.ui.formats import in_language
from remise.vehicles.models import Vehicle

type Details = Mapping[str, str]  # what the product asks besides; a lessee or driver by name


@dataclass(frozen=True, slots=True)
class Registered:
    entry: Entry
    item: int
    plate: Plate
    starts: date


@dataclass(frozen=True, slots=True)
class Deregistered:
    entry: Entry
    item: int
    plate: Plate
    starts: date
    ends: date  # the first day without cover


@transaction.atomic
def register_vehicle(
    *,
    by: Actor,
    policy: Policy,
    plate: Plate,
    check_code: CheckCode | None,
    starts: date,
    branch: int,
    details: Details | None = None,
    run: int | None = None,
) -> Registered:
    """Put one vehicle on the policy from `starts` on. What the register says of it is read as stored; a vehicle that
    the register does not know is registered all the same and looked at again later."""
    _require(by, FleetRight.REGISTER, policy, branch)
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    vehicle = Vehicle.objects.filter(plate=plate.value).first()
    check_code_given(plate, check_code)
    day_allowed(
        product_rules.registering_window(
            rules, today=today, in_name_since=vehicle.in_name_since if vehicle else None
        ),
        starts,
        today=today,
        rules=rules,
    )
    _policy_in_force(policy, starts)
    terms = _terms(policy, rules, vehicle, details or {})
    terms |= {"branch": _branch(policy, branch), "check_code": check_code.value if check_code else None}

    book = Book.open(
        RegistrationVersion,
        by=by,
        organisation=policy.organisation,
        policy=policy.id,
        keys=[plate.value],
    )
    item = book.by_key()[plate.value]
    not_covered_from(plate, item.timeline(), starts)
    book.amend(item, starts=starts, operations=(Start(terms),))
    entry = book.settle(run=run)[0]
    events.record(
        "vehicle.registered",
        by=by,
        organisation=policy.organisation,
        subject=("registration", item.id),
        after={"entry": entry.id, "policy": policy.id, "branch": branch, "starts": starts.isoformat()},
    )
    return Registered(entry, item.id, plate, starts)


@transaction.atomic
def deregister_vehicles(
    *, by: Actor, policy: Policy, items: Sequence[int], day: date, run: int | None = None
) -> list[Deregistered]:
    """Take vehicles off the policy, all of them or none. `day` is the day the user gives: the last one covered, or
    the first without cover, as the product says."""
    if not items:
        raise DomainError(_("Choose at least one vehicle."), code="nothing_chosen")
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=items)
    held = sorted(book.items.values(), key=lambda item: item.key)
    if len(held) != len(set(items)) or any(item.policy != policy.id for item in held):
        raise NotVisible(_("One of these vehicles is not on this policy."))
    for branch in set(branches_of(policy.id, [item.key for item in held]).values()):
        _require(by, FleetRight.DEREGISTER, policy, branch)
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    day_allowed(product_rules.deregistering_window(rules, today=today), day, today=today, rules=rules)
    ends = product_rules.first_day_without(rules, day)
    done: list[tuple[HeldItem, Segment]] = []
    for item in held:
        segment = running_cover(Plate(item.key), item.timeline(), day=day, ends=ends)
        book.amend(item, starts=ends, operations=(End(),))
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


@transaction.atomic
def correct_entry(*, by: Actor, policy: Policy, entry: int) -> Entry:
    """Undo a mistyped registration or deregistration on the day it was made: the line and its receipt stay and show
    the correction, and what follows is as if it had not been."""
    entries = Entry.objects.filter(organisation=policy.organisation, item__kind=RegistrationVersion.KIND, undoes=None)
    stored = entries.filter(id=entry, item__policy=policy.id).select_related("item").first()
    if stored is None:
        raise NotVisible(_("There is no such registration."))
    _require(by, right_to_correct(stored), policy, branches_of_entries(policy.id, [stored.item.key]).get(entry))
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=[stored.item_id])
    item = book.items[stored.item_id]
    if entry not in item.postings:
        raise DomainError(_("This was corrected already."), code="corrected_already")
    if made_on(stored) != clock.today(by):
        raise DomainError(
            _("Only an entry of today can be undone here. For an earlier one, ask the insurer's desk."),
            code="not_of_today",
            remedy=Remedy(_("Ask the desk"), "correct_registration"),
        )
    book.undo(item, entry, reason="corrected")
    correction = book.settle()[0]
    events.record(
        "vehicle.corrected",
        by=by,
        organisation=policy.organisation,
        subject=("registration", item.id),
        before={"entry": entry},
        after={"entry": correction.id, "policy": policy.id},
    )
    return correction


def _require(by: Actor, right: FleetRight, policy: Policy, branch: int | None) -> None:
    decision = can(by, right, organisation=policy.organisation, branch=branch)
    if not decision:
        raise Forbidden(decision)


def _policy_in_force(policy: Policy, starts: date) -> None:
    if starts < policy.starts or (policy.ends is not None and starts >= policy.ends):
        raise DomainError(
            _("Policy %(number)s is not in force on %(day)s.") % {"number": policy.number, "day": shown_day(starts)},
            code="policy_not_in_force",
            field="day",
        )


def _branch(policy: Policy, branch: int) -> int:
    if not Branch.objects.filter(id=branch, organisation=policy.organisation).exists():
        raise NotVisible(_("There is no such branch."))
    return branch


def _terms(policy: Policy, rules: ProductRules, vehicle: Vehicle | None, details: Details) -> dict[str, Value]:
    terms: dict[str, Value] = {}
    if vehicle is not None:
        terms |= {"make": vehicle.make, "model": vehicle.model}
        if vehicle.catalogue_value is not None:
            terms |= {
                "value": vehicle.catalogue_value,
                "value_source": vehicle.source,
                "value_date": vehicle.looked_up_at.astimezone(clock.AMSTERDAM).date(),
            }
    unknown = set(details) - {field.name for field in rules.fields}
    if unknown:
        raise DomainError(
            _("This policy does not ask for: %(fields)s.") % {"fields": ", ".join(sorted(unknown))},
            code="unknown_field",
        )
    for field in rules.fields:
        terms[field.name] = _detail(policy, field, details.get(field.name, ""))
    return terms


def _detail(policy: Policy, field: FieldRule, given: str) -> Value:
    label = in_language(field.labels)
    if not given:
        if field.required:
            raise DomainError(_("Fill in: %(label)s.") % {"label": label}, code="missing", field=field.name)
        return None
    if field.kind is FieldKind.PARTY:
        return _party(policy, given).id
    if given not in field.values:
        raise DomainError(
            _("Choose one of the options for: %(label)s.") % {"label": label}, code="choice", field=field.name
        )
    return given


def _party(policy: Policy, name: str) -> Party:
    """The lessee or driver of that name in this company, kept once; the ledger holds the id only."""
    known = Party.objects.filter(organisation=policy.organisation, name=name, erased_at__isnull=True).first()
    return known or Party.objects.create(
        portal=policy.portal, organisation=policy.organisation, kind=Party.Kind.PERSON, name=name
    )
