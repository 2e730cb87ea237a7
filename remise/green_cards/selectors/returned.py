"""Letters that came back, and what carries their cards since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from remise.core import clock
from remise.core.actor import Actor
from remise.fleet.rights import FleetRight
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.rules import may_be_printed
from remise.green_cards.selectors.cards import state_of, with_cover
from remise.organisations.access import visible_branches


@dataclass(frozen=True, slots=True)
class CameBack:
    shipment: Shipment
    cards: int  # that are worth something


def newest_of(shipments: Iterable[Shipment]) -> Mapping[int, Shipment]:
    """By request, the shipment that carries its cards now: the last time that they were sent again, else its own."""
    found = {one.carries: one for one in shipments}
    again = Shipment.objects.filter(again_of__in=[number for number, one in found.items() if one.state])
    return found | {one.carries: one for one in again.order_by("id")}


def came_back(by: Actor) -> Sequence[CameBack]:
    """Letters that somebody has still to look at, the newest first: with cards that this actor may have sent again,
    and for as long as an address is kept."""
    today = clock.today(by)
    of = Shipment.objects.filter(organisation=by.company)
    later = of.filter(again_of=Coalesce(OuterRef("again_of"), OuterRef("id")), id__gt=OuterRef("id"))
    returned = of.filter(state=Shipment.State.RETURNED, forget_on__gt=today).exclude(Exists(later))
    shipments = list(returned.order_by("-returned_at", "-id"))
    if not shipments:
        return []
    branches = visible_branches(by, FleetRight.REQUEST_CARDS)
    cards = GreenCard.objects.filter(organisation=by.company, shipment__in=[one.carries for one in shipments])
    worth: dict[int, int] = {}
    closed: set[int] = set()
    for card in with_cover(cards, today):
        if branches is not None and card.branch_id not in branches:
            closed.add(card.shipment_id)
        elif may_be_printed(state_of(card, today)):
            worth[card.shipment_id] = worth.get(card.shipment_id, 0) + 1
    return [
        CameBack(one, worth[one.carries]) for one in shipments if one.carries in worth and one.carries not in closed
    ]


def is_newest(shipment: Shipment) -> bool:
    """Whether its cards were not sent again since."""
    of = Shipment.objects.filter(organisation=shipment.organisation, id__gt=shipment.id)
    return not of.filter(again_of=shipment.carries).exists()
