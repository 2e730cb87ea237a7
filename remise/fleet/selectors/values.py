"""What is known of a vehicle's catalogue value, to hold another one against."""

from remise.fleet.models import RegistrationVersion
from remise.fleet.rules import KnownOfValue
from remise.vehicles.models import Vehicle


def known_of_value(organisation: int, item: int, plate: str) -> KnownOfValue:
    versions = RegistrationVersion.objects.filter(organisation=organisation, item=item).known()
    held = versions.exclude(value=None).order_by("-starts").values_list("value", flat=True).first()
    register = Vehicle.objects.known().filter(plate=plate).first()
    if register is None:
        return KnownOfValue(held, "", None)
    return KnownOfValue(held or register.sure_value, register.kind, register.first_admitted_on)
