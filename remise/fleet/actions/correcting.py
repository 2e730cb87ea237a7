"""Undoing what was mistyped, on the day it was made."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible, Remedy
from remise.core.ledger.book import Book, Written
from remise.core.models import Entry
from remise.fleet.access import require
from remise.fleet.entries import made_on, reason_of, right_to_correct, right_to_correct_on_request
from remise.fleet.models import RegistrationVersion
from remise.fleet.remedies import RequestName
from remise.fleet.selectors.branches import branches_of_entries
from remise.policies.models import Policy


@transaction.atomic
def correct_entry(*, by: Actor, policy: Policy, entry: int, on_request: str = "") -> Written:
    """Undo a mistyped registration or deregistration on the day it was made: the line and its receipt stay and show
    the correction, and what follows is as if it had not been. On request the desk does it later too."""
    entries = Entry.objects.filter(organisation=policy.organisation, item__kind=RegistrationVersion.KIND, undoes=None)
    stored = entries.filter(id=entry, item__policy=policy.id).select_related("item").first()
    if stored is None:
        raise NotVisible(_("There is no such registration."))
    right = right_to_correct_on_request(stored) if on_request else right_to_correct(stored)
    require(by, right, policy, branches_of_entries(policy.id, [stored.item.key]).get(entry))
    if stored.by_system and not on_request:
        raise BrokenRule(
            _("This was not typed by anybody in your company. Ask the insurer's desk if it is wrong."),
            code="not_typed",
            remedy=Remedy(_("Ask the desk"), RequestName.CORRECT_REGISTRATION),
        )
    book = Book.hold(RegistrationVersion, by=by, organisation=policy.organisation, items=[stored.item_id])
    item = book.items[stored.item_id]
    if entry not in item.postings:
        raise BrokenRule(_("This was corrected already."), code="corrected_already")
    if made_on(stored) != clock.today(by) and not on_request:
        raise BrokenRule(
            _("Only an entry of today can be undone here. For an earlier one, ask the insurer's desk."),
            code="not_of_today",
            remedy=Remedy(_("Ask the desk"), RequestName.CORRECT_REGISTRATION),
        )
    book.undo(item, entry, reason=reason_of(on_request) or "corrected")
    correction = book.settle()[0]
    events.record(
        "vehicle.corrected",
        by=by,
        organisation=policy.organisation,
        subject=("registration", item.id),
        before={"entry": entry},
        after={"entry": correction.id, "policy": policy.id},
    )
    return correction
