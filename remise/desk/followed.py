"""What a program may follow of the desk: what became of the requests that it may see. Nobody's words are in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Event
from remise.desk.data import read
from remise.desk.kinds import kinds
from remise.desk.models import DeskRequest
from remise.desk.selectors import visible_requests

KINDS = frozenset(
    f"request.{word}"
    for word in (
        *("opened", "taken", "given_back", "asked", "answered"),
        *("accepted", "refused", "withdrawn", "settled", "forgotten"),
    )
)
VEHICLE = "registration"  # what most requests are about


class RequestChange(Schema):
    """A request of the insurer's desk. What was asked and answered stands at /requests/{request}."""

    request: int
    request_kind: str = Field(examples=["late_registration"])
    vehicle: int | None = Field(description=_("Null where it is about no vehicle on a policy yet."))
    plate: str | None = Field(description=_("Null once its words are no longer kept."), examples=["GHK12L"])
    plate_formatted: str | None = Field(examples=["GHK-12-L"])
    branch: int | None
    due_at: datetime = Field(description=_("Until when the desk promised an answer."))
    entry: int | None = Field(description=_("The receipt of what was done: /receipts/{entry}."))


def tell(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    asked = {event.subject for event in events if event.subject is not None}
    found = {request.id: _told(request) for request in visible_requests(by).filter(id__in=asked)} if asked else {}
    return {event.id: found[event.subject] for event in events if event.subject in found}


def _told(request: DeskRequest) -> Mapping[str, Any]:
    kind = kinds[request.kind]
    data: Any = None if request.forgotten_at else read(kind.schema, request.data)
    plate = kind.plate(data) if data is not None else ""
    return {
        "request": request.id,
        "request_kind": kind.outward,
        "vehicle": request.subject if request.subject_kind == VEHICLE else None,
        "plate": plate or None,
        "plate_formatted": Plate(plate).formatted if plate else None,
        "branch": request.branch,
        "due_at": request.due_at.isoformat(),
        "entry": request.entry,
    }
