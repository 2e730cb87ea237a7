"""Shipments that wait to be posted: how one begins, and how it ends where there is nothing left to post."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import QuerySet

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.events import Happened
from remise.core.scope import enter
from remise.green_cards.addresses import FIELDS, Address
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.posting.rules import working_day_after
from remise.green_cards.retention import ADDRESSES
from remise.green_cards.rules import may_be_printed
from remise.green_cards.selectors.cards import state_of, with_cover
from remise.green_cards.selectors.planning import settings_of
from remise.portals.models import Portal
from remise.portals.retention import kept

State = Shipment.State
PART = 50  # shipments that are looked at together: each may have hundreds of cards


def by_post(by: Actor, address: Address) -> dict[str, object]:
    """What a shipment to this address begins with."""
    within = settings_of(Portal.objects.get(id=by.in_portal)).post_within
    return {
        "format": Shipment.Format.PAPER,
        "state": State.WAITING,
        "post_by": working_day_after(clock.today(by), within),
        **{name: getattr(address, name) for name in FIELDS},
    }


def wanted(by: Actor, until: date | None = None) -> QuerySet[Shipment, Shipment]:
    """All that waits, or what is to be posted up to and including a day."""
    found = Shipment.objects.filter(portal=by.in_portal, state=State.WAITING)
    return found if until is None else found.filter(post_by__lte=until)


def worth_printing(by: Actor, shipments: Collection[Shipment]) -> dict[int, list[GreenCard]]:
    """By shipment, the cards that are worth something. Held until the end of this transaction."""
    today = clock.today(by)
    asked = [one.carries for one in shipments]
    of = GreenCard.objects.filter(portal=by.in_portal, shipment__any_of=asked).order_by("serial")
    held = list(of.select_for_update(no_key=True).values_list("id", flat=True))
    cards = with_cover(GreenCard.objects.filter(portal=by.in_portal, id__any_of=held), today)
    found: dict[int, list[GreenCard]] = {request: [] for request in asked}
    for card in cards.order_by("serial"):
        if may_be_printed(state_of(card, today)):
            found[card.shipment_id].append(card)
    return {one.id: found[one.carries] for one in shipments}


def cancel(by: Actor, shipments: Sequence[Shipment]) -> None:
    """All their cards ended before they were printed."""
    until = clock.today(by) + kept(by, ADDRESSES)
    for shipment in shipments:
        shipment.state, shipment.forget_on = State.CANCELLED, until
    Shipment.objects.bulk_update(shipments, ["state", "forget_on"])
    tell("shipment.cancelled", by, shipments)


def tell(kind: str, by: Actor, shipments: Sequence[Shipment], **more: object) -> None:
    """One event of each, together for each company."""
    by_company: dict[int, list[Shipment]] = {}
    for shipment in shipments:
        by_company.setdefault(shipment.organisation, []).append(shipment)
    for company, found in sorted(by_company.items()):
        happened = [
            Happened(("shipment", shipment.id), after={"state": shipment.state, **more}) for shipment in found
        ]
        events.record_all(kind, by=by, organisation=company, happened=happened)


def cancel_ended(by: Actor) -> None:
    """What waits longer than a day, and has nothing to print any more; so that no address is kept for it.
    Part by part, each in a transaction of its own: what a kill leaves, the next night does."""
    since = clock.now(by) - timedelta(days=1)
    waiting = Shipment.objects.filter(portal=by.in_portal, state=State.WAITING, requested_at__lt=since)
    last: int | None = 0
    while last is not None:
        with enter(by.scope):
            part = waiting.filter(id__gt=last).order_by("id")[:PART]
            held = {one.id: one for one in part.select_for_update(no_key=True)}
            cancel(by, [held[number] for number, worth in worth_printing(by, held.values()).items() if not worth])
        last = max(held, default=None)
