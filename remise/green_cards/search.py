"""Green cards by their number."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.search.kinds import Found, Hit, SearchKind, serial
from remise.green_cards.access import SEEING
from remise.green_cards.models import DIGITS, GreenCard
from remise.green_cards.sights import CARD
from remise.ui.formats import day


def _cards(_by: Actor, found: Sequence[Found]) -> Mapping[int, Hit]:
    known = GreenCard.objects.filter(
        id__in=[one.subject for one in found], organisation__in={one.organisation for one in found}
    )
    return {one.id: Hit(one.number, reverse("green_cards:card", args=[one.id]), _said(one)) for one in known}


def _said(card: GreenCard) -> str:
    until = _("void") if card.voided_at else _("until %(day)s") % {"day": day(card.valid_to)}
    return f"{Plate(card.plate).formatted} · {until}"


KIND = SearchKind(
    "card",
    gettext_lazy("Green cards"),
    "file-certificate",
    SEEING,
    _cards,
    serial(DIGITS),
    order=25,
    sight=CARD.kind,
)
