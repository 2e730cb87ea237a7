"""Letting go of whom an invitation was for and what was said about rights."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.organisations.models import NO_ANSWER, AccessRequest, Invitation
from remise.portals import holds, retention
from remise.portals.retention import Category

# Needed while somebody waits, and a while to look back at (docs/adr/0020).
INVITED = Category(
    "organisations.invitations",
    label=_("Whom an invitation was for"),
    lets_go=_(
        "Name and address of who was invited, after the invitation is over. Its number, rights and moments stay."
    ),
    days=90,
    source=_("Our own policy: a quarter to look back at"),
    least=30,
    why_least=_("An invitation that expired can be sent again for a while."),
)
ASKED = Category(
    "organisations.asked",
    label=_("Why a right was asked for"),
    lets_go=_("What was written with the question and the answer. That it was asked and answered stays."),
    days=90,
    source=_("Our own policy: a quarter to look back at"),
)


def forget_old(by: Actor) -> None:
    """In one transaction; done again it finds less."""
    with enter(by.scope):
        held = holds.held(by)
        _forget_invited(by, held.rows(accounts=("invited_by", "membership__account")))
        _forget_words(by, held.rows(accounts=("decided_by", "membership__account")))


def _forget_invited(by: Actor, held: Q) -> None:
    """One that expired so long ago is over too."""
    now = timezone.now()
    before = now - retention.kept(by, INVITED)
    over = Q(accepted_at__lt=before) | Q(declined_at__lt=before) | Q(withdrawn_at__lt=before)
    found = Invitation.objects.filter(over | NO_ANSWER & Q(expires_at__lt=before), portal=by.in_portal)
    old = found.exclude(email="")
    left, go = old.filter(held).count(), old.exclude(held)
    gone = go.filter(NO_ANSWER).update(withdrawn_at=now, email="", display_name="")
    gone += go.update(email="", display_name="")
    retention.note(by, INVITED, gone=gone, held=left)


def _forget_words(by: Actor, held: Q) -> None:
    before = clock.now(by) - retention.kept(by, ASKED)
    old = AccessRequest.objects.filter(portal=by.in_portal, decided_at__lt=before).exclude(why="", answer="")
    left = old.filter(held).count()
    retention.note(by, ASKED, gone=old.exclude(held).update(why="", answer=""), held=left)
