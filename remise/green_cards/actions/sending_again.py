"""Cards of a letter that came back go in the post once more, to an address that may be another one."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.green_cards.access import may_see, require
from remise.green_cards.addresses import Address, complete
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.posting.waiting import by_post, tell, worth_printing
from remise.green_cards.selectors.returned import is_newest


@transaction.atomic
def send_again(*, by: Actor, shipment: int, address: Address, key: UUID) -> Shipment:
    """A new shipment with the same cards. Sent twice with the same `key` it is one; of two people the second one is
    told that it was done."""
    found = Shipment.objects.filter(organisation=by.company, id=shipment).first()
    if found is None:
        raise NotVisible(_("There is no such shipment."))
    _require_all(by, found)
    # Whoever sends these cards again waits for this one.
    list(Shipment.objects.filter(organisation=by.company, id=found.carries).select_for_update(no_key=True))
    before = Shipment.objects.filter(organisation=by.company, key=key).first()
    if before is not None and before.again_of_id == found.carries:
        return before
    found.refresh_from_db()
    if found.state != Shipment.State.RETURNED:
        raise BrokenRule(_("This letter did not come back."), code="not_returned")
    if before is not None or not is_newest(found):
        raise BrokenRule(_("These cards were sent again already."), code="sent_again_already")
    if not worth_printing(by, [found])[found.id]:
        raise BrokenRule(_("None of these cards is valid any more. Request new ones."), code="card_not_valid")
    made = Shipment.objects.create(
        portal=by.in_portal,
        organisation=by.company,
        key=key,
        again_of_id=found.carries,
        requested_at=clock.now(by),
        requested_by=by.account,
        **by_post(by, complete(address)),
    )
    tell("shipment.sent_again", by, [made], again_of=made.again_of_id)
    return made


def _require_all(by: Actor, shipment: Shipment) -> None:
    cards = GreenCard.objects.filter(organisation=by.company, shipment=shipment.carries)
    branches = set(cards.values_list("branch", flat=True))
    if not all(may_see(by, branch) for branch in branches):
        raise NotVisible(_("There is no such shipment."))
    for branch in branches:
        require(by, branch)
