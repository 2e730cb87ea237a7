"""Mailing cards: whether one may be mailed, and what the mail says. Who may print it may mail it
(`access.require`)."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.documents.models import Document
from remise.green_cards import printing
from remise.green_cards.models import GreenCard
from remise.green_cards.rules import State, may_be_printed
from remise.messages.actions import Parcel, mail_together
from remise.messages.letters import Letter
from remise.organisations.models import Organisation
from remise.ui.formats import day as shown_day
from remise.ui.formats import plate_text

SPECIMEN = "SPECIMEN"
MOST_TOGETHER = 50  # in one mail: mail servers take so many megabytes and no more


def require_worth(card: GreenCard, state: State) -> None:
    """What is worth nothing goes to nobody: a driver at the border would show it."""
    if may_be_printed(state):
        return
    number = {"number": card.number}
    if state is State.VOID:
        raise BrokenRule(_("Card %(number)s is void. Request a new one.") % number, code="card_void")
    raise BrokenRule(_("Card %(number)s is no longer valid. Request a new one.") % number, code="card_not_valid")


def is_specimen(document: Document) -> bool:
    """As it was printed, whatever the insurer entered since."""
    return bool(document.snapshot["body"]["card"]["specimen"])


def require_fits(cards: int) -> None:
    if cards > MOST_TOGETHER:
        raise BrokenRule(
            _("One mail takes at most %(most)s cards. Ask for them in parts, or without a mail.")
            % {"most": MOST_TOGETHER},
            code="too_many_for_a_mail",
            field="recipient",
        )


def card_letter(card: GreenCard, document: Document) -> Letter:
    """In the language that is switched on. No names but the company's."""
    said = {"number": card.number, "plate": plate_text(card.plate), "company": _company(card)}
    return _letter(
        _("Green card %(number)s for %(plate)s") % said,
        _("%(company)s sends you the green card of %(plate)s. It is attached as a PDF.") % said,
        _("It is valid from %(first)s up to and including %(last)s, for as long as the vehicle is insured.")
        % {"first": shown_day(card.valid_from), "last": shown_day(card.valid_to)},
        _("Keep it with you, on your telephone or on paper."),
        specimen=is_specimen(document),
    )


def cards_letter(cards: Sequence[GreenCard], documents: Sequence[Document]) -> Letter:
    """Of several. It counts and names none of them: one that is made void before the mail goes is left out."""
    if len(cards) == 1:
        return card_letter(cards[0], documents[0])
    company = {"company": _company(cards[0])}
    return _letter(
        _("Green cards from %(company)s") % company,
        _("%(company)s sends you green cards. Each is attached as a PDF, with its plate on it.") % company,
        _("A card is valid for as long as its vehicle is insured."),
        _("Keep each with its vehicle, on a telephone or on paper."),
        specimen=is_specimen(documents[0]),
    )


def mail_by_itself(*, by: Actor, made: Sequence[GreenCard], recipient: str, key: UUID, language: str) -> None:
    """The cards of a shipment that nobody asked for, as many in one mail as it takes; within what made them."""
    for place in range(0, len(made), MOST_TOGETHER):
        part = made[place : place + MOST_TOGETHER]
        documents = [card.document for card in part if card.document]
        mail_together(
            by=by,
            recipient=recipient,
            language=language,
            key=key if place == 0 else uuid5(key, str(place)),
            enclose=partial(_parcel, part, documents),
        )


def _parcel(cards: Sequence[GreenCard], documents: Sequence[Document]) -> Parcel:
    pairs = zip(cards, documents, strict=True)
    return Parcel({(printing.SUBJECT, card.id): document for card, document in pairs}, cards_letter(cards, documents))


def _company(card: GreenCard) -> str:
    return Organisation.objects.get(id=card.organisation).name


def _letter(subject: str, *lines: str, specimen: bool) -> Letter:
    return Letter(
        subject=f"{SPECIMEN}: {subject}" if specimen else subject,
        title=subject,
        mark=_("SPECIMEN: this card proves no cover.") if specimen else "",
        lines=lines,
    )
