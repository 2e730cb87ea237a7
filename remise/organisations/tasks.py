"""What is let go of by itself."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.core.scope import enter
from remise.organisations.invitations.rules import KEPT
from remise.organisations.models import NO_ANSWER, AccessRequest, Invitation


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
