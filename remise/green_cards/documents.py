"""What this room has drawn."""

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.documents.kinds import DocumentKind
from remise.documents.models import Document
from remise.green_cards.access import card_of, require
from remise.green_cards.models import GreenCard
from remise.green_cards.printing import KIND_NAME
from remise.green_cards.selectors.cards import line_of


def may_read(by: Actor, document: Document) -> None:
    """One that has ended can still be looked at; of one that is void no copy is handed out any more."""
    card = card_of(by, document.subject)
    require(by, card.branch_id)
    if card.voided_at is not None:
        raise NotVisible(_("This card is void."))


def is_worth_sending(system: Actor, document: Document) -> bool:
    """A driver at the border would show it."""
    card = GreenCard.objects.get(organisation=document.organisation, id=document.subject)
    return line_of(card, clock.today(system)).may_be_printed


KIND = DocumentKind(
    name=KIND_NAME,
    template="green_cards/typst/card.typ",
    check=may_read,
    sealed=True,
    is_worth_sending=is_worth_sending,
)
