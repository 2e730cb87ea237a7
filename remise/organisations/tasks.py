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
from remise.portals.languages import spoken
from remise.portals.models import Portal
from remise.portals.requests import host_of


@daily("organisations.forget", label=_("Let go of who was invited and what was said about rights long ago"))
def forget(by: Actor) -> None:
    retention.forget_old(by)


@job("organisations.tell_person", label=_("Tell somebody what was done about signing in"))
def tell_person(by: Actor, *, account: int, what: str, lost: int = 0, due: int = 0) -> None:
    """By mail, in the person's own language: who helped does not read the address. `lost` is the number of the lost
    phone, for the link that stops it, and `due` the second in which the app goes. Who works here no more is
    told nothing."""
    said: dict[str, object] = {"sign_in_url": reverse("account_login")}
    if lost:
        said |= {"stop_url": stop_path(lost), "due": datetime.fromtimestamp(due, UTC)}
    for (address,) in rows("select address from mailbox_of(%s)", account):
        request = HttpRequest()
        portal = Portal.objects.get(id=by.in_portal)
        request.portal, request.portal_host = portal, host_of(portal)  # type: ignore[attr-defined]
        # No page sends it: who never chose a language reads the portal's own.
        with context.request_context(request), translation.override(spoken(portal)[0]):
            get_adapter(request).send_mail(f"account/email/{what}", address, said)
