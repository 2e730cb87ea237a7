from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import Lane, daily, job, stepwise
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.green_cards import coming, retention
from remise.green_cards.actions import give_cards
from remise.green_cards.posting import drawing
from remise.green_cards.posting.waiting import cancel_ended
from remise.policies.models import Policy


@daily("green_cards.forget_addresses", label=_("Let go of addresses of posted green cards"))
def forget_addresses(actor: Actor) -> None:
    cancel_ended(actor)
    retention.forget_addresses(actor)


@stepwise("green_cards.draw_batch", label=_("Draw the file of a print batch"))
def draw_batch(actor: Actor, *, batch: int, place: int) -> None:
    drawing.draw(actor, batch=batch, place=place)


@job(
    "green_cards.give",
    label=_("Make green cards that come by themselves"),
    rights=[FleetRight.REQUEST_CARDS],
    lane=Lane.LONG,
)
def give(actor: Actor, *, policy: int, items: list[int]) -> None:
    """For vehicles of one policy, some hundreds at a time: all of their cards, or none."""
    found = Policy.objects.select_related("product").get(id=policy)
    give_cards(by=actor.acting_for(found.organisation), policy=found, items=items)


@daily("green_cards.give_next", label=_("Look which green cards end, and make the next ones"))
def give_next(actor: Actor) -> None:
    """Once a day: the next card of each vehicle whose last one ends soon, and whatever was missed."""
    assert actor.portal is not None
    with enter(actor.scope):
        for policy, items in coming.due(actor):
            give.defer(actor.portal, policy=policy, items=items)
