"""How the company is called on the page that tells it who looked at what."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.organisations.looking.selectors import Sight, Thing


def _company(_by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    return dict.fromkeys(numbers, Thing(_("What the insurer knows of your company")))


COMPANY = Sight("company", lambda: _("What the insurer knows of your company"), _company)
