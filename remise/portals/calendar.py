"""When the desk of a portal works."""

from remise.core.opening import Week
from remise.portals.models import Portal


def desk_week(portal: int) -> Week:
    return Portal.objects.only("desk_week").get(id=portal).week
