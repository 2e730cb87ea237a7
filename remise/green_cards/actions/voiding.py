"""Ending a card: by hand, or because the registration it rests on is undone. Its number is never used again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.models import Entry, Event
from remise.fleet.entries import what_happened
from remise.green_cards import printing, rules
from remise.green_cards.access import require
from remise.green_cards.models import GreenCard
from remise.green_cards.selectors.covers import covers_of
from remise.messages.actions import withdraw_mails

BY_ITSELF = (GreenCard.Reason.CORRECTED, GreenCard.Reason.REPLACED)
BY_HAND = tuple(reason for reason in GreenCard.Reason if reason not in BY_ITSELF)


@transaction.atomic
def void_card(*, by: Actor, card: int, reason: str) -> GreenCard:
    """From now on it is worth nothing, whoever checks it reads so, and no mail takes it along that has not gone."""
    if reason not in BY_HAND:
        raise BrokenRule(_("Choose why the card is void."), code="no_reason", field="reason")
    held = GreenCard.objects.filter(organisation=by.company).select_for_update(no_key=True).filter(id=card).first()
    if held is None:
        raise NotVisible(_("There is no such card."))
    require(by, held.branch_id)
    if held.voided_at is not None:
        raise BrokenRule(_("Card %(number)s is void already.") % {"number": held.number}, code="void_already")
    void_all([held], by, reason)
    return held


def follow_correction(by: Actor, event: Event) -> None:
    """A registration that was undone leaves no card behind: within the correction itself, so that there is no moment
    in which the vehicle was never insured and its card is valid."""
    undone = Entry.objects.get(id=(event.before or {})["entry"])
    if what_happened(undone) != "registered" or event.subject is None or event.organisation is None:
        return
    covers, _makes = covers_of([event.subject], organisation=event.organisation)
    cards = GreenCard.objects.filter(organisation=event.organisation, item=event.subject, voided_at=None)
    void_all(
        (
            card
            for card in cards.order_by("id").select_for_update(no_key=True)
            if not rules.holds(covers[card.item_id], card.valid_from, card.valid_from)
        ),
        by,
        GreenCard.Reason.CORRECTED,
    )


def void_all(cards: Iterable[GreenCard], by: Actor, reason: str) -> None:
    for card in cards:
        card.voided_at, card.void_reason = clock.now(by), reason
        card.save(update_fields=["voided_at", "void_reason"])
        withdraw_mails(organisation=card.organisation, about=(printing.SUBJECT, card.id))
        events.record(
            "green_card.voided",
            by=by,
            organisation=card.organisation,
            subject=("green_card", card.id),
            after={"serial": card.serial, "reason": str(reason)},
        )
