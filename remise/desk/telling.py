"""What the desk did is told by mail to whoever asked: once, and only who may still read it on the page."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Event
from remise.desk.data import read
from remise.desk.kinds import kinds
from remise.desk.models import DeskMessage, DeskRequest
from remise.desk.selectors import decide_on
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.readers import reader_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of

MAIL = "desk.request"
TOLD = ("request.accepted", "request.refused", "request.asked")


def tell(by: Actor, event: Event) -> None:
    """A subscriber: run again, the outbox knows that this event was told to this person."""
    assert event.subject is not None
    request = DeskRequest.objects.filter(id=event.subject, portal=by.in_portal).first()
    if request is None or request.account is None or request.kind not in kinds or request.forgotten_at is not None:
        return
    portal = Portal.objects.get(id=by.in_portal)
    reader = reader_of(by, request.account, organisation=request.organisation, portal=portal, office=request.office)
    if reader is None or not decide_on(reader.actor, request):
        return
    letters.tell(event, reader, partial(_letter, request, event, portal), portal=portal, kind=MAIL)


def _letter(request: DeskRequest, event: Event, portal: Portal) -> Letter:
    """What became of it, in whose words, and where it stands. The desk is a desk and no person."""
    kind = kinds[request.kind]
    data: Any = read(kind.schema, request.data)
    plate = kind.plate(data)
    parts = (Plate(plate).formatted if plate else "", kind.named(is_staff=False), kind.title(data))
    said = {"desk": portal.desk_name, "asked": " · ".join(str(part) for part in parts if part)}
    quote = request.reason
    if event.kind == "request.asked":
        subject, line = _("A question about your request: %(asked)s"), _("%(desk)s asks you something about it:")
        quote = DeskMessage.objects.get(request=request, id=(event.after or {})["message"]).text
    elif event.kind == "request.accepted":
        subject, line = _("Accepted: %(asked)s"), _("%(desk)s has accepted your request and done what you asked:")
    else:
        subject = _("Refused: %(asked)s")
        line = _("%(desk)s has refused your request. Nothing was changed. The reason:")
    return Letter(
        subject=subject % said,
        title=said["asked"],
        lines=(line % said,),
        quote=quote,
        link=address_at(host_of(portal), reverse("desk:request", args=[request.id])),
        link_label=_("Open your request"),
    )
