"""How the cards are called on the page that tells a company who looked at what."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.green_cards.access import may_see
from remise.green_cards.models import GreenCard
from remise.green_cards.printing import SUBJECT, title_of
from remise.organisations.looking.selectors import Sight, Thing


def _list(_by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    return dict.fromkeys(numbers, Thing(_("The list of green cards"), reverse("green_cards:overview")))


def _cards(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    """By number, where the reader sees its branch."""
    found = GreenCard.objects.filter(organisation=by.company, id__in=set(numbers))
    seen = (one for one in found if may_see(by, one.branch_id))
    return {one.id: Thing(title_of(one), reverse("green_cards:card", args=[one.id])) for one in seen}


LIST = Sight("cards", lambda: _("The list of green cards"), _list)
CARD = Sight(SUBJECT, lambda: _("A green card"), _cards)
