"""The register radar for programs: what was found, and that it is right."""

from typing import Annotated, Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Status

from remise.core import paging
from remise.core.paging import Order
from remise.core.schemas import Before, Call, Cursor, Listed, Sent, asks, listed
from remise.fleet import described as shown
from remise.fleet.access import require_any
from remise.fleet.described import FoundShown
from remise.fleet.findings import BY_RADAR
from remise.fleet.radar.actions import dismiss_finding
from remise.fleet.radar.selectors import open_of_radar, shown_of
from remise.fleet.rights import FleetRight
from remise.organisations.requests import as_member

router = Router(tags=[_("vehicles")])

BY_NUMBER = Order("id")
KINDS = "^(" + "|".join(BY_RADAR) + ")?$"


class Dismissal(Sent):
    reason: str = Field("", description=_("One of the `reasons` of the finding."), examples=["still_ours"])


@router.get(
    "/findings",
    response=Listed[FoundShown],
    url_name="findings",
    openapi_extra=asks(FleetRight.VIEW),
    summary=_("What the register radar found"),
    description=_("Vehicles of which the register says something else than the policy: those that are open."),
)
def findings(
    request: Call,
    kind: Annotated[str, Query(pattern=KINDS, description=_("Only this kind."))] = "",
    cursor: Cursor = "",
    before: Before = "",
) -> dict[str, Any]:
    require_any(as_member(request), FleetRight.VIEW)
    rows = open_of_radar(request.actor).select_related("item")
    chosen = rows.filter(kind=kind) if kind else rows
    after, ahead = (paging.opened(text, BY_NUMBER) for text in (cursor, before))
    page = paging.page(chosen, BY_NUMBER, after=after, before=ahead)
    return listed(page, [shown.found(one) for one in shown_of(request.actor, page.rows)])


@router.post(
    "/findings/{int:finding}/dismissal",
    response={204: None},
    url_name="dismiss_finding",
    openapi_extra=asks(FleetRight.DEREGISTER, FleetRight.REGISTER),
    summary=_("Say that a finding is right"),
    description=_("It is not found again unless the register says something else."),
)
def dismiss(request: Call, finding: int, sent: Dismissal) -> Status[None]:
    require_any(as_member(request), FleetRight.DEREGISTER, FleetRight.REGISTER)
    dismiss_finding(by=request.actor, finding=finding, reason=sent.reason)
    return Status(204, None)
