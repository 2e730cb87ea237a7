"""What the register said of clients' vehicles, and still waits for somebody."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from remise.core.clients import ClientTasks, Deed, Waiting
from remise.core.models import Item
from remise.fleet.findings import AT_DESK, BY_RADAR
from remise.fleet.models import Finding
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import Only


def waiting() -> Iterator[Waiting]:
    """Each vehicle once, as in the list that is opened."""
    found = Finding.objects.filter(settled_at=None, kind__in=AT_DESK)
    yield Waiting([FleetRight.VIEW], Item.objects.filter(id__in=found.values("item")))


def waiting_on_radar() -> Iterator[Waiting]:
    yield Waiting([FleetRight.VIEW], Finding.objects.filter(settled_at=None, kind__in=BY_RADAR))


def words(count: int) -> str:
    return ngettext("%(count)s vehicle needs a look", "%(count)s vehicles need a look", count) % {"count": count}


def words_of_radar(count: int) -> str:
    found = ngettext("%(count)s finding of the register radar", "%(count)s findings of the register radar", count)
    return found % {"count": count}


def url() -> str:
    return f"{reverse('fleet:stock')}?only={Only.AT_DESK}"


def radar_url() -> str:
    return reverse("fleet:radar")


FINDINGS = ClientTasks("findings", _("Vehicles that need a look"), words, url, waiting)
RADAR = ClientTasks("radar", _("Register radar"), words_of_radar, radar_url, waiting_on_radar)
DEEDS = (
    Deed("vehicle.registered", _("Registered a vehicle")),
    Deed("vehicle.deregistered", _("Deregistered a vehicle")),
    Deed("vehicle.corrected", _("Undid an entry")),
    Deed("vehicles.exported", _("Exported the vehicles")),
)
