from django import template

from remise.portals import desks
from remise.portals.desks import Desk
from remise.portals.models import Portal

register = template.Library()


@register.filter
def fours(letters: str) -> str:
    """ "ABCDEFGH" as "ABCD EFGH": what is typed over is read in groups."""
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


@register.simple_tag
def sign_in_desk(portal: Portal) -> Desk:
    """Whom to call who does not get in."""
    return desks.sign_in_desk(portal)
