"""What changes the vehicles on a policy. Page, API, run and command call these and get one verdict."""

from remise.fleet.actions.changing import Changed, change_each, change_vehicle
from remise.fleet.actions.check_codes import change_check_code
from remise.fleet.actions.completing import complete_registration
from remise.fleet.actions.correcting import correct_entry
from remise.fleet.actions.deregistering import Deregistered, deregister_each, deregister_vehicles
from remise.fleet.actions.drawing_up import draw_up_receipt
from remise.fleet.actions.mailing import mail_receipt
from remise.fleet.actions.registering import Registered, register_vehicle, register_vehicles
from remise.fleet.actions.settling import let_finding_stand, settle_findings
from remise.fleet.actions.values import override_value

__all__ = [
    "Changed",
    "Deregistered",
    "Registered",
    "change_check_code",
    "change_each",
    "change_vehicle",
    "complete_registration",
    "correct_entry",
    "deregister_each",
    "deregister_vehicles",
    "draw_up_receipt",
    "let_finding_stand",
    "mail_receipt",
    "override_value",
    "register_vehicle",
    "register_vehicles",
    "settle_findings",
]
