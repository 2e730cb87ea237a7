"""Who invited somebody reads by mail that another address accepted: the link was passed on, or the person has two
mailboxes. Who invited knows which."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.models import Event
from remise.messages import letters
from remise.messages.letters import Letter
from remise.organisations.models import Invitation, Membership, Organisation
from remise.organisations.readers import Reader, reader_of
from remise.organisations.selectors import memberships_of
from remise.portals.models import Portal
from remise.portals.requests import address_at, host_of

MAIL = "invitation.accepted_elsewhere"
BEGAN = "membership.began"


def is_by_invitation(said: Mapping[str, Any]) -> bool:
    """People come in other ways too."""
    return "invitation" in said


def tell(by: Actor, event: Event) -> None:
    """A subscriber. Who invited and works here no more is told nothing, and nothing of who closed the account."""
    invitations = Invitation.objects.select_related("membership").filter(portal=by.in_portal)
    asked = invitations.filter(id=event.said["invitation"]).first()
    joined = asked.membership if asked else None
    accepted = rows("select address from mailbox_of(%s)", joined.account_id) if joined else []
    if asked is None or joined is None or not accepted or accepted[0][0].lower() == asked.email.lower():
        return
    portal = Portal.objects.get(id=by.in_portal)
    reader = _who_invited(by, asked, portal)
    if reader is None:
        return
    letter = partial(_letter, reader, asked, joined, accepted[0][0], portal)
    letters.tell(event, reader, letter, portal=portal, kind=MAIL, secret=True)  # it names a colleague


def _who_invited(by: Actor, asked: Invitation, portal: Portal) -> Reader | None:
    """A colleague, or one of the insurer's people."""
    works = memberships_of(asked.invited_by)
    here = next((own for own in works if own.organisation == asked.organisation or own.is_insurer), None)
    return reader_of(by, asked.invited_by, organisation=here.organisation, portal=portal) if here else None


def _letter(reader: Reader, asked: Invitation, joined: Membership, accepted: str, portal: Portal) -> Letter:
    said = {
        "name": joined.display_name,
        "company": Organisation.objects.get(id=asked.organisation).name,
        "invited": asked.email,
        "accepted": accepted,
    }
    is_colleague = reader.actor.organisation == asked.organisation
    page = address_at(host_of(portal), reverse("organisations:person", args=[joined.id]))
    return Letter(
        subject=_("%(name)s accepted with another address") % said,
        title=_("%(name)s accepted with another address") % said,
        lines=(
            _(
                "You invited %(invited)s to work with %(company)s. The invitation was accepted with the account"
                " %(accepted)s."
            )
            % said,
            _(
                "Is that the same person? Then you need not do anything. If not, end their work: somebody else read"
                " the mail."
            ),
        ),
        link=page if is_colleague else "",
        link_label=_("Look at %(name)s") % said if is_colleague else "",
    )
