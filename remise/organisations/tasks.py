"""What is let go of by itself, and what is told to who was let in again or signed out."""

from datetime import UTC, datetime

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from remise.accounts.lost_phone import stop_path
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.jobs import daily, job
from remise.organisations import retention
from remise.organisations.models import Invitation, Organisation
from remise.organisations.selectors import memberships_of
from remise.portals.languages import spoken
from remise.portals.models import Portal
from remise.portals.requests import host_of


@daily("organisations.forget", label=_("Let go of who was invited and what was said about rights long ago"))
def forget(by: Actor) -> None:
    retention.forget_old(by)


@job("organisations.tell_person", label=_("Tell somebody what was done about signing in"))
def tell_person(by: Actor, *, account: int, what: str, lost: int = 0, due: int = 0) -> None:
    """By mail, in the person's own language: who helped does not read the address. `lost` is the number of the lost
    phone, for the link that stops it, and `due` the second in which the app goes."""
    said: dict[str, object] = {"sign_in_url": reverse("account_login")}
    if lost:
        said |= {"stop_url": stop_path(lost), "due": datetime.fromtimestamp(due, UTC)}
    _mail(by, account, f"account/email/{what}", said)


@job("organisations.tell_inviter", label=_("Tell who invited somebody that another address accepted"))
def tell_inviter(by: Actor, *, invitation: int) -> None:
    """Who invited knows whether the other address is the same person's; the insurer's people where they invited."""
    asked = Invitation.objects.select_related("membership").filter(id=invitation, portal=by.in_portal).first()
    joined = asked.membership if asked else None
    if asked is None or joined is None:
        return
    works = [
        own for own in memberships_of(asked.invited_by) if own.is_insurer or own.organisation == joined.organisation
    ]
    accepted = rows("select address from mailbox_of(%s)", joined.account_id)
    if not works or not accepted:
        return
    said: dict[str, object] = {
        "name": joined.display_name,
        "company": Organisation.objects.get(id=joined.organisation).name,
        "invited": asked.email,
        "accepted": accepted[0][0],
    }
    if not works[0].is_insurer:
        said["person_url"] = reverse("organisations:person", args=[joined.id])
    _mail(by, asked.invited_by, "organisations/email/accepted_elsewhere", said)


def _mail(by: Actor, account: int, template: str, said: dict[str, object]) -> None:
    """To one of those who work for a company of this portal; to nobody who does so no more. No page sends it: who
    never chose a language reads the portal's own."""
    for (address,) in rows("select address from mailbox_of(%s)", account):
        request = HttpRequest()
        portal = Portal.objects.get(id=by.in_portal)
        request.portal, request.portal_host = portal, host_of(portal)  # type: ignore[attr-defined]
        with context.request_context(request), translation.override(spoken(portal)[0]):
            get_adapter(request).send_mail(template, address, said)
