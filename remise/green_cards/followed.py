"""What a program may follow of green cards, in the branches it sees."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Event
from remise.core.schemas import Day, PlateShown
from remise.green_cards.access import may_see
from remise.green_cards.models import GreenCard, Shipment

CARDS = frozenset({"green_card.issued", "green_card.reprinted", "green_card.voided"})
PRINTED = frozenset({"green_card.printed"})
POSTED = frozenset(
    {
        "shipment.sent",
        "shipment.sending_undone",
        "shipment.left_out",
        "shipment.cancelled",
        "shipment.returned",
        "shipment.return_undone",
        "shipment.sent_again",
    }
)


class CardChange(PlateShown):
    """What is printed on a card never changes. Whether it still counts follows from the cover, too: see
    `vehicle.deregistered`."""

    card: int
    number: str = Field(description=_("As it stands on the card."), examples=["0000048"])
    vehicle: int
    branch: int
    valid_from: Day
    valid_to: Day = Field(description=_("The last day, included."))
    with_trailer: bool = Field(description=_("A light trailer without a plate of its own is noted on it."))
    pulled_by: str | None = Field(
        description=_("Of a trailer's second card: the plate of the car whose cover it lives by.")
    )
    shipment: int
    format: str | None = Field(None, description=_("Of a request: pdf or paper."))
    by_itself: bool | None = Field(None, description=_("Nobody asked for it: the policy gives it."))
    reprint: int | None = Field(None, description=_("Which one it was."))
    reason: str | None = Field(
        None, description=_("Why it is void: misprint, lost, wrong, other, corrected or replaced.")
    )


class CardsPrinted(Schema):
    """The cards of one request that were still worth something, printed together as one file."""

    shipment: int
    cards: list[int]


class ShipmentChange(Schema):
    """How far the letter is with the cards of one request: see /shipments/{shipment}."""

    shipment: int
    state: str = Field(description=_("waiting, printing, sent, cancelled or returned"), examples=["sent"])
    reason: str | None = Field(None, description=_("Why it came back: address, refused or unknown."))
    again_of: int | None = Field(
        None,
        description=_("Of one that is sent again because the letter came back: the request whose cards it carries."),
    )


def tell(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    found = GreenCard.objects.filter(organisation=by.company)
    cards = found.in_bulk({event.subject for event in events if event.subject})
    told: dict[int, Mapping[str, Any]] = {}
    for event in events:
        card = cards.get(event.subject or 0)
        if card is not None and may_see(by, card.branch_id):
            told[event.id] = _told(card) | _said(event)
    return told


def tell_printed(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """To who sees all cards of that request."""
    seen = _seen(by, events)
    return {
        event.id: {"shipment": event.subject, "cards": list((event.after or {})["cards"])}
        for event in events
        if event.subject in seen
    }


def tell_posted(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """To the same."""
    seen = _seen(by, events)
    return {
        event.id: {"shipment": event.subject, "state": (event.after or {})["state"]} | _said(event)
        for event in events
        if event.subject in seen
    }


def _seen(by: Actor, events: Sequence[Event]) -> set[int]:
    """The shipments that these events are about and of which this actor sees all cards."""
    numbers = {event.subject for event in events if event.subject}
    branches: dict[int, set[int]] = defaultdict(set)
    shipments = Shipment.objects.filter(organisation=by.company, id__in=numbers)
    carried = {shipment.id: shipment.carries for shipment in shipments}
    cards = GreenCard.objects.filter(organisation=by.company, shipment__in=carried.values())
    for request, branch in cards.values_list("shipment", "branch").distinct():
        branches[request].add(branch)
    seen = {request for request, within in branches.items() if all(may_see(by, branch) for branch in within)}
    return {shipment for shipment, request in carried.items() if request in seen}


def _told(card: GreenCard) -> dict[str, Any]:
    plate = Plate(card.plate)
    return {
        "card": card.id,
        "number": card.number,
        "vehicle": card.item_id,
        "plate": plate.value,
        "plate_formatted": plate.formatted,
        "branch": card.branch_id,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat(),
        "with_trailer": card.with_trailer,
        "pulled_by": card.pulled_by or None,
        "shipment": card.shipment_id,
    }


def _said(event: Event) -> dict[str, Any]:
    said = event.after or {}
    return {name: said[name] for name in ("format", "by_itself", "reprint", "reason", "again_of") if name in said}
