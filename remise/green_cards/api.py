"""Green cards for programs: the forms and actions of the pages, and so the same verdict."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Schema, Status

from remise.core import clock, paging
from remise.core.errors import BrokenRule
from remise.core.schemas import AskedDay, Before, Call, Cursor, Listed, Number, Sent, asks, listed
from remise.core.words import language_now
from remise.documents import actions as documents
from remise.fleet.access import require_any
from remise.fleet.api import ToMail
from remise.fleet.described import MailedShown, mailed
from remise.fleet.rights import FleetRight
from remise.green_cards import described as shown
from remise.green_cards import printing
from remise.green_cards.access import SEEING, card_of, require
from remise.green_cards.actions import mail_card, reprint_card, void_card
from remise.green_cards.actions.issuing import TOGETHER
from remise.green_cards.asked import issue_for
from remise.green_cards.described import CardShown, CardState, CardWithLastDay, RequestedShown, ShipmentShown
from remise.green_cards.forms import VoidForm
from remise.green_cards.models import GreenCard
from remise.green_cards.rules import State, last_day
from remise.green_cards.selectors.cards import (
    NEWEST,
    CardQuery,
    line_of,
    mailed_with,
    newest_print,
    page,
    shipment_of,
)
from remise.green_cards.selectors.cards import cards as cards_of
from remise.green_cards.selectors.covers import covers_of
from remise.messages.selectors import mailed_about, mailed_by
from remise.organisations.requests import MemberRequest, as_member
from remise.policies.selectors import policy_of
from remise.portals.languages import spoken
from remise.portals.models import Portal
from remise.ui.formats import read_plate
from remise.ui.forms import valid
from remise.vehicles.register.lookup import look_up

router = Router(tags=[_("green cards")])

PDF = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}


class CardFilters(Schema):
    """Which cards, and on which day they are looked at."""

    search: str = Field("", max_length=60, description=_("What a plate begins with, or a card's number."))
    state: CardState | None = Field(None, description=_("Only those that are worth this on that day."))
    branch: Number | None = Field(None, description=_("Only this branch."))
    day: AskedDay = Field(None, description=_("Default: today."))


class PostalAddress(Sent):
    """One address for all of them, as on the page."""

    addressee: str = Field("", examples=["Garage De Brug"])
    street: str = Field("", examples=["Rijnstraat 12"])
    postcode: str = Field("", examples=["8011 AB"])
    town: str = Field("", examples=["Zwolle"])
    country: str = Field("NL", description=_("NL, BE, DE, LU or FR"), examples=["NL"])


class HowToSend(Sent):
    format: str = Field(
        "pdf", description=_("pdf; paper also sends them by post, in one envelope."), examples=["pdf"]
    )
    address: PostalAddress | None = Field(
        None, description=_("For paper. Left out: that of the branch, else of the head office.")
    )
    recipient: str = Field(
        "",
        max_length=254,
        description=_("An e-mail address: one mail there at once, with each card as a PDF."),
        examples=["jan@example.com"],
    )
    language: str | None = Field(
        None,
        description=_("Of the page beside the card, and of the mail: one of the portal's."),
        examples=["nl"],
    )
    until: AskedDay = Field(None, description=_("No card runs beyond this day: of a stay that is too long."))

    def typed(self) -> dict[str, str]:
        """As the page's form has it."""
        address = self.address.model_dump() if self.address else {}
        until = self.until.isoformat() if self.until else ""
        return {"format": self.format, "recipient": self.recipient, "until": until} | address


class CardRequest(HowToSend):
    plates: Annotated[list[str], Field(min_length=1, max_length=TOGETHER, examples=[["GHK-12-L", "GT-001-K"]])]
    with_trailer: bool = Field(
        False, description=_("A trailer lighter than 750 kg without a plate of its own is noted on the card.")
    )

    def typed(self) -> dict[str, str]:
        return super().typed() | {"with_trailer": "on" if self.with_trailer else ""}


