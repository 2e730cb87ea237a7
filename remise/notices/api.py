"""Notices for programs: how the state register stands with a vehicle."""

from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Router

from remise.core.schemas import Call, asks
from remise.fleet.access import require_any
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.history import history
from remise.notices.described import NoticeShown, shown
from remise.notices.selectors import of_vehicle
from remise.organisations.requests import as_member

router = Router(tags=[_("vehicles")])


@router.get(
    "/vehicles/{int:item}/notices",
    response=list[NoticeShown],
    url_name="vehicle_notices",
    summary=_("What the state register was told of a vehicle"),
    description=_("The newest first. Empty where this product's vehicles are not told one by one."),
    openapi_extra=asks(FleetRight.VIEW),
)
def vehicle_notices(request: Call, item: int) -> list[dict[str, Any]]:
    require_any(as_member(request), FleetRight.VIEW)
    found = history(request.actor, item)
    return shown(of_vehicle(request.actor, found.item.id))
