"""How the API shows green cards: what their pages show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor, can
from remise.core.identifiers import Plate
from remise.core.schemas import Day, PlateShown
from remise.fleet.described import MailedShown, plate_shown
from remise.fleet.rights import FleetRight
from remise.green_cards.asked import Asked
from remise.green_cards.models import Shipment
from remise.green_cards.selectors.cards import CardLine
from remise.green_cards.selectors.returned import newest_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of

SAME = ("number", "valid_from", "valid_to", "make", "category", "with_trailer", "issued_at", "voided_at", "reprints")


# Written out: other rooms have states too, and a description names each shape once.
CardState = Literal["not_yet", "valid", "expired", "void"]


PostState = Literal["waiting", "printing", "sent", "cancelled", "returned"]


class PostShown(Schema):
    """How far the letter is with a request's cards."""

    state: PostState = Field(
        description=_(
            "waiting, printing, sent, returned: the letter came back, or cancelled: all its cards had ended before"
            " they were printed."
        )
    )
    post_by: Day = Field(description=_("The day on which it is posted at the latest."))
    posted_on: Day | None = Field(description=_("The day on which it was posted."))
    returned_on: Day | None = Field(description=_("The day on which it came back."))
    return_reason: str = Field(description=_("Why it came back: address, refused or unknown; else empty."))


class CardShown(PlateShown):
    id: int
    number: str = Field(description=_("As it stands on the card."), examples=["0000048"])
    state: CardState = Field(
        description=_("What it is worth on the day that was asked for: it follows the cover, and is stored nowhere.")
    )
    vehicle: int = Field(description=_("This vehicle on its policy: /vehicles/{item}."))
    branch: int
    valid_from: Day
    valid_to: Day = Field(description=_("The last day on the card, included."))
    make: str = Field(examples=["VOLVO"])
    category: str = Field(description=_("Of the model: A is a car, C a van or a lorry."), examples=["A"])
    with_trailer: bool = Field(description=_("A light trailer without a plate of its own is noted on it."))
    pulled_by: str | None = Field(
        description=_("Of a trailer's second card: the plate of the car whose cover it lives by."),
        examples=["GHK12L"],
    )
    crossed_out: list[str] = Field(description=_("Countries without cover, by their sign."), examples=[["BY", "IR"]])
    format: Shipment.Format = Field(description=_("How it was asked for: pdf, or paper by post."))
    shipment: int = Field(description=_("The request it was made by: /shipments/{shipment}."))
    post: PostShown | None = Field(description=_("Of paper by post: how far that is."))
    issued_at: datetime
    voided_at: datetime | None
    void_reason: str = Field(
        description=_("misprint, lost, wrong, other, corrected or replaced; empty where it is not void.")
    )
    reprints: int
    check_url: str | None = Field(
        description=_("The public page on which anybody checks it, for who may print it."),
        examples=["https://portal.example/cards/check/..."],
    )


class CardWithLastDay(CardShown):
    last_day: Day = Field(description=_("The last day on which it is worth something: the cover may end earlier."))


class VerdictShown(Schema):
    """What came of one plate."""

    plate: str = Field(description=_("As it was sent."), examples=["GHK-12-L"])
    verdict: str = Field(description=_("accepted or refused"), examples=["accepted"])
    code: str = Field(description=_("Which rule refused it; empty where none did."), examples=["card_too_short"])
    message: str = Field(description=_("For people, in the language of Accept-Language."))
    card: CardShown | None


class RequestedShown(Schema):
    shipment: int
    format: Shipment.Format
    verdicts: list[VerdictShown] = Field(description=_("One for each plate, in the order in which they were sent."))
    mail: MailedShown | None = Field(description=_("The mail with the cards, where one was asked for."))


class ShipmentShown(Schema):
    """What was asked for together. The address is not told again: it is let go of when the cards have arrived."""

    id: int
    format: Shipment.Format
    requested_at: datetime
    again_of: int | None = Field(
        description=_("Of one that is sent again because the letter came back: the request whose cards it carries.")
    )
    post: PostShown | None = Field(description=_("Of paper by post: how far that is."))
    cards: list[CardShown]
    mail: MailedShown | None = Field(description=_("The mail with the cards, where one was asked for."))


def cards(by: Actor, portal: Portal, lines: Sequence[CardLine]) -> list[dict[str, Any]]:
    host = host_of(portal)
    newest = newest_of([line.card.shipment for line in lines])
    return [_card(by, host, line, newest[line.card.shipment_id]) for line in lines]


def _card(by: Actor, host: str, line: CardLine, shipment: Shipment) -> dict[str, Any]:
    card = line.card
    may_print = can(by, FleetRight.REQUEST_CARDS, organisation=by.organisation, branch=card.branch_id)
    check = reverse("green_cards:check", args=[card.token])
    return {
        **plate_shown(Plate(card.plate)),
        **{name: getattr(card, name) for name in SAME},
        "id": card.id,
        "state": line.state,
        "vehicle": card.item_id,
        "branch": card.branch_id,
        "pulled_by": card.pulled_by or None,
        "crossed_out": card.territory["crossed"],
        "format": card.shipment.format,
        "shipment": card.shipment_id,
        "post": posted(shipment),
        "void_reason": card.void_reason,
        "check_url": address_at(host, check) if may_print else None,
    }


def posted(shipment: Shipment) -> dict[str, Any] | None:
    if not shipment.state:
        return None
    return {
        "state": shipment.state,
        "post_by": shipment.post_by,
        "posted_on": shipment.posted_on,
        "returned_on": shipment.returned_on,
        "return_reason": shipment.return_reason,
    }


def verdicts(found: Sequence[Asked], made: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """`made`: the cards as shown, by plate."""
    return [_verdict(one, made) for one in found]


def _verdict(one: Asked, made: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    problem = one.problem
    return {
        "plate": one.sent,
        "verdict": "refused" if problem else "accepted",
        "code": problem.code if problem else "",
        "message": str(problem.message) if problem else "",
        "card": None if problem or one.plan is None else made[one.plan.plate.value],
    }
