"""What an office looked at a client's for: a mandate's purpose, in the words of who gave it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.mandates.models import Mandate
from remise.organisations.looking.of_office import AS_INTERMEDIARY, BY_MANDATE
from remise.organisations.looking.selectors import Purpose


def _mandated(by: Actor, numbers: Iterable[int]) -> dict[int, str]:
    """What each of these of the own company was given for."""
    return dict(Mandate.objects.filter(organisation=by.company, id__in=set(numbers)).values_list("id", "purpose"))


PURPOSES = (
    Purpose(BY_MANDATE, _mandated),
    Purpose(AS_INTERMEDIARY, lambda _by, numbers: dict.fromkeys(numbers, _("As your intermediary"))),
)
