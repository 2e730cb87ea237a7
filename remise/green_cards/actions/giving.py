"""Cards that come by themselves: the first one at registration, the next one before it ends, where the product says
so. Safe to do twice."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import uuid4

from django.db import transaction

from remise.core import clock
from remise.core.actor import Actor
from remise.fleet.access import require
from remise.fleet.rights import FleetRight
from remise.green_cards.actions.issuing import TOGETHER, hold, make_cards
from remise.green_cards.addresses import address_of
from remise.green_cards.delivering import Way, way_of
from remise.green_cards.mailing import mail_by_itself
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.posting.waiting import by_post
from remise.green_cards.rules import CardRules, Delivery, Span, due_from
from remise.green_cards.selectors.covers import covers_of
from remise.green_cards.selectors.planning import Plan, plans, rules_of
from remise.organisations.models import Branch, Organisation
from remise.policies.models import Policy


@transaction.atomic
def give_cards(*, by: Actor, policy: Policy, items: Sequence[int]) -> list[Shipment]:
    """A card for each of these vehicles that has one due and of which the register knows enough; the others wait for
    the register, or for a longer cover. One shipment for each branch."""
    today = clock.today(by)
    said = rules_of(policy, on=today)
    if not said.automatic:
        return []
    chosen = sorted(set(items))
    assert len(chosen) <= TOGETHER
    hold(policy, chosen)  # what another job made meanwhile is seen now
    due = _due(policy, chosen, said, today)
    planned = [plan for plan in plans(by, policy, list(due), today=today, firsts=due) if _is_due(plan, due, today)]
    by_branch: dict[int, list[Plan]] = {}
    for plan in planned:
        by_branch.setdefault(plan.branch, []).append(plan)
    for branch in by_branch:
        require(by, FleetRight.REQUEST_CARDS, policy, branch)
    way = way_of(by, policy.organisation, said)
    return [_ship(by, policy, branch, group, due, way) for branch, group in sorted(by_branch.items())]


def _due(policy: Policy, items: Sequence[int], said: CardRules, today: date) -> dict[int, date]:
    """Item -> from which day its card is due; a card of its trailer's is none of its own."""
    covers, _makes = covers_of(items, organisation=policy.organisation)
    cards: dict[int, list[Span]] = {}
    held = GreenCard.objects.filter(organisation=policy.organisation, item__in=items, pulled_by="")
    for card in held.exclude(void_reason=GreenCard.Reason.CORRECTED):
        cards.setdefault(card.item_id, []).append(card.span)
    found = {item: due_from(said, covers.get(item, []), cards.get(item, []), today=today) for item in items}
    return {item: day for item, day in found.items() if day is not None}


def _is_due(plan: Plan, due: Mapping[int, date], today: date) -> bool:
    """It can be made, and begins where the one before ends: of a cover that begins anew the next job thinks."""
    return plan.problem is None and plan.span is not None and plan.span.first == max(today, due[plan.item])


def _ship(
    by: Actor,
    policy: Policy,
    branch: int,
    planned: Sequence[Plan],
    due: Mapping[int, date],
    way: Way,
) -> Shipment:
    place = Branch.objects.filter(id=branch, organisation=policy.organisation).first()
    address = address_of(Organisation.objects.get(id=policy.organisation), place)
    posted = way.delivery is Delivery.POST and address.is_complete
    key = uuid4()  # nobody sends it twice: the vehicles are held, and each card is there once
    shipment = Shipment.objects.create(
        portal=by.in_portal,
        organisation=policy.organisation,
        key=key,
        requested_at=clock.now(by),
        **(by_post(by, address) if posted else {"format": Shipment.Format.PDF}),
    )
    made = make_cards(by=by, policy=policy, planned=planned, shipment=shipment, language=way.language, periods=due)
    if way.delivery is Delivery.MAIL and way.recipient:
        mail_by_itself(by=by, made=made, recipient=way.recipient, key=key, language=way.language)
    return shipment
