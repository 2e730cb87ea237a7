"""Is there anything to ask? As who asks; a refusal is worded for the user."""

from datetime import date

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import Plate
from remise.core.models import Entry, Item
from remise.desk.kinds import Place
from remise.fleet.access import require
from remise.fleet.entries import made_on, right_to_correct, right_to_correct_online
from remise.fleet.models import Finding, RegistrationVersion
from remise.fleet.requests.data import (
    Correction,
    FoundLater,
    LateChange,
    LateDeregistration,
    LateRegistration,
    OfVehicle,
    WrongValue,
)
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.rules import (
    asks_the_desk,
    cover_on,
    not_covered_from,
    only_what_is_asked,
    policy_in_force,
    running_cover,
    value_allowed,
    value_likely,
    vehicle_fits,
)
from remise.fleet.selectors.branches import branches_of, branches_of_entries
from remise.fleet.selectors.covers import covers_of
from remise.fleet.selectors.history import history
from remise.fleet.selectors.values import known_of_value
from remise.fleet.terms import preview
from remise.organisations.models import Branch
from remise.policies.models import Policy
from remise.policies.rules import ProductRules, deregistering_window, first_day_without, registering_window
from remise.policies.selectors import rules_of
from remise.vehicles import chassis
from remise.vehicles.models import Vehicle

REGISTRATION = "registration"  # a vehicle on a policy, by the number of its item


def place_registration(by: Actor, asked: LateRegistration) -> Place:
    policy, is_late = _registration(by, asked)
    if not is_late:
        raise _not_needed()
    _would_stand(by, policy, asked)
    chassis.judge(by, by.company, Plate(asked.plate), asked.code_typed, asked.vin_typed)
    return Place(("policy", policy.id), asked.branch)


def place_vehicle_kind(by: Actor, asked: LateRegistration) -> Place:
    policy, _is_late = _registration(by, asked)
    if not kind_met(policy, asked, clock.today(by)):
        raise _not_needed("plate")
    _would_stand(by, policy, asked)
    chassis.judge(by, by.company, Plate(asked.plate), asked.code_typed, asked.vin_typed)
    return Place(("policy", policy.id), asked.branch)


def kind_met(policy: Policy, asked: LateRegistration, on: date) -> str:
    """Why only the desk can put this kind of vehicle on the policy, as who typed it was told; empty where nothing
    stands in the way."""
    vehicle = Vehicle.objects.known().filter(plate=asked.plate).first()
    try:
        vehicle_fits(rules_of(policy, on=on), Plate(asked.plate), vehicle.kind if vehicle else "", sure=True)
    except BrokenRule as refusal:
        return str(refusal.message)
    return ""


def place_check_code(by: Actor, asked: LateRegistration) -> Place:
    """Compares nothing: asking is no way round the limit of attempts."""
    policy, _is_late = _registration(by, asked)
    if asked.code_typed is None or not chassis.attempts_are_over(by, by.company, Plate(asked.plate)):
        raise _not_needed("check_code")
    _would_stand(by, policy, asked)
    return Place(("policy", policy.id), asked.branch)


def _registration(by: Actor, asked: LateRegistration) -> tuple[Policy, bool]:
    """Its policy, and whether the day is one that the desk may allow."""
    policy = policy_asked(by.company, asked.policy)
    if not Branch.objects.filter(id=asked.branch, organisation=by.company).exists():
        raise NotVisible(_("There is no such branch."))
    today = clock.today(by)
    vehicle = Vehicle.objects.known().filter(plate=asked.plate).first()
    since = vehicle.in_name_since if vehicle else None
    rules = rules_of(policy, on=today)
    window = registering_window(rules, today=today, in_name_since=since)
    return policy, asks_the_desk(window, asked.day, today=today, rules=rules)


