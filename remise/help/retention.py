"""Letting go of remarks that were dealt with long enough ago."""

from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.scope import enter
from remise.help.models import Comment
from remise.portals import holds, retention
from remise.portals.retention import Category

REMARKS = Category(
    "help.remarks",
    label=_("Remarks about the help"),
    lets_go=_("What a reader wrote, after it was dealt with. Nobody is named in it."),
    days=366,
    source=_("Our own policy: long enough to see whether the remark comes back"),
)


def forget_old(system: Actor) -> None:
    """In one statement; done again it finds less."""
    with enter(system.scope):
        before = clock.now(system) - retention.kept(system, REMARKS)
        old = Comment.objects.filter(portal=system.in_portal, settled_at__lt=before)
        # A remark is nobody's: what is held is what somebody of the insurer did with it.
        held = holds.held(system).rows(company="", accounts=("settled_by",))
        left = old.filter(held).count()
        gone, _each = old.exclude(held).delete()
        retention.note(system, REMARKS, gone=gone, held=left)
