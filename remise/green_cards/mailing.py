"""Mailing a card: whether it may be mailed, and what the mail says. Who may print it may mail it
(`access.require`)."""

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.documents.models import Document
from remise.green_cards.models import GreenCard
from remise.green_cards.rules import State, may_be_printed
from remise.messages.letters import Letter
from remise.organisations.models import Organisation
from remise.ui.formats import day as shown_day
from remise.ui.formats import plate_text

SPECIMEN = "SPECIMEN"


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


def card_letter(card: GreenCard, document: Document) -> Letter:
    """In the language that is switched on. No names but the company's."""
    company = Organisation.objects.get(id=card.organisation).name
    said = {"number": card.number, "plate": plate_text(card.plate), "company": company}
    subject = _("Green card %(number)s for %(plate)s") % said
    specimen = is_specimen(document)
    return Letter(
        subject=f"{SPECIMEN}: {subject}" if specimen else subject,
        title=subject,
        mark=_("SPECIMEN: this card proves no cover.") if specimen else "",
        lines=(
            _("%(company)s sends you the green card of %(plate)s. It is attached as a PDF.") % said,
            _("It is valid from %(first)s up to and including %(last)s, for as long as the vehicle is insured.")
            % {"first": shown_day(card.valid_from), "last": shown_day(card.valid_to)},
            _("Keep it with you, on your telephone or on paper."),
        ),
    )
