"""How a notice is called on the page that tells a company who looked at what."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor, holds_anywhere
from remise.core.identifiers import Plate
from remise.fleet.rights import FleetRight
from remise.notices.models import Notice
from remise.organisations.looking.selectors import Sight, Thing


def _notices(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    """By the plate, where the reader sees vehicles; whether the vehicle may be opened, its page decides."""
    if not holds_anywhere(by, FleetRight.VIEW):
        return {}
    found = Notice.objects.filter(organisation=by.company, id__in=set(numbers)).exclude(item=None)
    words = _("What the register was told of %(plate)s")
    return {
        one.id: Thing(words % {"plate": Plate(one.plate).formatted}, reverse("fleet:vehicle", args=[one.item_id]))
        for one in found
    }


NOTICE = Sight("notice", lambda: _("A notice to the state register"), _notices)
