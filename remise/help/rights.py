from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.rights import RightLabel, StaffRight
from remise.core.scope import ActorKind


class HelpRight(StaffRight):
    VIEW = "help.view"
    EDIT = "help.edit"


LABELS = (
    RightLabel(
        HelpRight.VIEW,
        _("See what readers say of the help"),
        _("See which articles help, which do not, and what readers miss."),
    ),
    RightLabel(
        HelpRight.EDIT,
        _("Deal with what readers say"),
        _("Mark a remark about the help as dealt with."),
        needs=(HelpRight.VIEW,),
    ),
)


def require(by: Actor, right: HelpRight) -> None:
    """Raise unless this is staff with the right; customers meet no such page."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    decision = can(by, right)
    if not decision:
        raise Forbidden(decision)
