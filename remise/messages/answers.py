"""The answer to who asked for a right, by mail: they are not on the page at that moment."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.models import Event
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.models import AccessRequest, Organisation
from remise.organisations.names import names_in
from remise.organisations.readers import reader_of
from remise.organisations.rights import label_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of

MAIL = "access.answer"
TOLD = ("access.granted", "access.declined")


def tell(by: Actor, event: Event) -> None:
    """A subscriber: run again, the outbox knows that this event was told to this person. Who answered the own request
    knows already."""
    assert event.subject is not None
    asked = AccessRequest.objects.select_related("membership").filter(id=event.subject, portal=by.in_portal).first()
    if asked is None or asked.membership.account_id == event.account:
        return
    portal = Portal.objects.get(id=by.in_portal)
    reader = reader_of(by, asked.membership.account_id, organisation=asked.organisation, portal=portal)
    if reader is None:
        return
    letter = partial(_letter, asked, portal, given=event.kind == "access.granted")
    letters.tell(event, reader, letter, portal=portal, kind=MAIL, secret=True)  # it names a colleague


def _letter(asked: AccessRequest, portal: Portal, *, given: bool) -> Letter:
    company = Organisation.objects.get(id=asked.organisation)
    said = {"right": label_of(asked.right), "company": company.name}
    if given:
        subject, line = _("You have the right: %(right)s"), _("You may do this at %(company)s from now on.")
    else:
        subject, line = (
            _("Not given: %(right)s"),
            _("At %(company)s you were not given the right that you asked for."),
        )
    page = (given and asked.page) or reverse("access:mine")
    return Letter(
        subject=subject % said,
        title=str(said["right"]),
        lines=(line % said, *_by_whom(asked)),
        quote="" if given else asked.answer,
        link=address_at(host_of(portal), page),
        link_label=_("Go on where you were") if given and asked.page else _("What may I do?"),
    )


def _by_whom(asked: AccessRequest) -> list[str]:
    name = names_in(asked.organisation, [asked.decided_by]).get(asked.decided_by or 0)
    return [_("%(name)s answered your request.") % {"name": name}] if name else []
