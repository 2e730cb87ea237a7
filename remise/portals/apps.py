from collections.abc import Iterable
from datetime import timedelta

from django.apps import AppConfig


class Portals(AppConfig):
    name = "remise.portals"

    def ready(self) -> None:
        from remise.core import jobs

        jobs.clock_of_portal = clock_of_portal
        jobs.all_portals = all_portals


def clock_of_portal(portal: int) -> timedelta:
    """How far a portal's business clock runs from real time: what a job acts by."""
    from remise.portals.models import Portal

    return Portal.objects.values_list("clock_offset", flat=True).get(id=portal)


def all_portals() -> Iterable[int]:
    from remise.portals.models import Portal

    return list(Portal.objects.order_by("id").values_list("id", flat=True))
