"""What a customer can ask the insurer's desk about vehicles."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy

from remise.desk.kinds import RequestKind
from remise.desk.rules import Due
from remise.fleet.forms import OverrideForm
from remise.fleet.remedies import RequestName
from remise.fleet.requests import asking, deciding, found, placing, rules_met, showing
from remise.fleet.requests.data import (
    Correction,
    FoundLater,
    LateChange,
    LateDeregistration,
    LateRegistration,
    WrongValue,
)
from remise.fleet.rights import FleetRight, UnderwritingRight

__all__ = [
    "CATALOGUE_VALUE",
    "CHECK_CODE",
    "CORRECT_REGISTRATION",
    "KINDS",
    "LATE_CHANGE",
    "LATE_DEREGISTRATION",
    "LATE_REGISTRATION",
    "VEHICLE_KIND",
    "Correction",
    "FoundLater",
    "LateChange",
    "LateDeregistration",
    "LateRegistration",
    "WrongValue",
    "asking",
    "found",
]

# Working hours, as the desk promises its customers: somebody waits with a car at the door, or with a question.
AT_ONCE = (Due(date(2020, 1, 1), 4, "Service promise of the desk: cover within half a working day"),)
IN_TWO_DAYS = (Due(date(2020, 1, 1), 19, "Service promise of the desk: an answer within two working days"),)

LATE_REGISTRATION = RequestKind(
    name=RequestName.LATE_REGISTRATION,
    label=gettext_lazy("Insure from an earlier day"),
    accept_label=gettext_lazy("Accept and insure"),
    icon="calendar-event",
    rights=(FleetRight.REGISTER,),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=LateRegistration,
    due=AT_ONCE,
    place=placing.place_registration,
    accept=deciding.register,
    title=showing.late_title,
    facts=showing.late_facts,
    rule_met=rules_met.late_registration,
    plate=showing.plate_of,
    day=showing.day_of,
    receipt=showing.receipt_page,
)
CHECK_CODE = replace(
    LATE_REGISTRATION,
    name=RequestName.CHECK_CODE,
    label=gettext_lazy("Check code refused"),
    accept_label=gettext_lazy("Accept this code and insure"),
    icon="key",
    place=placing.place_check_code,
    accept=deciding.register_by_code,
    title=showing.code_title,
    facts=showing.code_facts,
    rule_met=rules_met.check_code,
)
VEHICLE_KIND = replace(
    LATE_REGISTRATION,
    name=RequestName.VEHICLE_KIND,
    label=gettext_lazy("Another kind of vehicle"),
    icon="car",
    place=placing.place_vehicle_kind,
    accept=deciding.register_kind,
)
LATE_DEREGISTRATION = RequestKind(
    name=RequestName.LATE_DEREGISTRATION,
    label=gettext_lazy("Deregister from an earlier day"),
    accept_label=gettext_lazy("Accept and deregister"),
    icon="calendar",
    rights=(FleetRight.DEREGISTER,),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=LateDeregistration,
    due=IN_TWO_DAYS,
    place=placing.place_deregistration,
    accept=deciding.deregister,
    title=showing.late_title,
    facts=showing.deregistration_facts,
    rule_met=rules_met.told_late,
    plate=showing.plate_of,
    day=showing.day_of,
    page=showing.vehicle_page,
    receipt=showing.receipt_page,
)
LATE_CHANGE = replace(
    LATE_DEREGISTRATION,
    name=RequestName.LATE_CHANGE,
    label=gettext_lazy("Change from an earlier day"),
    accept_label=gettext_lazy("Accept and change"),
    icon="pencil",
    rights=(FleetRight.REGISTER,),
    schema=LateChange,
    place=placing.place_change,
    accept=deciding.change,
    facts=showing.change_facts,
)
CORRECT_REGISTRATION = RequestKind(
    name=RequestName.CORRECT_REGISTRATION,
    label=gettext_lazy("Correct an earlier receipt"),
    accept_label=gettext_lazy("Accept and undo"),
    icon="refresh",
    rights=(FleetRight.REGISTER, FleetRight.DEREGISTER),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=Correction,
    due=IN_TWO_DAYS,
    place=placing.place_correction,
    accept=deciding.correct,
    title=showing.correction_title,
    facts=showing.correction_facts,
    rule_met=rules_met.correction,
    plate=showing.plate_of,
    page=showing.vehicle_page,
    receipt=showing.receipt_page,
)
CATALOGUE_VALUE = RequestKind(
    name=RequestName.CATALOGUE_VALUE,
    label=gettext_lazy("Catalogue value is wrong"),
    accept_label=gettext_lazy("Accept and set this value"),
    icon="coin",
    rights=(FleetRight.REGISTER,),
    lifts=UnderwritingRight.OVERRIDE_VALUE,
    schema=WrongValue,
    due=IN_TWO_DAYS,
    place=placing.place_value,
    accept=deciding.override,
    title=showing.value_title,
    facts=showing.value_facts,
    rule_met=rules_met.value,
    plate=showing.plate_of,
    answer=OverrideForm,
    proposed=showing.proposed,
    page=showing.vehicle_page,
    receipt=showing.receipt_page,
)
FINDING = RequestKind(
    name=RequestName.FINDING,
    label=gettext_lazy("The register says something else"),
    accept_label=gettext_lazy("It may stand as it is"),
    refuse_label=gettext_lazy("The customer must act"),
    outcomes={"accepted": gettext_lazy("It may stand as it is"), "refused": gettext_lazy("Something to put right")},
    icon="alert-triangle",
    # Who can put it right, one way or the other.
    rights=(FleetRight.REGISTER, FleetRight.DEREGISTER),
    lifts=UnderwritingRight.ALLOW_LATE,
    schema=FoundLater,
    due=IN_TWO_DAYS,
    by_system=True,
    place=placing.place_finding,
    accept=deciding.let_stand,
    title=showing.finding_title,
    titled=showing.findings_titled,
    facts=showing.finding_facts,
    rule_met=rules_met.finding,
    plate=showing.plate_of,
    page=showing.vehicle_page,
)
FINDING_VALUE = replace(
    FINDING,
    name=RequestName.FINDING_VALUE,
    label=gettext_lazy("The register's value is in doubt"),
    accept_label=gettext_lazy("Set this value"),
    outcomes={"accepted": gettext_lazy("The value is set"), "refused": gettext_lazy("Something to put right")},
    icon="coin",
    lifts=UnderwritingRight.OVERRIDE_VALUE,
    accept=deciding.set_doubted,
    answer=OverrideForm,
    proposed=showing.doubted,
    receipt=showing.receipt_page,
)
KINDS = (
    LATE_REGISTRATION,
    CHECK_CODE,
    VEHICLE_KIND,
    LATE_DEREGISTRATION,
    LATE_CHANGE,
    CORRECT_REGISTRATION,
    CATALOGUE_VALUE,
    FINDING,
    FINDING_VALUE,
)
