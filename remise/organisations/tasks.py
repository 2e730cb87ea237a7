"""What is let go of by itself."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.core.scope import enter
from remise.organisations.invitations.rules import KEPT
from remise.organisations.models import NO_ANSWER, Invitation


@daily("organisations.forget_invited", label=_("Let go of who was invited long ago"))
def forget_invited(by: Actor) -> None:
    """Whom an invitation was for is needed while it is waited for and a while to look back at. One that expired so
    long ago is over too."""
    now = timezone.now()
    before = now - KEPT
    with enter(by.scope):
        here = Invitation.objects.filter(portal=by.in_portal)
        here.filter(NO_ANSWER, expires_at__lt=before).update(withdrawn_at=now, email="", display_name="")
        over = Q(accepted_at__lt=before) | Q(declined_at__lt=before) | Q(withdrawn_at__lt=before)
        here.filter(over).exclude(email="").update(email="", display_name="")
