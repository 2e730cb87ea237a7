"""How a vehicle and the stock are called on the page that tells a company who looked at what."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from remise.core.actor import Actor, holds_anywhere
from remise.core.identifiers import Plate
from remise.core.models import Entry, Item
from remise.fleet.documents import OPENED_BY
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.looking.selectors import Sight, Thing


def _vehicles(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    """By its plate; whether the reader may open it, its page decides."""
    if not holds_anywhere(by, FleetRight.VIEW):
        return {}
    found = Item.objects.filter(organisation=by.company, id__in=set(numbers)).values_list("id", "key")
    return {item: Thing(Plate(plate).formatted, reverse("fleet:vehicle", args=[item])) for item, plate in found}


def _stock(_by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    return dict.fromkeys(numbers, Thing(_("The list of vehicles"), reverse("fleet:stock")))


def _receipts(by: Actor, numbers: Iterable[int]) -> dict[int, Thing]:
    """By number; whether the reader may open it, its page decides."""
    if not any(holds_anywhere(by, right) for right in OPENED_BY):
        return {}
    kept = Entry.objects.filter(
        organisation=by.company, id__in=set(numbers), item__kind=RegistrationVersion.KIND
    ).select_related("item")
    return {one.id: Thing(one.receipt, reverse("fleet:receipt", args=[one.id])) for one in kept}


SIGHTS = (
    Sight("registration", lambda: _("A vehicle"), _vehicles),
    Sight("receipt", lambda: _("A receipt"), _receipts),
    Sight("stock", lambda: _("The list of vehicles"), _stock),
)
