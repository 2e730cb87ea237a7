"""Vehicles by their plate, for who does not know our numbers."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import IdentifierError, Plate
from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.policies.models import Policy


def items_on(policy: Policy, plates: Sequence[str]) -> list[int]:
    """The items of these plates, each once. Raises NotVisible unless all were ever on this policy."""
    wanted = {_read(text).value for text in plates}
    found = items_by_plate(policy, wanted)
    if len(found) != len(wanted):
        raise NotVisible(_("One of these vehicles is not on this policy."))
    return list(found.values())


def items_by_plate(policy: Policy, plates: Collection[str]) -> dict[str, int]:
    """Of those that were ever on this policy, in the order of their plates."""
    found = Item.objects.filter(
        organisation=policy.organisation, policy=policy.id, kind=RegistrationVersion.KIND, key__in=plates
    )
    return dict(found.order_by("key").values_list("key", "id"))


def _read(text: str) -> Plate:
    try:
        return Plate.parse(text)
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="plates") from error
