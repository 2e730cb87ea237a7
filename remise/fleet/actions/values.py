"""Another catalogue value than the register's."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import Plate
from remise.core.ledger.book import Book, Written
from remise.core.ledger.operations import Set
from remise.fleet.access import require
from remise.fleet.actions.settling import settle_findings
from remise.fleet.entries import reason_of
from remise.fleet.findings import FindingKind
from remise.fleet.models import BY_DESK, RegistrationVersion
from remise.fleet.remedies import RequestName
from remise.fleet.rights import UnderwritingRight
from remise.fleet.rules import cover_on, value_allowed, value_likely
from remise.fleet.selectors.values import known_of_value
from remise.policies.models import Policy


@transaction.atomic
def override_value(
    *,
    by: Actor,
    policy: Policy,
    item: int,
    value: Decimal,
    sure: bool = False,
    on_request: str = RequestName.CATALOGUE_VALUE,
) -> Written:
    """Set the value from the first day of the running cover on; the insurer's people only, when a customer asked or
    the register's value is in doubt. A new cover of the vehicle begins with the register's value again. `sure`: said
    once more, though the value looks like a slip."""
    require(by, UnderwritingRight.OVERRIDE_VALUE, policy, None)
    value_allowed(value)
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=[item])
    held = book.items.get(item)
    if held is None or held.policy != policy.id:
        raise NotVisible(_("This vehicle is not on this policy."))
    today = clock.today(by)
    cover = cover_on(Plate(held.key), held.timeline(), today)
    before = cover.terms.get("value")
    if before == value:
        raise BrokenRule(_("This is the value already."), code="same_value", field="value")
    changed = Set({"value": value, "value_source": BY_DESK, "value_date": today})
    if not sure:
        value_likely(value, known_of_value(policy.organisation, held.id, held.key), on=today)
    book.amend(held, starts=cover.starts, operations=(changed,), reason=reason_of(on_request))
    entry = book.settle()[0]
    events.record(
        "vehicle.value_overridden",
        by=by,
        organisation=policy.organisation,
        subject=("registration", held.id),
        before={"value": None if before is None else str(before)},
        after={"entry": entry.id, "policy": policy.id, "value": str(value), "starts": cover.starts.isoformat()},
    )
    settle_findings(by=by, item=held.id, kinds=[FindingKind.VALUE_IN_DOUBT])
    return entry
