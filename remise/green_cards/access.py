from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.fleet.rights import FleetRight
from remise.green_cards.models import GreenCard
from remise.organisations import relation_numbers
from remise.organisations.access import visible_branches

# Who sees vehicles sees what cards they have; to ask, print and void is a right of its own.
SEEING = (FleetRight.VIEW, FleetRight.REQUEST_CARDS)


def seen_branches(by: Actor) -> frozenset[int] | None:
    """The branches whose cards this actor sees; None = all."""
    found = [visible_branches(by, right) for right in SEEING]
    return None if None in found else frozenset().union(*(one for one in found if one is not None))


def may_see(by: Actor, branch: int) -> bool:
    seen = seen_branches(by)
    return seen is None or branch in seen


def require(by: Actor, branch: int) -> None:
    """The right to ask for, print and void cards of this branch, or the refusal that says who can give it."""
    decision = can(by, FleetRight.REQUEST_CARDS, organisation=by.organisation, branch=branch)
    if not decision:
        raise Forbidden(decision)


def require_asking(by: Actor, branch: int) -> None:
    """The same, and a branch that is open (row 8): for a new card. One that there is can be printed, mailed and made
    void."""
    require(by, branch)
    relation_numbers.require_linked(by, branch)


def card_of(by: Actor, number: int) -> GreenCard:
    """Raises NotVisible for a card of another company, or of a branch where this actor sees nothing."""
    found = GreenCard.objects.filter(id=number, organisation=by.company).select_related("shipment").first()
    if found is None or not may_see(by, found.branch_id):
        raise NotVisible(_("There is no such card."))
    return found