class TrailerCardRequest(HowToSend):
    """The second card of a trailer, asked from the cover of the car that pulls it."""

    plate: str = Field(description=_("Of the car."), examples=["GHK-12-L"])
    trailer: str = Field(description=_("The trailer's own plate."), examples=["12-WD-BC"])

    def typed(self) -> dict[str, str]:
        return super().typed() | {"trailer": self.trailer}


class Void(Sent):
    reason: str = Field(description=_("misprint, lost, wrong or other"), examples=["misprint"])


@router.get(
    "/cards",
    response=Listed[CardShown],
    url_name="cards",
    summary=_("List green cards"),
    description=_("Of the branches that your rights let you see, the newest first, fifty at a time."),
    openapi_extra=asks(*SEEING),
)
def cards(request: Call, filters: Query[CardFilters], cursor: Cursor = "", before: Before = "") -> dict[str, Any]:
    by, member = request.actor, as_member(request)
    require_any(member, *SEEING)
    query = CardQuery(
        filters.day or clock.today(by),
        filters.search,
        State(filters.state) if filters.state else None,
        filters.branch,
    )
    after, before = (paging.opened(text, NEWEST) for text in (cursor, before))
    found = page(cards_of(by, query), query, after=after, before=before)
    return listed(found, shown.cards(by, member.portal, found.rows))


@router.get(
    "/cards/{int:card}",
    response=CardWithLastDay,
    url_name="card",
    summary=_("One green card"),
    description=_("What stands on it, and what it is worth today."),
    openapi_extra=asks(*SEEING),
)
def card(request: Call, card: int) -> dict[str, Any]:
    member = as_member(request)
    require_any(member, *SEEING)
    return _whole(member, card)


@router.get(
    "/cards/{int:card}/pdf",
    response=None,
    url_name="card_pdf",
    summary=_("A green card as PDF"),
    description=_("As it was printed last. It is sealed: any change to the file shows."),
    openapi_extra=asks(FleetRight.REQUEST_CARDS) | {"responses": {200: {"description": "OK"} | PDF}},
)
def pdf(request: Call, card: int) -> HttpResponse:
    by = request.actor
    document, content = documents.read(by=by, document=newest_print(_own(request, card)).id)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=document.file_name))
    answer["Content-Language"] = document.language
    return answer


