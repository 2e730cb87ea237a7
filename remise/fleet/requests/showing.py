"""What pages show of a request, to who asks and to the desk."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock
from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.core.scope import ActorKind
from remise.desk.kinds import Fact
from remise.fleet.changing import CLEARED
from remise.fleet.entries import made_on
from remise.fleet.findings import TITLES, explain
from remise.fleet.models import RegistrationVersion
from remise.fleet.requests.data import (
    Correction,
    FoundLater,
    LateChange,
    LateDeregistration,
    LateRegistration,
    OfVehicle,
    WrongValue,
)
from remise.fleet.requests.placing import policy_asked
from remise.fleet.sources import source_name
from remise.organisations.fields import FieldGroup, left_out
from remise.organisations.models import Branch
from remise.policies.cover import joined
from remise.policies.fields import as_typed
from remise.policies.models import Policy
from remise.policies.rules import FieldKind
from remise.policies.selectors import rules_of
from remise.ui.formats import day as shown_day
from remise.ui.formats import in_language, money
from remise.vehicles import chassis
from remise.vehicles.models import Vehicle
from remise.vehicles.rules import KINDS, in_words


def late_title(asked: LateRegistration | LateDeregistration | LateChange) -> str:
    return shown_day(asked.day, "short")


def correction_title(_asked: Correction) -> str:
    return _("undo an earlier receipt")


def value_title(asked: WrongValue) -> str:
    return money(asked.value, "whole")


def code_title(asked: LateRegistration) -> str:
    return asked.check_code or ""


def code_facts(by: Actor, organisation: int, asked: LateRegistration) -> Sequence[Fact]:
    facts = late_facts(by, organisation, asked)
    if by.kind is not ActorKind.STAFF or asked.code_typed is None:
        return facts  # told to a customer, the verdict would be one attempt more
    same = chassis.matches(organisation, Plate(asked.plate), asked.code_typed, asked.vin_typed)
    said = _("It does now: the customer typed others before") if same else _("No: look at the registration card")
    return [Fact(_("Does the code match the chassis number that we know?"), said), *facts]


def late_facts(by: Actor, organisation: int, asked: LateRegistration) -> Sequence[Fact]:
    policy = policy_asked(organisation, asked.policy)
    branch = Branch.objects.filter(organisation=organisation, id=asked.branch).first()
    return [
        Fact(_("Insured from"), _days_back(by, asked.day)),
        Fact(_("Check code"), asked.check_code or "–"),
        *(Fact(label, answer) for label, answer in _details(by, policy, asked)),
        Fact(_("Branch"), branch.name if branch else ""),
        *vehicle_facts(asked.plate),
        *cover_facts(organisation, asked.policy, asked.plate),
        *policy_facts(policy),
    ]


def change_facts(by: Actor, organisation: int, asked: LateChange) -> Sequence[Fact]:
    policy = policy_asked(organisation, asked.policy)
    moved = Branch.objects.filter(organisation=organisation, id=asked.branch or 0)
    return [
        Fact(_("Changes from"), _days_back(by, asked.day)),
        *(Fact(label, answer) for label, answer in _details(by, policy, asked)),
        *(Fact(_("Branch"), branch.name) for branch in moved),
        *cover_facts(organisation, asked.policy, asked.plate),
        *vehicle_facts(asked.plate),
        *policy_facts(policy),
    ]


def _details(by: Actor, policy: Policy, asked: LateRegistration | LateChange) -> Iterator[tuple[str, str]]:
    for field in rules_of(policy, on=clock.today(by)).fields:
        given = asked.details.get(field.name)
        if given and field.kind is FieldKind.PARTY and FieldGroup.PEOPLE in by.withheld:
            yield in_language(field.labels), left_out()
        elif given:
            yield in_language(field.labels), _("becomes empty") if given == CLEARED else as_typed(field, given)


def deregistration_facts(by: Actor, organisation: int, asked: LateDeregistration) -> Sequence[Fact]:
    policy = policy_asked(organisation, asked.policy)
    last_day = rules_of(policy, on=clock.today(by)).last_day_covered
    label = _("Last day insured") if last_day else _("First day without cover")
    return [
        Fact(label, _days_back(by, asked.day)),
        *cover_facts(organisation, asked.policy, asked.plate),
        *vehicle_facts(asked.plate),
        *policy_facts(policy),
    ]


def correction_facts(_by: Actor, organisation: int, asked: Correction) -> Sequence[Fact]:
    entry = Entry.objects.get(organisation=organisation, id=asked.entry)
    return [
        Fact(_("Receipt to undo"), f"{entry.receipt} ({shown_day(made_on(entry))})"),
        Fact(_("Why"), asked.why),
        *cover_facts(organisation, asked.policy, asked.plate),
        *vehicle_facts(asked.plate),
        *policy_facts(policy_asked(organisation, asked.policy)),
    ]


def value_facts(_by: Actor, organisation: int, asked: WrongValue) -> Sequence[Fact]:
    return [
        Fact(_("Value according to the customer"), money(asked.value, "whole")),
        Fact(_("Why"), asked.why),
        *cover_facts(organisation, asked.policy, asked.plate),
        *vehicle_facts(asked.plate),
        *policy_facts(policy_asked(organisation, asked.policy)),
    ]


def finding_title(found: FoundLater) -> str:
    return str(explain(found.what, found.said).title)


def findings_titled(text: str) -> Q:
    return Q(data__what__in=[kind for kind, title in TITLES.items() if text in str(title).lower()])


def finding_facts(by: Actor, organisation: int, found: FoundLater) -> Sequence[Fact]:
    explained = explain(found.what, found.said)
    return [
        Fact(_("What was found"), explained.title),
        Fact(_("The customer reads") if by.kind is ActorKind.STAFF else _("What this means"), explained.text),
        *cover_facts(organisation, found.policy, found.plate),
        *vehicle_facts(found.plate),
        *policy_facts(policy_asked(organisation, found.policy)),
    ]


def doubted(found: FoundLater) -> dict[str, object]:
    return {"value": Decimal(found.said["value"])}


def _days_back(by: Actor, day: date) -> str:
    back = (clock.today(by) - day).days
    if back <= 0:
        return shown_day(day)
    words = ngettext("%(count)s day ago", "%(count)s days ago", back) % {"count": back}
    return f"{shown_day(day)} ({words})"


def vehicle_facts(plate: str) -> Iterator[Fact]:
    """What the register says."""
    vehicle = Vehicle.objects.known().filter(plate=plate).first()
    if vehicle is None:
        yield Fact(_("Vehicle"), _("Not known to the register yet"))
        return
    yield Fact(_("Vehicle"), vehicle.title)
    if vehicle.kind:
        yield Fact(_("Kind of vehicle"), in_words(vehicle.kind, KINDS))
    if vehicle.in_name_since:
        yield Fact(_("In its owner's name since"), shown_day(vehicle.in_name_since))
    if vehicle.catalogue_value is not None:
        yield Fact(_("Value in the register"), money(vehicle.catalogue_value, "whole"))


def cover_facts(organisation: int, policy: int, plate: str) -> Iterator[Fact]:
    """What the policy says of it now, or said last."""
    versions = RegistrationVersion.objects.filter(organisation=organisation, policy=policy, plate=plate).known()
    held = list(versions.order_by("starts"))
    if not held:
        yield Fact(_("On this policy"), _("Never insured before"))
        return
    last = held[-1]
    begins, until = joined([(one.starts, one.ends) for one in held])[-1]
    words = _("from %(day)s") % {"day": shown_day(begins)}
    if until is not None:
        words = _("from %(day)s, not from %(end)s on") % {"day": shown_day(begins), "end": shown_day(until)}
    yield Fact(_("On this policy"), words)
    if last.value is not None and last.value_date is not None:
        source = source_name(last.value_source)
        yield Fact(_("Value on the policy"), f"{money(last.value, 'whole')} ({source}, {shown_day(last.value_date)})")


def policy_facts(policy: Policy) -> Iterator[Fact]:
    yield Fact(_("Policy"), f"{policy.product.name} {policy.number}")


def vehicle_page(item: int) -> str:
    return reverse("fleet:vehicle", args=[item])


def receipt_page(entry: int) -> str:
    return reverse("fleet:receipt", args=[entry])


def plate_of(asked: LateRegistration | OfVehicle) -> str:
    return asked.plate


def day_of(asked: LateRegistration | LateDeregistration | LateChange) -> date:
    return asked.day


def proposed(asked: WrongValue) -> dict[str, object]:
    return {"value": asked.value}
