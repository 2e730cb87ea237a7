"""What a customer can ask the insurer's desk about vehicles. Accepting runs the action that the customer would have
run, with the limit lifted that the employee may lift; what nobody may lift still holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import DomainError, NotVisible
from remise.core.identifiers import CheckCode, Plate
from remise.core.models import Entry, Item
from remise.desk.kinds import Decision, Fact, Place, RequestKind
from remise.desk.rules import Due
from remise.fleet.access import require
from remise.fleet.actions import correct_entry, deregister_vehicles, override_value, register_vehicle
from remise.fleet.entries import made_on, right_to_correct, right_to_correct_online
from remise.fleet.forms import OverrideForm
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.rules import LIFTED_BY, value_allowed
from remise.fleet.selectors.branches import branches_of, branches_of_entries
from remise.fleet.sources import source_name
from remise.organisations.models import Branch
from remise.policies.models import Policy
from remise.policies.rules import Limit, Window, deregistering_window, registering_window
from remise.policies.selectors import rules_of
from remise.ui.formats import day as shown_day
from remise.ui.formats import in_language, money
from remise.vehicles.models import Vehicle

REGISTRATION = "registration"  # a vehicle on a policy, by the number of its item
# Working hours, as the desk promises its customers: somebody waits with a car at the door, or with a question.
AT_ONCE = (Due(date(2020, 1, 1), 4, "Service promise of the desk: cover within half a working day"),)
IN_TWO_DAYS = (Due(date(2020, 1, 1), 19, "Service promise of the desk: an answer within two working days"),)


@dataclass(frozen=True, slots=True)
class LateRegistration:
    """All that was typed."""

    policy: int
    plate: str
    day: date
    branch: int
    check_code: str | None
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class LateDeregistration:
    """`day` as the user gives it: the last one covered, or the first without cover."""

    policy: int
    item: int
    plate: str
    day: date


@dataclass(frozen=True, slots=True)
class Correction:
    policy: int
    item: int
    plate: str
    entry: int
    why: str


@dataclass(frozen=True, slots=True)
class WrongValue:
    policy: int
    item: int
    plate: str
    value: Decimal
    why: str


type OfVehicle = LateDeregistration | Correction | WrongValue


# --- what there is to ask


def _place_registration(by: Actor, asked: LateRegistration) -> Place:
    policy = _policy(by.company, asked.policy)
    if not Branch.objects.filter(id=asked.branch, organisation=by.company).exists():
        raise NotVisible(_("There is no such branch."))
    today = clock.today(by)
    vehicle = Vehicle.objects.filter(plate=asked.plate).first()
    since = vehicle.in_name_since if vehicle else None
    _needs_the_desk(registering_window(rules_of(policy, on=today), today=today, in_name_since=since), asked.day)
    return Place(("policy", policy.id), asked.branch)


def _place_deregistration(by: Actor, asked: LateDeregistration) -> Place:
    policy, item = _item(by.company, asked)
    today = clock.today(by)
    _needs_the_desk(deregistering_window(rules_of(policy, on=today), today=today), asked.day)
    return Place((REGISTRATION, item.id), branches_of(policy.id, [item.key]).get(item.key))


def _place_correction(by: Actor, asked: Correction) -> Place:
    policy, item = _item(by.company, asked)
    entry = Entry.objects.filter(organisation=by.company, id=asked.entry, item=item, undoes=None).first()
    if entry is None:
        raise NotVisible(_("There is no such registration."))
    branch = branches_of_entries(policy.id, [item.key]).get(entry.id)
    require(by, right_to_correct_online(entry), policy, branch)
    if Entry.objects.filter(undoes=entry).exists():
        raise DomainError(_("This was corrected already."), code="corrected_already")
    if made_on(entry) == clock.today(by) and not isinstance(right_to_correct(entry), UnderwritingRight):
        raise _not_needed()
    return Place((REGISTRATION, item.id), branch)


def _place_value(by: Actor, asked: WrongValue) -> Place:
    policy, item = _item(by.company, asked)
    value_allowed(asked.value)
    running = RegistrationVersion.objects.filter(item=item).known().not_ended(clock.today(by))
    if not running.exists():
        raise DomainError(
            _("%(plate)s is no longer insured on this policy.") % {"plate": Plate(item.key).formatted},
            code="not_registered",
        )
    return Place((REGISTRATION, item.id), branches_of(policy.id, [item.key]).get(item.key))


def _needs_the_desk(window: Window, day: date) -> None:
    broken = window.broken_by(day)
    if broken is Limit.TOO_FAR_AHEAD:
        raise DomainError(
            _("This is too far ahead. The last day you can choose is %(day)s.") % {"day": shown_day(window.latest)},
            code=broken,
            field="day",
        )
    if broken not in LIFTED_BY:
        raise _not_needed()


def _not_needed() -> DomainError:
    return DomainError(_("You can do this yourself: you need not ask the desk."), code="not_needed", field="day")


def _policy(organisation: int, number: int) -> Policy:
    found = Policy.objects.select_related("product").filter(organisation=organisation, id=number).first()
    if found is None:
        raise NotVisible(_("There is no such policy."))
    return found


def _item(organisation: int, asked: OfVehicle) -> tuple[Policy, Item]:
    items = Item.objects.filter(organisation=organisation, kind=RegistrationVersion.KIND, policy=asked.policy)
    item = items.filter(id=asked.item, key=asked.plate).first()
    if item is None:
        raise NotVisible(_("There is no such vehicle."))
    return _policy(organisation, asked.policy), item


# --- what the desk does


def _register(by: Actor, decision: Decision) -> int:
    asked: LateRegistration = decision.data
    done = register_vehicle(
        by=by,
        policy=_policy(decision.organisation, asked.policy),
        plate=Plate(asked.plate),
        check_code=CheckCode(asked.check_code) if asked.check_code else None,
        starts=asked.day,
        branch=asked.branch,
        details=asked.details,
        on_request=LATE_REGISTRATION.name,
    )
    return done.entry.id


def _deregister(by: Actor, decision: Decision) -> int:
    asked: LateDeregistration = decision.data
    policy = _policy(decision.organisation, asked.policy)
    kind = LATE_DEREGISTRATION.name
    return deregister_vehicles(by=by, policy=policy, items=[asked.item], day=asked.day, on_request=kind)[0].entry.id


def _correct(by: Actor, decision: Decision) -> int:
    asked: Correction = decision.data
    policy = _policy(decision.organisation, asked.policy)
    return correct_entry(by=by, policy=policy, entry=asked.entry, on_request=CORRECT_REGISTRATION.name).id


def _override(by: Actor, decision: Decision) -> int:
    asked: WrongValue = decision.data
    policy = _policy(decision.organisation, asked.policy)
    return override_value(by=by, policy=policy, item=asked.item, value=decision.answer["value"]).id


# --- what the pages show


def _late_title(asked: LateRegistration | LateDeregistration) -> str:
    return shown_day(asked.day, "short")


def _correction_title(_asked: Correction) -> str:
    return _("undo an earlier receipt")


def _value_title(asked: WrongValue) -> str:
    return money(asked.value, "whole")


def _late_facts(by: Actor, organisation: int, asked: LateRegistration) -> Sequence[Fact]:
    policy = _policy(organisation, asked.policy)
    branch = Branch.objects.filter(organisation=organisation, id=asked.branch).first()
    return [
        Fact(_("Insured from"), _days_back(by, asked.day)),
        Fact(_("Check code"), asked.check_code or "–"),
        *(Fact(label, answer) for label, answer in _details(by, policy, asked)),
        Fact(_("Branch"), branch.name if branch else ""),
        *_vehicle_facts(asked.plate),
        *_cover_facts(organisation, asked.policy, asked.plate),
        *_policy_facts(policy),
        _limit_fact(by, policy),
    ]


def _details(by: Actor, policy: Policy, asked: LateRegistration) -> Iterator[tuple[str, str]]:
    for field in rules_of(policy, on=clock.today(by)).fields:
        if given := asked.details.get(field.name):
            yield in_language(field.labels), in_language(field.labels_of(given)) if field.choices else given


def _deregistration_facts(by: Actor, organisation: int, asked: LateDeregistration) -> Sequence[Fact]:
    policy = _policy(organisation, asked.policy)
    last_day = rules_of(policy, on=clock.today(by)).last_day_covered
    label = _("Last day insured") if last_day else _("First day without cover")
    return [
        Fact(label, _days_back(by, asked.day)),
        *_cover_facts(organisation, asked.policy, asked.plate),
        *_vehicle_facts(asked.plate),
        *_policy_facts(policy),
        _limit_fact(by, policy),
    ]


def _correction_facts(_by: Actor, organisation: int, asked: Correction) -> Sequence[Fact]:
    entry = Entry.objects.get(organisation=organisation, id=asked.entry)
    return [
        Fact(_("Receipt to undo"), f"{entry.receipt} ({shown_day(made_on(entry))})"),
        Fact(_("Why"), asked.why),
        *_cover_facts(organisation, asked.policy, asked.plate),
        *_vehicle_facts(asked.plate),
        *_policy_facts(_policy(organisation, asked.policy)),
    ]


def _value_facts(_by: Actor, organisation: int, asked: WrongValue) -> Sequence[Fact]:
    return [
        Fact(_("Value according to the customer"), money(asked.value, "whole")),
        Fact(_("Why"), asked.why),
        *_cover_facts(organisation, asked.policy, asked.plate),
        *_vehicle_facts(asked.plate),
        *_policy_facts(_policy(organisation, asked.policy)),
    ]


def _days_back(by: Actor, day: date) -> str:
    back = (clock.today(by) - day).days
    if back <= 0:
        return shown_day(day)
    words = ngettext("%(count)s day ago", "%(count)s days ago", back) % {"count": back}
    return f"{shown_day(day)} ({words})"


def _vehicle_facts(plate: str) -> Iterator[Fact]:
    """What the register says."""
    vehicle = Vehicle.objects.filter(plate=plate).first()
    if vehicle is None:
        yield Fact(_("Vehicle"), _("Not known to the register yet"))
        return
    yield Fact(_("Vehicle"), vehicle.title)
    if vehicle.in_name_since:
        yield Fact(_("In its owner's name since"), shown_day(vehicle.in_name_since))
    if vehicle.catalogue_value is not None:
        yield Fact(_("Value in the register"), money(vehicle.catalogue_value, "whole"))


def _cover_facts(organisation: int, policy: int, plate: str) -> Iterator[Fact]:
    """What the policy says of it now, or said last."""
    versions = RegistrationVersion.objects.filter(organisation=organisation, policy=policy, plate=plate).known()
    last = versions.order_by("-starts").first()
    if last is None:
        yield Fact(_("On this policy"), _("Never insured before"))
        return
    until = last.ends
    words = _("from %(day)s") % {"day": shown_day(last.starts)}
    if until is not None:
        words = _("from %(day)s, not from %(end)s on") % {"day": shown_day(last.starts), "end": shown_day(until)}
    yield Fact(_("On this policy"), words)
    if last.value is not None and last.value_date is not None:
        source = source_name(last.value_source)
        yield Fact(_("Value on the policy"), f"{money(last.value, 'whole')} ({source}, {shown_day(last.value_date)})")


def _policy_facts(policy: Policy) -> Iterator[Fact]:
    yield Fact(_("Policy"), f"{policy.product.name} {policy.number}")


def _limit_fact(by: Actor, policy: Policy) -> Fact:
    return Fact(_("Source of the limit"), rules_of(policy, on=clock.today(by)).source)


def _vehicle_page(item: int) -> str:
    return reverse("fleet:vehicle", args=[item])


def _receipt_page(entry: int) -> str:
    return reverse("fleet:receipt", args=[entry])


def _plate(asked: LateRegistration | OfVehicle) -> str:
    return asked.plate


def _proposed(asked: WrongValue) -> dict[str, object]:
    return {"value": asked.value}


LATE_REGISTRATION = RequestKind(
    name="late_registration",
    label=gettext_lazy("Insure from an earlier day"),
    accept_label=gettext_lazy("Accept and insure"),
    icon="calendar-event",
    rights=(FleetRight.REGISTER,),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=LateRegistration,
    due=AT_ONCE,
    place=_place_registration,
    accept=_register,
    title=_late_title,
    facts=_late_facts,
    plate=_plate,
    receipt=_receipt_page,
)
LATE_DEREGISTRATION = RequestKind(
    name="late_deregistration",
    label=gettext_lazy("Deregister from an earlier day"),
    accept_label=gettext_lazy("Accept and deregister"),
    icon="calendar",
    rights=(FleetRight.DEREGISTER,),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=LateDeregistration,
    due=IN_TWO_DAYS,
    place=_place_deregistration,
    accept=_deregister,
    title=_late_title,
    facts=_deregistration_facts,
    plate=_plate,
    page=_vehicle_page,
    receipt=_receipt_page,
)
CORRECT_REGISTRATION = RequestKind(
    name="correct_registration",
    label=gettext_lazy("Correct an earlier receipt"),
    accept_label=gettext_lazy("Accept and undo"),
    icon="refresh",
    rights=(FleetRight.REGISTER, FleetRight.DEREGISTER),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=Correction,
    due=IN_TWO_DAYS,
    place=_place_correction,
    accept=_correct,
    title=_correction_title,
    facts=_correction_facts,
    plate=_plate,
    page=_vehicle_page,
    receipt=_receipt_page,
)
CATALOGUE_VALUE = RequestKind(
    name="catalogue_value",
    label=gettext_lazy("Catalogue value is wrong"),
    accept_label=gettext_lazy("Accept and set this value"),
    icon="coin",
    rights=(FleetRight.REGISTER,),
    lifts=UnderwritingRight.OVERRIDE_VALUE,
    schema=WrongValue,
    due=IN_TWO_DAYS,
    place=_place_value,
    accept=_override,
    title=_value_title,
    facts=_value_facts,
    plate=_plate,
    answer=OverrideForm,
    proposed=_proposed,
    page=_vehicle_page,
    receipt=_receipt_page,
)
KINDS = (LATE_REGISTRATION, LATE_DEREGISTRATION, CORRECT_REGISTRATION, CATALOGUE_VALUE)
