"""What of a company waits at the desk, on the page that the insurer's people see of it."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor, can
from remise.core.identifiers import Plate
from remise.core.search.kinds import Hit, Part
from remise.desk.kinds import kinds
from remise.desk.models import DeskRequest
from remise.desk.queue import lines_at_desk
from remise.desk.rights import DeskRight

MOST = 20


def _lines(by: Actor, company: int) -> Sequence[Hit]:
    if not can(by, DeskRight.VIEW):
        return []
    known = DeskRequest.objects.filter(organisation=company, kind__in=[kind.name for kind in kinds])
    waiting = known.filter(state__in=DeskRequest.OPEN).order_by("due_at", "id")
    return [
        Hit(
            str(line.label),
            reverse("desk:case", args=[line.request.id]),
            " · ".join(filter(None, [Plate(line.plate).formatted if line.plate else "", str(line.title)])),
            of_the_insurer=True,
        )
        for line in lines_at_desk(by, waiting[:MOST])
    ]


PART = Part("requests", _("Open requests"), "clipboard", _lines, order=30)
