"""What the register said of clients' vehicles, and still waits for somebody."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from remise.core.clients import ClientTasks, Deed, Waiting
from remise.fleet.models import Finding
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import Only


def waiting() -> Iterator[Waiting]:
    yield Waiting([FleetRight.VIEW], Finding.objects.filter(settled_at=None))


def words(count: int) -> str:
    return ngettext("%(count)s vehicle needs a look", "%(count)s vehicles need a look", count) % {"count": count}


def url() -> str:
    return f"{reverse('fleet:stock')}?only={Only.FINDING}"


FINDINGS = ClientTasks("findings", _("Vehicles that need a look"), words, url, waiting)
DEEDS = (
    Deed("vehicle.registered", _("Registered a vehicle")),
    Deed("vehicle.deregistered", _("Deregistered a vehicle")),
    Deed("vehicle.corrected", _("Undid an entry")),
    Deed("vehicles.exported", _("Exported the vehicles")),
)
