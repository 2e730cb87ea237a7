"""Printing cards: the first time as they are, and marked from then on. What is no longer worth anything is not
printed any more."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.documents.actions import Draft, draw_up_all
from remise.documents.models import Document
from remise.green_cards import printing
from remise.green_cards.access import may_see, require
from remise.green_cards.mailing import require_worth
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.selectors.cards import line_of, lines, with_cover
from remise.green_cards.selectors.planning import settings_of
from remise.portals.models import Portal


@transaction.atomic
def reprint_card(*, by: Actor, card: int, language: str = "nl") -> Document:
    """The same card with the same number, marked on the page that goes with it."""
    held = _held(by).filter(id=card).first()
    if held is None:
        raise NotVisible(_("There is no such card."))
    require(by, held.branch_id)
    require_worth(held, line_of(held, clock.today(by)).state)
    return _again([held], by, language)[0]


@transaction.atomic
def print_shipment(*, by: Actor, shipment: int, language: str = "nl") -> list[Document]:
    """What goes through the printer: each card of the shipment that is worth something. The first time as it is,
    after that marked as `reprint_card` marks it."""
    asked = Shipment.objects.filter(organisation=by.company, id=shipment).first()
    held = list(_held(by).filter(shipment=asked.carries).order_by("serial")) if asked else []
    if asked is None or not held or not all(may_see(by, card.branch_id) for card in held):
        raise NotVisible(_("There is no such shipment."))
    for branch in {card.branch_id for card in held}:
        require(by, branch)
    today = clock.today(by)
    shown = lines(with_cover(GreenCard.objects.filter(shipment=asked.carries, organisation=by.company), today), today)
    printable = {line.card.id for line in shown if line.may_be_printed}
    worth = [card for card in held if card.id in printable]
    if not worth:
        raise BrokenRule(_("None of these cards is valid any more. Request new ones."), code="card_not_valid")
    printed = for_the_printer(worth, by, language)
    events.record(
        "green_card.printed", by=by, subject=("shipment", shipment), after={"cards": [card.id for card in worth]}
    )
    return printed


def for_the_printer(cards: Sequence[GreenCard], by: Actor, language: str) -> list[Document]:
    """The papers of cards that are held, worth something and of one company: the first time as they are, and marked
    from then on."""
    first = [card for card in cards if not card.was_printed]
    for card in first:
        card.printed_at = clock.now(by)
    GreenCard.objects.bulk_update(first, ["printed_at"])
    printed = {card.id for card in first}
    marked = [card for card in cards if card.id not in printed]
    again = dict(zip([card.id for card in marked], _again(marked, by, language), strict=True))
    return [again.get(card.id) or _original(card) for card in cards]


def _held(by: Actor) -> QuerySet[GreenCard, GreenCard]:
    found = GreenCard.objects.filter(organisation=by.company).select_related("document")
    return found.select_for_update(no_key=True, of=("self",))


def _original(card: GreenCard) -> Document:
    assert card.document is not None  # made with it
    return card.document


def _again(cards: Sequence[GreenCard], by: Actor, language: str) -> list[Document]:
    """Once more, marked; the cards are held, and of one company."""
    if not cards:
        return []
    for card in cards:
        card.reprints += 1
    GreenCard.objects.bulk_update(cards, ["reprints"])
    portal = Portal.objects.get(id=by.in_portal)
    sheet = printing.sheet(portal, settings_of(portal), (), language=language)  # the holder is on the card already
    documents = draw_up_all(
        by=by,
        kind=printing.KIND_NAME,
        organisation=cards[0].organisation,
        drafts=[draft_again(sheet, card) for card in cards],
        language=language,
    )
    for card, document in zip(cards, documents, strict=True):
        events.record(
            "green_card.reprinted",
            by=by,
            organisation=card.organisation,
            subject=("green_card", card.id),
            after={"reprint": card.reprints, "document": document.id},
        )
    return documents


def draft_again(sheet: printing.Sheet, card: GreenCard) -> Draft:
    """The card as it was made, with the page that goes with it in the sheet's language."""
    original = _original(card)
    return Draft(
        subject=(printing.SUBJECT, card.id),
        title=printing.title_of(card),
        snapshot=printing.snapshot_again(sheet, card, original, reprint=card.reprints),
        number=card.number,
        edition=f"reprint-{card.reprints}" if card.reprints else "",
        as_of=card.valid_from,
        supersedes=original.id,
    )