def _would_stand(by: Actor, policy: Policy, asked: LateRegistration) -> None:
    """What the desk lifts is one limit: whatever else would stop it is said now, and not after two days."""
    only_what_is_asked(rules_of(policy, on=clock.today(by)), asked.details)
    policy_in_force(policy.number, policy.starts, policy.ends, asked.day)
    not_covered_from(Plate(asked.plate), covers_of(policy, [asked.plate])[asked.plate], asked.day)


def place_deregistration(by: Actor, asked: LateDeregistration) -> Place:
    policy, rules, place = _late(by, asked, FleetRight.DEREGISTER)
    covered = covers_of(policy, [asked.plate])[asked.plate]
    running_cover(Plate(asked.plate), covered, day=asked.day, ends=first_day_without(rules, asked.day))
    return place


def place_change(by: Actor, asked: LateChange) -> Place:
    """Whatever else would stop it is said now, and not after two days."""
    _policy, _rules, place = _late(by, asked, FleetRight.REGISTER)
    preview(by, history(by, asked.item), asked.change, lifting=(UnderwritingRight.ALLOW_LATE,))
    return place


def _late(by: Actor, asked: LateDeregistration | LateChange, right: FleetRight) -> tuple[Policy, ProductRules, Place]:
    """Of a vehicle on cover, from a day that only the desk allows."""
    policy, item = _item(by.company, asked)
    branch = branches_of(policy.id, [item.key]).get(item.key)
    require(by, right, policy, branch)  # first: a refusal tells of the vehicle
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    if not asks_the_desk(deregistering_window(rules, today=today), asked.day, today=today, rules=rules):
        raise _not_needed()
    return policy, rules, Place((REGISTRATION, item.id), branch)


def place_correction(by: Actor, asked: Correction) -> Place:
    policy, item = _item(by.company, asked)
    entry = Entry.objects.filter(organisation=by.company, id=asked.entry, item=item, undoes=None).first()
    if entry is None:
        raise NotVisible(_("There is no such registration."))
    branch = branches_of_entries(policy.id, [item.key]).get(entry.id)
    require(by, right_to_correct_online(entry), policy, branch)
    if Entry.objects.filter(undoes=entry).exists():
        raise BrokenRule(_("This was corrected already."), code="corrected_already")
    only_desk = entry.by_system or isinstance(right_to_correct(entry), UnderwritingRight)
    if made_on(entry) == clock.today(by) and not only_desk:
        raise _not_needed()
    return Place((REGISTRATION, item.id), branch)


def place_value(by: Actor, asked: WrongValue) -> Place:
    policy, item = _item(by.company, asked)
    value_allowed(asked.value)
    today = clock.today(by)
    cover_on(Plate(item.key), covers_of(policy, [item.key])[item.key], today)
    if not asked.sure:
        value_likely(asked.value, known_of_value(by.company, item.id, item.key), on=today)
    return Place((REGISTRATION, item.id), branches_of(policy.id, [item.key]).get(item.key))


def place_finding(by: Actor, asked: FoundLater) -> Place:
    policy, item = _item(by.company, asked)
    if not Finding.objects.filter(organisation=by.company, id=asked.finding, item=item, settled_at=None).exists():
        raise NotVisible(_("There is no such finding."))
    return Place((REGISTRATION, item.id), branches_of(policy.id, [item.key]).get(item.key))


def _not_needed(field: str = "day") -> BrokenRule:
    return BrokenRule(_("You can do this yourself: you need not ask the desk."), code="not_needed", field=field)


def policy_asked(organisation: int, number: int) -> Policy:
    found = Policy.objects.select_related("product").filter(organisation=organisation, id=number).first()
    if found is None:
        raise NotVisible(_("There is no such policy."))
    return found


def _item(organisation: int, asked: OfVehicle) -> tuple[Policy, Item]:
    items = Item.objects.filter(organisation=organisation, kind=RegistrationVersion.KIND, policy=asked.policy)
    item = items.filter(id=asked.item, key=asked.plate).first()
    if item is None:
        raise NotVisible(_("There is no such vehicle."))
    return policy_asked(organisation, asked.policy), item
