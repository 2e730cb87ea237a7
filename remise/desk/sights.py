"""How a request is called on the page that tells a company who looked at what."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.scope import ActorKind
from remise.desk.selectors import lines_of
from remise.organisations.looking.selectors import Purpose, Sight, Thing


def _describe(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    found = lines_of(by, numbers) if by.kind is ActorKind.MEMBER else []
    return {line.request.id: Thing(line.called, reverse("desk:request", args=[line.request.id])) for line in found}


PURPOSE = Purpose("request", lambda _by, numbers: dict.fromkeys(numbers, _("To answer your request")))
LIST = Sight(
    "requests",
    lambda: _("The list of requests"),
    lambda _by, numbers: dict.fromkeys(numbers, Thing(_("The list of requests"), reverse("desk:requests"))),
)
SIGHT = Sight("request", lambda: _("A request to the insurer's desk"), _describe)