@router.post(
    "/policies/{str:number}/cards",
    response={201: RequestedShown},
    url_name="request_cards",
    summary=_("Request green cards"),
    description=_(
        "For one or many plates at once: a verdict for each. Those that can have a card get it; where none can,"
        " nothing is made and the answer says why."
    ),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def request_cards(request: Call, response: HttpResponse, number: str, sent: CardRequest) -> Status[dict[str, Any]]:
    return _issue(request, response, number, sent.plates, sent)


@router.post(
    "/policies/{str:number}/trailer-cards",
    response={201: RequestedShown},
    url_name="request_trailer_card",
    summary=_("Request the second card of a trailer"),
    description=_(
        "Of a trailer with a plate of its own, for the countries that ask for it. It ends with the cover of the car"
        " that pulls it; a trailer has one for a period."
    ),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def request_trailer_card(
    request: Call, response: HttpResponse, number: str, sent: TrailerCardRequest
) -> Status[dict[str, Any]]:
    require_any(as_member(request), FleetRight.REQUEST_CARDS)
    trailer = read_plate(sent.trailer)
    if trailer is not None:
        look_up(request.actor, trailer)
    return _issue(request, response, number, [sent.plate], sent)


@router.get(
    "/shipments/{int:shipment}",
    response=ShipmentShown,
    url_name="shipment",
    summary=_("Green cards of one request"),
    description=_("What was asked for together, what each is worth today, and how the mail fared."),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def shipment(request: Call, shipment: int) -> dict[str, Any]:
    member = as_member(request)
    require_any(member, FleetRight.REQUEST_CARDS)
    return _shipment(member, shipment)


@router.post(
    "/cards/{int:card}/reprints",
    response={201: CardWithLastDay},
    url_name="reprint_card",
    summary=_("Print a green card once more"),
    description=_("The same card and number, marked on the page beside it: fetch its PDF again."),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def reprint(request: Call, response: HttpResponse, card: int) -> Status[dict[str, Any]]:
    _own(request, card)
    reprint_card(by=request.actor, card=card, language=language_now())
    response["Location"] = reverse("api:card_pdf", args=[card])
    return Status(201, _whole(as_member(request), card))


@router.post(
    "/cards/{int:card}/void",
    response=CardWithLastDay,
    url_name="void_card",
    summary=_("Make a green card void"),
    description=_("A misprint, or lost: it is worth nothing from now on. Its number is never used again."),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def void(request: Call, card: int, sent: Void) -> dict[str, Any]:
    _own(request, card)
    form = valid(VoidForm({"reason": sent.reason}))
    void_card(by=request.actor, card=card, reason=form.cleaned_data["reason"])
    return _whole(as_member(request), card)


@router.get(
    "/cards/{int:card}/mails",
    response=list[MailedShown],
    url_name="card_mails",
    summary=_("How a card's mails fared"),
    description=_("The newest first, at most twenty. One that waited while the card was made void is withdrawn."),
    openapi_extra=asks(*SEEING),
)
def mails(request: Call, card: int) -> list[dict[str, Any]]:
    require_any(as_member(request), *SEEING)
    card_of(request.actor, card)
    return [mailed(one) for one in mailed_about(request.actor, (printing.SUBJECT, card))]


@router.post(
    "/cards/{int:card}/mails",
    response={202: MailedShown},
    url_name="mail_card",
    summary=_("Mail a green card"),
    description=_(
        "Sends the PDF to the driver, in the language of the call where none is given; it goes out a moment later."
    ),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def mail(request: Call, card: int, sent: ToMail) -> Status[dict[str, Any]]:
    by = request.actor
    _own(request, card)
    language = sent.language or language_now()
    mailing = mail_card(by=by, card=card, recipient=sent.recipient, language=language, key=uuid4())
    return Status(202, mailed(mailed_by(by, mailing)))


def _issue(
    request: Call, response: HttpResponse, number: str, plates: Sequence[str], sent: HowToSend
) -> Status[dict[str, Any]]:
    by, member = request.actor, as_member(request)
    require_any(member, FleetRight.REQUEST_CARDS)
    shipment, found = issue_for(
        by=by,
        policy=policy_of(by, number),
        plates=plates,
        typed=sent.typed(),
        language=_language(member.portal, sent.language),
        key=uuid4(),
    )
    response["Location"] = reverse("api:shipment", args=[shipment.id])
    told = _shipment(member, shipment.id)
    made = {one["plate"]: one for one in told["cards"]}
    same = {name: told[name] for name in ("format", "mail")}
    return Status(201, same | {"shipment": shipment.id, "verdicts": shown.verdicts(found, made)})


def _own(request: Call, number: int) -> GreenCard:
    """One that this key may see and may do something with."""
    require_any(as_member(request), *SEEING)
    found = card_of(request.actor, number)
    require(request.actor, found.branch_id)
    return found


def _whole(request: MemberRequest, number: int) -> dict[str, Any]:
    found = card_of(request.actor, number)
    line = line_of(found, clock.today(request.actor))
    covers, _makes = covers_of([found.item_id], organisation=found.organisation)
    (told,) = shown.cards(request.actor, request.portal, [line])
    return told | {"last_day": last_day(found.span, covers[found.item_id])}


def _shipment(request: MemberRequest, number: int) -> dict[str, Any]:
    by = request.actor
    found, lines = shipment_of(by, number, clock.today(by))
    for branch in {line.card.branch_id for line in lines}:
        require(by, branch)
    mails = mailed_with(by, found, lines)
    return {
        "id": found.id,
        "format": found.format,
        "requested_at": found.requested_at,
        "again_of": found.again_of_id,
        "post": shown.posted(found),
        "cards": shown.cards(by, request.portal, lines),
        "mail": mailed(mails[0]) if mails else None,
    }


def _language(portal: Portal, asked: str | None) -> str:
    if asked is None:
        return language_now()
    if asked not in spoken(portal):
        raise BrokenRule(gettext("Choose one of the portal's languages."), code="language", field="language")
    return asked
