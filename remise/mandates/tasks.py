"""What the calendar does, and what is let go of."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.core.scope import enter
from remise.mandates import calendar
from remise.mandates.models import NO_ANSWER, Mandate
from remise.mandates.rules import OFFERED
from remise.portals import holds, retention


@daily("mandates.settle", label=_("See which mandates began or ended by the calendar, and which end soon"))
def settle(by: Actor) -> None:
    with enter(by.scope):
        calendar.follow(by)


@daily("mandates.forget", label=_("Let go of the mailboxes that mandates were offered to long ago"))
def forget(by: Actor) -> None:
    """Whose mandate it is stands in the office's name; an offer that nobody took on for so long is over too."""
    now = timezone.now()
    with enter(by.scope):
        days = retention.kept(by, OFFERED)
        before = now - days
        held = holds.held(by).rows(accounts=("given_by", "accepted_by", "ended_by"))
        everything = Mandate.objects.filter(portal=by.in_portal)
        here = everything.exclude(held)
        here.filter(NO_ANSWER, expires_at__lt=before).update(withdrawn_at=now)
        over = Q(accepted_at__lt=clock.now(by) - days) | Q(declined_at__lt=before) | Q(withdrawn_at__lt=before)
        gone = here.filter(over | Q(withdrawn_at=now), by_mail=True).exclude(addressed_to="")
        left = everything.filter(held).filter(over, by_mail=True).exclude(addressed_to="").count()
        retention.note(by, OFFERED, gone=gone.update(addressed_to=""), held=left)
