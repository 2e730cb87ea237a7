"""How a company wants the cards that come by themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden
from remise.fleet.rights import FleetRight
from remise.green_cards.models import CardDelivery
from remise.green_cards.rules import Delivery
from remise.portals.languages import spoken
from remise.portals.models import Portal


@transaction.atomic
def choose_delivery(*, by: Actor, delivery: Delivery | None, language: str) -> CardDelivery:
    """From the next card on; None = as the product says, an empty language = the portal's first. For the whole
    company, and so by who may ask for cards in all of it."""
    decision = can(by, FleetRight.REQUEST_CARDS, organisation=by.company)
    if not decision:
        raise Forbidden(decision)
    if language and language not in spoken(Portal.objects.get(id=by.in_portal)):
        raise BrokenRule(_("Choose one of the languages."), code="language", field="language")
    said = {"delivery": delivery or "", "language": language}
    chosen, is_new = CardDelivery.objects.select_for_update(no_key=True).get_or_create(
        organisation=by.company, defaults={"portal": by.in_portal, **said}
    )
    before = {name: getattr(chosen, name) for name in said}
    if not is_new and before == said:
        return chosen
    for name, value in said.items():
        setattr(chosen, name, value)
    chosen.save(update_fields=list(said))
    events.record(
        "green_card.delivery_chosen",
        by=by,
        organisation=by.company,
        subject=("card_delivery", chosen.id),
        before=None if is_new else before,
        after=said,
    )
    return chosen
