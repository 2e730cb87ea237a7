"""What an entry of a vehicle says, and who may undo it."""

from datetime import date

from remise.core import clock
from remise.core.actor import Actor
from remise.core.ledger.book import Written
from remise.core.ledger.operations import End, Set, decode
from remise.core.models import Entry
from remise.core.rights import Right
from remise.core.scope import ActorKind
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.organisations.models import BY_INSURER
from remise.organisations.names import Doer

ON_REQUEST = "desk."  # begins the reason of what the insurer's desk did on a customer's request

FROM_REGISTER = "register"  # the reason of an entry that fills in what the register said later


def what_happened(entry: Entry) -> str:
    """In one word: registered, deregistered, completed, revalued, changed or correction."""
    if entry.undoes_id is not None:
        return "correction"
    operations = decode(entry.operations or [], RegistrationVersion.SCHEMA)
    if any(isinstance(operation, End) for operation in operations):
        return "deregistered"
    if entry.operations and entry.operations[0]["op"] == "start":
        return "registered"
    if entry.reason == FROM_REGISTER:
        return "completed"
    return "revalued" if overridden(entry) else "changed"


def reason_of(request_kind: str) -> str:
    """The word in the ledger; the reason in people's words stays with the request, which is emptied in time."""
    return f"{ON_REQUEST}{request_kind}" if request_kind else ""


def by_desk(entry: Entry) -> bool:
    return entry.reason.startswith(ON_REQUEST)


def doer_of(entry: Entry, reader: Actor) -> Doer:
    """Who did it; what the desk did is, for a customer, the insurer's."""
    if by_desk(entry) and reader.kind is not ActorKind.STAFF:
        return None, BY_INSURER
    return entry.account, entry.by_system


def overridden(entry: Entry) -> Set | None:
    """The value that the desk set, where that is what happened."""
    if entry.reason == FROM_REGISTER:
        return None
    operations = decode(entry.operations or [], RegistrationVersion.SCHEMA)
    return next((one for one in operations if isinstance(one, Set) and "value" in one.terms), None)


def right_to_correct(entry: Entry) -> Right:
    """Who may do it may undo it: what the desk did, the desk alone."""
    if overridden(entry) is not None:
        return UnderwritingRight.OVERRIDE_VALUE
    return UnderwritingRight.ALLOW_LATE if by_desk(entry) else right_to_correct_online(entry)


def right_to_correct_on_request(entry: Entry) -> Right:
    """What the desk needs to undo it for a customer, also later than online."""
    online = right_to_correct(entry)
    return online if isinstance(online, UnderwritingRight) else UnderwritingRight.ALLOW_LATE


def right_to_correct_online(entry: Entry) -> FleetRight:
    """What a customer needs to undo such an entry, or to ask the desk for it."""
    return FleetRight.DEREGISTER if what_happened(entry) == "deregistered" else FleetRight.REGISTER


def made_on(entry: Entry | Written) -> date:
    """The day of the entry, as its portal's clock showed it."""
    return clock.day_of(entry.at)
