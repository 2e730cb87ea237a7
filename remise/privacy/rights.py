from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.rights import RightLabel, StaffRight
from remise.core.scope import ActorKind

COMMAND = "privacy.command"  # the name under which the command acts on the server; the doors write it too


class PrivacyRight(StaffRight):
    MANAGE = "privacy.manage"


LABELS = (
    RightLabel(
        PrivacyRight.MANAGE,
        _("Decide how long data is kept"),
        _("Lay down for how long each kind of data is kept, and hold what a court or a dispute asks for."),
    ),
)


def require(by: Actor) -> None:
    """Raise unless this is staff with the right; customers meet no such page."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    decision = can(by, PrivacyRight.MANAGE)
    if not decision:
        raise Forbidden(decision)
