"""That their cards are in the post is told by mail to who asked for them: one mail of a batch for each person."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.models import Event
from remise.fleet.rights import FleetRight
from remise.green_cards.models import BatchShipment, Shipment
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.readers import reader_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of
from remise.ui.formats import day, number

MAIL = "green_cards.posted"


def tell(by: Actor, happened: Sequence[Event]) -> None:
    """A subscriber: run again, the outbox knows that this event was told to this person."""
    portal = Portal.objects.get(id=by.in_portal)
    found = Shipment.objects.filter(portal=portal.id, state=Shipment.State.SENT).in_bulk(
        [event.subject for event in happened if event.subject]
    )
    asked: dict[tuple[int, int], list[Event]] = {}
    for event in happened:
        shipment = found.get(event.subject or 0)
        if shipment is not None and shipment.requested_by is not None:
            asked.setdefault((shipment.organisation, shipment.requested_by), []).append(event)
    for (organisation, account), events in asked.items():
        reader = reader_of(by, account, organisation=organisation, portal=portal)
        if reader is None or not can(reader.actor, FleetRight.REQUEST_CARDS, organisation=organisation):
            continue
        posted = [found[event.subject] for event in events if event.subject]
        letters.tell(events[0], reader, partial(_letter, posted, portal), portal=portal, kind=MAIL)


def _letter(posted: Sequence[Shipment], portal: Portal) -> Letter:
    """How many and when; where to stands on the page alone."""
    lines = BatchShipment.objects.filter(shipment__in=posted, outcome=BatchShipment.Outcome.SENT)
    count = sum(len(line.documents) for line in lines)
    said = ngettext("%(count)s green card is in the post", "%(count)s green cards are in the post", count)
    title = said % {"count": number(count)}
    first = posted[0]
    assert first.sent_at is not None
    one = len(posted) == 1
    url = reverse("green_cards:shipment", args=[first.id]) if one else reverse("green_cards:overview")
    return Letter(
        subject=title,
        title=title,
        lines=(
            _("Posted on %(day)s. A letter takes a day or two.") % {"day": day(clock.day_of(first.sent_at))},
            _("If it does not arrive, make the cards void and ask for new ones."),
        ),
        link=address_at(host_of(portal), url),
        link_label=_("Open your green cards"),
    )
