"""What the desk does when it accepts: the action that the customer would have run, with the limit lifted that the
employee may lift; what nobody may lift still holds."""

from remise.core.actor import Actor
from remise.core.identifiers import CheckCode, Plate, Vin
from remise.desk.kinds import Decision
from remise.fleet.actions import correct_entry, deregister_vehicles, override_value, register_vehicle
from remise.fleet.remedies import RequestName
from remise.fleet.requests.data import Correction, LateDeregistration, LateRegistration, WrongValue
from remise.fleet.requests.placing import policy_asked


def register(by: Actor, decision: Decision) -> int:
    asked: LateRegistration = decision.data
    done = register_vehicle(
        by=by,
        policy=policy_asked(decision.organisation, asked.policy),
        plate=Plate(asked.plate),
        check_code=CheckCode(asked.check_code) if asked.check_code else None,
        starts=asked.day,
        branch=asked.branch,
        details=asked.details,
        vin=Vin(asked.vin) if asked.vin else None,
        on_request=RequestName.LATE_REGISTRATION,
    )
    return done.entry.id


def deregister(by: Actor, decision: Decision) -> int:
    asked: LateDeregistration = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    kind = RequestName.LATE_DEREGISTRATION
    return deregister_vehicles(by=by, policy=policy, items=[asked.item], day=asked.day, on_request=kind)[0].entry.id


def correct(by: Actor, decision: Decision) -> int:
    asked: Correction = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    return correct_entry(by=by, policy=policy, entry=asked.entry, on_request=RequestName.CORRECT_REGISTRATION).id


def override(by: Actor, decision: Decision) -> int:
    asked: WrongValue = decision.data
    policy = policy_asked(decision.organisation, asked.policy)
    return override_value(by=by, policy=policy, item=asked.item, value=decision.answer["value"]).id
