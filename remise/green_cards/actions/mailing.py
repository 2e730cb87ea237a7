"""Sending a card to the driver."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.words import language_now
from remise.documents.actions import draw_up_all
from remise.documents.models import Document
from remise.green_cards import printing
from remise.green_cards.access import require
from remise.green_cards.actions.reprinting import draft_again
from remise.green_cards.mailing import card_letter, require_worth
from remise.green_cards.models import GreenCard
from remise.green_cards.selectors.cards import line_of, newest_print
from remise.green_cards.selectors.planning import settings_of
from remise.messages.actions import Enclosed, mail_document
from remise.messages.models import Mailing
from remise.portals.models import Portal


@transaction.atomic
def mail_card(*, by: Actor, card: int, recipient: str, language: str, key: UUID) -> Mailing:
    """The card as it was printed last, with its second page in this language; sent twice with the same `key` it is
    one mail. What is void or has ended is not mailed."""
    held = GreenCard.objects.filter(organisation=by.company).select_for_update(no_key=True).filter(id=card).first()
    if held is None:
        raise NotVisible(_("There is no such card."))
    require(by, held.branch_id)
    require_worth(held, line_of(held, clock.today(by)).state)
    printed = newest_print(held)
    return mail_document(
        by=by,
        about=(printing.SUBJECT, card),
        recipient=recipient,
        language=language,
        key=key,
        enclose=lambda: Enclosed(_in_language(by, held, printed), card_letter(held, printed)),
    )


def _in_language(by: Actor, card: GreenCard, printed: Document) -> Document:
    """The same print in the language that is switched on. The card itself is taken over as it was printed: what the
    insurer or the company calls itself since is not on it."""
    language = language_now()
    if printed.language == language:
        return printed
    portal = Portal.objects.get(id=by.in_portal)
    sheet = printing.sheet(portal, settings_of(portal), (), language=language)
    drawn = draft_again(sheet, card)
    return draw_up_all(
        by=by,
        kind=printing.KIND_NAME,
        organisation=card.organisation,
        drafts=[replace(drawn, supersedes=None)],
        language=language,
    )[0]
