"""That their cards are in the post is told by mail to who asked for them, and of cards that came by themselves to
everybody who could have asked: one mail of a batch for each person."""

from collections.abc import Mapping, Sequence
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.models import Event
from remise.fleet.rights import FleetRight
from remise.green_cards.models import BatchShipment, GreenCard, Shipment
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.models import Membership
from remise.organisations.readers import Reader, reader_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day, number

MAIL = "green_cards.posted"


def tell(by: Actor, happened: Sequence[Event]) -> None:
    """A subscriber: run again, the outbox knows that these events were told to this person."""
    portal = Portal.objects.get(id=by.in_portal)
    sent = Shipment.objects.filter(portal=portal.id, state=Shipment.State.SENT)
    found = sent.in_bulk([event.subject for event in happened if event.subject])
    events = {event.subject: event for event in happened if event.subject in found}
    by_company: dict[int, list[Shipment]] = {}
    for _number, shipment in sorted(found.items()):
        by_company.setdefault(shipment.organisation, []).append(shipment)
    for organisation, posted in by_company.items():
        branches = _branches(posted)
        for account in _accounts(organisation, posted):
            reader = reader_of(by, account, organisation=organisation, portal=portal)
            theirs = [one for one in posted if reader and _is_for(reader, account, one, branches)]
            if reader is not None and theirs:
                write = partial(_letter, theirs, portal)
                letters.tell(events[theirs[0].id], reader, write, portal=portal, kind=MAIL)


def _branches(posted: Sequence[Shipment]) -> dict[int, set[int]]:
    """By request, those whose cards it carries."""
    found: dict[int, set[int]] = {}
    cards = GreenCard.objects.filter(
        organisation=posted[0].organisation, shipment__in=[one.carries for one in posted]
    )
    for request, branch in cards.values_list("shipment", "branch").distinct():
        found.setdefault(request, set()).add(branch)
    return found


def _accounts(organisation: int, posted: Sequence[Shipment]) -> list[int]:
    """Who may be told of one of them."""
    found = {one.requested_by for one in posted if one.requested_by is not None}
    if any(one.requested_by is None for one in posted):
        able = Membership.objects.filter(
            organisation=organisation,
            state=Membership.State.ACTIVE,
            held_grants__organisation=organisation,
            held_grants__right=FleetRight.REQUEST_CARDS,
        )
        found |= set(able.values_list("account", flat=True))
    return sorted(found)


def _is_for(reader: Reader, account: int, shipment: Shipment, branches: Mapping[int, set[int]]) -> bool:
    """Who asked for it, or where nobody did, whoever might have: while they may ask for cards of its branches."""
    return shipment.requested_by in (None, account) and all(
        can(reader.actor, FleetRight.REQUEST_CARDS, organisation=shipment.organisation, branch=branch)
        for branch in branches[shipment.carries]
    )


def _letter(posted: Sequence[Shipment], portal: Portal) -> Letter:
    """How many and when; where to stands on the page alone."""
    lines = BatchShipment.objects.filter(shipment__in=posted, outcome=BatchShipment.Outcome.SENT)
    count = sum(len(line.documents) for line in lines)
    said = ngettext("%(count)s green card is in the post", "%(count)s green cards are in the post", count)
    title = said % {"count": number(count)}
    first = posted[0]
    assert first.sent_at is not None
    one = len(posted) == 1
    by_itself = all(shipment.requested_by is None for shipment in posted)
    url = reverse("green_cards:shipment", args=[first.id]) if one else reverse("green_cards:overview")
    return Letter(
        subject=title,
        title=title,
        lines=(
            _("Posted on %(day)s. A letter takes a day or two.") % {"day": day(clock.day_of(first.sent_at))},
            *([_("Nobody had to ask for it: such cards come by themselves.")] if by_itself else []),
            _("If it does not arrive, make the cards void and ask for new ones."),
        ),
        link=address_at(host_of(portal), url),
        link_label=_("Open your green cards"),
    )
