"""What is let go of by itself, and what is mailed to a person whose address no colleague reads."""

from datetime import UTC, datetime

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from remise.accounts.lost_phone import stop_path
from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.jobs import daily, job
from remise.core.scope import enter
from remise.organisations.invitations.rules import KEPT
from remise.organisations.models import NO_ANSWER, AccessRequest, Invitation
from remise.portals.models import Portal
from remise.portals.requests import host_of
from remise.ui.formats import moment


@daily("organisations.forget", label=_("Let go of who was invited and what was said about rights long ago"))
def forget(by: Actor) -> None:
    """Whom an invitation was for, and why a right was asked for or not given, is needed while somebody waits and a
    while to look back at. An invitation that expired so long ago is over too."""
    now = timezone.now()
    before = now - KEPT
    with enter(by.scope):
        here = Invitation.objects.filter(portal=by.in_portal)
        here.filter(NO_ANSWER, expires_at__lt=before).update(withdrawn_at=now, email="", display_name="")
        over = Q(accepted_at__lt=before) | Q(declined_at__lt=before) | Q(withdrawn_at__lt=before)
        here.filter(over).exclude(email="").update(email="", display_name="")
        answered = AccessRequest.objects.filter(portal=by.in_portal, decided_at__lt=clock.now(by) - KEPT)
        answered.exclude(why="", answer="").update(why="", answer="")


@job("organisations.tell_person", label=_("Tell somebody who could not sign in what was done"))
def tell_person(by: Actor, *, account: int, what: str, lost: int = 0, due: int = 0) -> None:
    """By mail, in the person's own language: who helped does not read the address. `lost` is the number of the lost
    phone, for the link that stops it, and `due` the second in which the app goes."""
    for address, language in rows("select address, language from mailbox_of(%s)", account):
        request = HttpRequest()
        portal = Portal.objects.get(id=by.in_portal)
        request.portal, request.portal_host = portal, host_of(portal)  # type: ignore[attr-defined]
        with context.request_context(request), translation.override(language or portal.languages[0]):
            said = {"sign_in_url": reverse("account_login")}
            if lost:
                said |= {"stop_url": stop_path(lost), "due": moment(datetime.fromtimestamp(due, UTC))}
            get_adapter(request).send_mail(f"account/email/{what}", address, said)
