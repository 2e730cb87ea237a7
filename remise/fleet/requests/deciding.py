"""What the desk does when it accepts: the action that the customer would have run, with the limit lifted that the
employee may lift; what nobody may lift still holds."""

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.desk.kinds import Decision
from remise.fleet.actions import (
    change_vehicle,
    correct_entry,
    deregister_vehicles,
    let_finding_stand,
    override_value,
    register_vehicle,
)
from remise.fleet.remedies import RequestName
from remise.fleet.requests.data import (
    Correction,
    FoundLater,
    LateChange,
    LateDeregistration,
    LateRegistration,
    WrongValue,
)
from remise.fleet.requests.placing import policy_asked
from remise.vehicles import chassis


def register(by: Actor, decision: Decision) -> int:
    return _register(by, decision, RequestName.LATE_REGISTRATION)


def register_kind(by: Actor, decision: Decision) -> int:
    return _register(by, decision, RequestName.VEHICLE_KIND)


def register_by_code(by: Actor, decision: Decision) -> int:
    """By the code as it was typed: the desk compared it with the registration card."""
    asked: LateRegistration = decision.data
    if asked.code_typed is not None:
        chassis.overrule(decision.organisation, Plate(asked.plate), asked.code_typed, asked.vin_typed)
    return _register(by, decision, RequestName.CHECK_CODE)


def _register(by: Actor, decision: Decision, kind: RequestName) -> int:
    asked: LateRegistration = decision.data
    done = register_vehicle(
        by=by,
        policy=policy_asked(decision.organisation, asked.policy),
        plate=Plate(asked.plate),
        check_code=asked.code_typed,
        starts=asked.day,
        branch=asked.branch,
        details=asked.details,
        vin=asked.vin_typed,
        on_request=kind,
    )
    return done.entry.id


def deregister(by: Actor, decision: Decision) -> int:
    asked: LateDeregistration = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    kind = RequestName.LATE_DEREGISTRATION
    return deregister_vehicles(by=by, policy=policy, items=[asked.item], day=asked.day, on_request=kind)[0].entry.id


def change(by: Actor, decision: Decision) -> int:
    asked: LateChange = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    kind = RequestName.LATE_CHANGE
    return change_vehicle(by=by, policy=policy, change=asked.change, on_request=kind).entry.id


def correct(by: Actor, decision: Decision) -> int:
    asked: Correction = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    return correct_entry(by=by, policy=policy, entry=asked.entry, on_request=RequestName.CORRECT_REGISTRATION).id


def override(by: Actor, decision: Decision) -> int:
    asked: WrongValue = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    sure = bool(decision.answer.get("sure"))
    return override_value(by=by, policy=policy, item=asked.item, value=decision.answer["value"], sure=sure).id


def let_stand(by: Actor, decision: Decision) -> None:
    found: FoundLater = decision.data
    let_finding_stand(by=by, policy=policy_asked(decision.organisation, found.policy), finding=found.finding)


def set_doubted(by: Actor, decision: Decision) -> int:
    """The register's value, or another one; that settles the finding."""
    found: FoundLater = decision.data
    return override_value(
        by=by,
        policy=policy_asked(decision.organisation, found.policy),
        item=found.item,
        value=decision.answer["value"],
        sure=bool(decision.answer.get("sure")),
        on_request=RequestName.FINDING_VALUE,
    ).id
