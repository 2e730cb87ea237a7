"""What is known of a vehicle's catalogue value, to hold another one against."""

from datetime import date
from decimal import Decimal

from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.fleet.rules import value_likely
from remise.vehicles.models import Vehicle


def value_not_doubted(item: Item, value: Decimal, *, on: date) -> None:
    """Raises DoubtfulValue, for the desk as for the customer."""
    versions = RegistrationVersion.objects.filter(organisation=item.organisation, item=item).known()
    held = versions.exclude(value=None).order_by("-starts").values_list("value", flat=True).first()
    register = Vehicle.objects.known().filter(plate=item.key).first()
    value_likely(
        value,
        known=held or (register.sure_value if register else None),
        kind=register.kind if register else "",
        first_admitted_on=register.first_admitted_on if register else None,
        on=on,
    )
