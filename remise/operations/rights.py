from django.utils.translation import gettext_lazy as _

from remise.core import rights
from remise.core.actor import RIGHTS_OF_JOBS, Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.rights import RightLabel, StaffRight
from remise.core.scope import ActorKind

COMMAND = "operations.command"  # the name under which the command acts on the server


class OperationsRight(StaffRight):
    VIEW = "operations.view"
    MANAGE = "operations.manage"


LABELS = (
    RightLabel(
        OperationsRight.VIEW,
        _("See background work"),
        _("See whether mails, files and documents are made and sent, and what went wrong."),
    ),
    RightLabel(
        OperationsRight.MANAGE,
        _("Repair background work"),
        _("Have what gave up tried again, send a mail again that was not delivered, or let it go."),
        needs=(OperationsRight.VIEW,),
    ),
)
RIGHTS_OF_JOBS[COMMAND] = frozenset(OperationsRight)


def require(by: Actor, right: OperationsRight) -> None:
    """Raise unless this is staff with the right, or the system that holds it; customers meet no such page."""
    if by.kind is ActorKind.STAFF:
        decision = can(by, right)
        if not decision:
            raise Forbidden(decision)
    elif by.kind is not ActorKind.SYSTEM:
        raise NotVisible(_("There is no such page."))
    elif (right, None) not in by.grants:
        raise Forbidden(rights.missing(right))
