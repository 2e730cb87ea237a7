"""Printing a card once more, marked as such."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.documents.actions import Draft, draw_up_all
from remise.documents.models import Document
from remise.green_cards import printing
from remise.green_cards.access import require
from remise.green_cards.mailing import require_worth
from remise.green_cards.models import GreenCard
from remise.green_cards.selectors.cards import line_of
from remise.green_cards.selectors.planning import settings_of
from remise.portals.models import Portal


@transaction.atomic
def reprint_card(*, by: Actor, card: int, language: str = "nl") -> Document:
    """The same card with the same number, marked on the page that goes with it. What is no longer worth anything is
    not printed again."""
    assert by.portal is not None
    held = GreenCard.objects.filter(organisation=by.company).select_for_update(no_key=True).filter(id=card).first()
    if held is None:
        raise NotVisible(_("There is no such card."))
    require(by, held.branch_id)
    require_worth(held, line_of(held, clock.today(by)).state)
    held.reprints += 1
    held.save(update_fields=["reprints"])
    portal = Portal.objects.get(id=by.portal)
    sheet = printing.sheet(portal, settings_of(portal), (), language=language)  # the holder is on the card already
    document = draw_up_all(
        by=by,
        kind=printing.KIND_NAME,
        organisation=held.organisation,
        drafts=[_draft(sheet, held)],
        language=language,
    )[0]
    events.record(
        "green_card.reprinted",
        by=by,
        organisation=held.organisation,
        subject=("green_card", held.id),
        after={"reprint": held.reprints, "document": document.id},
    )
    return document


def _draft(sheet: printing.Sheet, card: GreenCard) -> Draft:
    assert card.document is not None
    return Draft(
        subject=(printing.SUBJECT, card.id),
        title=printing.title_of(card),
        snapshot=printing.snapshot_again(sheet, card, card.document, reprint=card.reprints),
        number=card.number,
        edition=f"reprint-{card.reprints}",
        as_of=card.valid_from,
        supersedes=card.document_id,
    )
