"""Letting go of remarks that were dealt with long enough ago (`rules` says when)."""

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.help.models import Comment
from remise.help.rules import REMARKS_KEPT


def forget_old(system: Actor) -> None:
    """In one statement; done again it finds less."""
    with enter(system.scope):
        Comment.objects.filter(portal=system.in_portal, settled_at__lt=clock.now(system) - REMARKS_KEPT).delete()
