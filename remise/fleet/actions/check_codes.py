"""Another check code than the one that was typed."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import CheckCode, Plate
from remise.core.ledger.book import Book, Written
from remise.core.ledger.operations import Set
from remise.fleet.access import require
from remise.fleet.entries import reason_of
from remise.fleet.models import RegistrationVersion
from remise.fleet.remedies import RequestName
from remise.fleet.rights import UnderwritingRight
from remise.fleet.rules import cover_on
from remise.policies.models import Policy
from remise.vehicles import chassis


@transaction.atomic
def change_check_code(
    *, by: Actor, policy: Policy, item: int, check_code: CheckCode, on_request: str = RequestName.CHECK_CODE
) -> Written:
    """From the first day of the last cover on; the insurer's people only: the state register refused the one that was
    typed. Cover stays as it is."""
    require(by, UnderwritingRight.ALLOW_LATE, policy, None)
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=[item])
    held = book.items.get(item)
    if held is None or held.policy != policy.id:
        raise NotVisible(_("This vehicle is not on this policy."))
    plate, timeline = Plate(held.key), held.timeline()
    # Also of cover that has ended: the register was told of it, and refused.
    cover = cover_on(plate, timeline, timeline[-1].starts if timeline else clock.today(by))
    if not plate.needs_check_code:
        raise BrokenRule(_("A trade plate has no check code."), code="no_check_code", field="check_code")
    if cover.terms.get("check_code") == check_code.value:
        raise BrokenRule(_("This is the check code already."), code="same_check_code", field="check_code")
    chassis.judge(by, policy.organisation, plate, check_code, None)
    changed = Set({"check_code": check_code.value})
    book.amend(held, starts=cover.starts, operations=(changed,), reason=reason_of(on_request))
    entry = book.settle()[0]
    events.record(
        "vehicle.check_code_changed",
        by=by,
        organisation=policy.organisation,
        subject=("registration", held.id),
        after={"entry": entry.id, "policy": policy.id, "starts": cover.starts.isoformat()},
    )
    return entry
