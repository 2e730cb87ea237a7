"""What the insurer's people printed and posted in the demo: all of before a week ago, a batch of this morning with
one envelope that went wrong, and what waits since; in what waits, three cards to one address."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connections
from django.utils import timezone

from remise.core.actor import Actor, Assurance, system
from remise.core.scope import ActorKind, enter
from remise.demo.people import BUSINESS_MOMENT
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import issue_green_cards
from remise.green_cards.addresses import address_of
from remise.green_cards.models import BatchShipment, GreenCard, Shipment
from remise.green_cards.posting import drawing
from remise.green_cards.posting.making import make_batch
from remise.green_cards.posting.rights import PostingRight
from remise.green_cards.posting.sending import mark_sent
from remise.green_cards.rules import State
from remise.green_cards.selectors.cards import state_of, with_cover
from remise.organisations.models import Grant, Membership, Organisation
from remise.policies.models import Policy
from remise.portals.models import Portal

OWNER = "owner"
POSTED_BEFORE = timedelta(days=7)
# After the cards that came by themselves in the night; the day's batch can still be taken back.
POSTED, SINCE = timedelta(hours=1, minutes=30), timedelta(minutes=50)
TOGETHER = (3, 1)  # cards in each request

# In two steps, as a shipment goes; on the day after it was asked for.
PRINTED = """
update green_cards_shipment set state = 'printing'
where portal = %s and state = 'waiting' and requested_at < %s
"""
SENT = """
update green_cards_shipment set state = 'sent', sent_at = requested_at + interval '1 day', sent_by = %s,
  forget_on = (requested_at + interval '31 days')::date
where portal = %s and state = 'printing'
"""


def tell(portal: Portal) -> None:
    printer = Grant.objects.using(OWNER).filter(portal=portal.id, right=PostingRight.POST).order_by("id").first()
    if printer is None:
        return
    account = Membership.objects.using(OWNER).get(id=printer.membership_id).account_id
    with connections[OWNER].cursor() as cursor:
        cursor.execute(PRINTED, [portal.id, BUSINESS_MOMENT - POSTED_BEFORE])
        cursor.execute(SENT, [account, portal.id])
    for count in TOGETHER:
        _ask(portal, count, BUSINESS_MOMENT - POSTED - timedelta(hours=1))
    _post(portal, account)
    for count in TOGETHER:
        _ask(portal, count, BUSINESS_MOMENT - SINCE)


def _ask(portal: Portal, count: int, at: datetime) -> None:
    """Of the first company that has so many vehicles with a card that is still valid, once more on paper."""
    day = BUSINESS_MOMENT.date()
    cards = with_cover(GreenCard.objects.using(OWNER).filter(portal=portal.id, voided_at=None, pulled_by=""), day)
    items: dict[int, list[int]] = {}
    valid = (card for card in cards.order_by("id") if state_of(card, day) is State.VALID)
    for card in valid:
        if card.item_id not in items.setdefault(card.item.policy, []):
            items[card.item.policy].append(card.item_id)
    policy = next((number for number, found in sorted(items.items()) if len(found) >= count), None)
    if policy is None:
        return
    found = Policy.objects.using(OWNER).select_related("product").get(id=policy)
    company = Organisation.objects.using(OWNER).get(id=found.organisation)
    who = Membership.objects.using(OWNER).filter(organisation=company.id).earliest("id")
    by = _actor(portal, who.account_id, at, company=company.id)
    with enter(by.scope):
        issue_green_cards(
            by=by,
            policy=found,
            items=items[policy][:count],
            format=Shipment.Format.PAPER,
            address=address_of(company, None),
            key=uuid4(),
        )


def _post(portal: Portal, account: int) -> None:
    """One that went wrong waits for the next batch."""
    if not Shipment.objects.using(OWNER).filter(portal=portal.id, state=Shipment.State.WAITING).exists():
        return
    at = BUSINESS_MOMENT - POSTED
    by = _actor(portal, account, at)
    with enter(by.scope):
        batch = make_batch(by=by, key=uuid4()).batch
    if batch is None:
        return
    job = system(portal=portal.id, name="green_cards.draw_batch", clock_offset=by.clock_offset)
    drawing.draw(job, batch=batch.id, place=1)
    within = BatchShipment.objects.using(OWNER).filter(batch=batch.id).order_by("place")
    wrong = list(within.values_list("shipment", flat=True))[1:2]
    with enter(by.scope):
        mark_sent(by=by, batch=batch.id, left_out=wrong)


def _actor(portal: Portal, account: int, at: datetime, *, company: int | None = None) -> Actor:
    rights = (FleetRight.VIEW, FleetRight.REQUEST_CARDS) if company else (PostingRight.POST,)
    return Actor(
        kind=ActorKind.MEMBER if company else ActorKind.STAFF,
        portal=portal.id,
        account=account,
        organisation=company,
        clock_offset=at - timezone.now(),
        grants=frozenset((str(right), None) for right in rights),
        assurance=Assurance.TWO_FACTORS,
        via="demo",
    )
