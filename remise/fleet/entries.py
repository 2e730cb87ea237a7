"""What an entry of a vehicle says, and who may undo it."""

from datetime import date

from remise.core import clock
from remise.core.ledger.operations import End, decode
from remise.core.models import Entry
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight

FROM_REGISTER = "register"  # the reason of an entry that fills in what the register said later


def what_happened(entry: Entry) -> str:
    """In one word: registered, deregistered, completed, changed or correction."""
    if entry.undoes_id is not None:
        return "correction"
    operations = decode(entry.operations or [], RegistrationVersion.SCHEMA)
    if any(isinstance(operation, End) for operation in operations):
        return "deregistered"
    if entry.operations and entry.operations[0]["op"] == "start":
        return "registered"
    return "completed" if entry.reason == FROM_REGISTER else "changed"


def right_to_correct(entry: Entry) -> FleetRight:
    """Who may do it may undo it."""
    return FleetRight.DEREGISTER if what_happened(entry) == "deregistered" else FleetRight.REGISTER


def made_on(entry: Entry) -> date:
    """The day of the entry, as its portal's clock showed it."""
    return entry.at.astimezone(clock.AMSTERDAM).date()
