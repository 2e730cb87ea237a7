"""Putting a vehicle on a policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.core.ledger.book import Book
from remise.core.ledger.operations import Start, Value
from remise.core.models import Entry
from remise.fleet.access import require
from remise.fleet.awaiting import is_awaited
from remise.fleet.entries import reason_of
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.rules import (
    check_code_given,
    day_allowed,
    not_covered_from,
    only_what_is_asked,
    policy_in_force,
)
from remise.organisations.fields import FieldGroup, require_seen
from remise.organisations.models import Branch, Party
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, FieldRule, ProductRules
from remise.policies.selectors import days_held, rules_of
from remise.ui.formats import in_language
from remise.vehicles import chassis
from remise.vehicles.models import Vehicle
from remise.vehicles.register.lookup import stored

type Details = Mapping[str, str]  # what the product asks besides; a lessee or driver by name


@dataclass(frozen=True, slots=True)
class Registered:
    entry: Entry
    item: int
    plate: Plate
    starts: date


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
    vin: Vin | None = None,
    run: int | None = None,
    on_request: str = "",
) -> Registered:
    """Put one vehicle on the policy from `starts` on. What the register says of it is read as stored; a vehicle that
    the register does not know is registered all the same and looked at again later. `vin`: the whole chassis number,
    where it was given instead of the code at its end. `on_request` is the kind of request on which the desk decides:
    the entry names it, and who decided."""
    right = UnderwritingRight.ALLOW_LATE if on_request else FleetRight.REGISTER
    require(by, right, policy, branch)
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    known = stored(plate)
    vehicle = known.found
    check_code_given(plate, check_code)
    if plate.needs_check_code:
        chassis.judge(by, policy.organisation, plate, check_code, vin)
    day_allowed(
        product_rules.registering_window(
            rules, today=today, in_name_since=vehicle.in_name_since if vehicle else None
        ),
        starts,
        today=today,
        rules=rules,
        lifting=(right,),
    )
    policy_in_force(policy.number, *days_held(policy), starts)
    terms = _terms(by, policy, rules, vehicle, details or {})
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
    book.amend(item, starts=starts, operations=(Start(terms),), reason=reason_of(on_request))
    entry = book.settle(run=run)[0]
    if vin is not None and plate.needs_check_code:
        chassis.note(policy.organisation, plate, vin, chassis.Source.COMPANY)
    events.record(
        "vehicle.registered",
        by=by,
        organisation=policy.organisation,
        subject=("registration", item.id),
        after={
            "entry": entry.id,
            "policy": policy.id,
            "branch": branch,
            "starts": starts.isoformat(),
            "awaited": is_awaited(plate, known),
        },
    )
    return Registered(entry, item.id, plate, starts)


def _branch(policy: Policy, branch: int) -> int:
    if not Branch.objects.filter(id=branch, organisation=policy.organisation).exists():
        raise NotVisible(_("There is no such branch."))
    return branch


def _terms(
    by: Actor, policy: Policy, rules: ProductRules, vehicle: Vehicle | None, details: Details
) -> dict[str, Value]:
    terms: dict[str, Value] = {}
    if vehicle is not None:
        terms |= {"make": vehicle.make, "model": vehicle.model}
        if vehicle.sure_value is not None:
            terms |= {
                "value": vehicle.sure_value,
                "value_source": vehicle.source,
                "value_date": vehicle.said_on(by),
            }
    only_what_is_asked(rules, details)
    for field in rules.fields:
        terms[field.name] = _detail(by, policy, field, details.get(field.name, ""))
    return terms


def _detail(by: Actor, policy: Policy, field: FieldRule, given: str) -> Value:
    label = in_language(field.labels)
    if not given:
        if field.required:
            raise BrokenRule(_("Fill in: %(label)s.") % {"label": label}, code="missing", field=field.name)
        return None
    if field.kind is FieldKind.PARTY:
        require_seen(by, FieldGroup.PEOPLE, field=field.name)
        return _party(policy, given).id
    if given not in field.values:
        raise BrokenRule(
            _("Choose one of the options for: %(label)s.") % {"label": label}, code="choice", field=field.name
        )
    return given


def _party(policy: Policy, name: str) -> Party:
    """The lessee or driver of that name in this company, kept once; the ledger holds the id only."""
    known = Party.objects.filter(organisation=policy.organisation, name=name, erased_at__isnull=True).first()
    return known or Party.objects.create(
        portal=policy.portal, organisation=policy.organisation, kind=Party.Kind.PERSON, name=name
    )
