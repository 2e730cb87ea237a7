"""What a program reads of notices, and may follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Event, Item
from remise.core.schemas import Day, PlateShown
from remise.fleet.selectors.branches import branches_of_items, may_see
from remise.notices.models import Notice

CHANGES = frozenset({"notice.accepted", "notice.rejected"})
NoticeKind = Literal["start", "end", "correct", "annul"]
NoticeState = Literal["pending", "going", "sent", "accepted", "rejected"]


class NoticeShown(Schema):
    """One thing that the state register is told of the cover of a vehicle."""

    id: int
    kind: NoticeKind = Field(
        description=_("start or end of cover, a correction of what the register knows, or the annulment of a cover")
    )
    starts: Day = Field(description=_("First day of the cover that it is about."))
    ends: Day | None = Field(description=_("The first day without cover."))
    state: NoticeState = Field(
        description=_("pending and going: still to be told; sent: told, and not answered yet; accepted; rejected")
    )
    due_on: Day = Field(description=_("The last day on which it is in time by law."))
    sent_at: datetime | None
    answered_at: datetime | None
    code: str = Field(description=_("Why it was rejected, in one word; empty where it was not."))


class NoticeChange(PlateShown):
    """The state register answered. A rejected notice is put right by the insurer's desk."""

    notice: int
    notice_kind: NoticeKind
    vehicle: int
    branch: int | None
    code: str = Field(description=_("Why it was rejected, in one word; empty where it was not."))


def shown(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    same = ("id", "kind", "starts", "ends", "state", "due_on", "sent_at", "answered_at")
    return [
        {name: getattr(one, name) for name in same} | {"code": one.code if one.state == Notice.State.REJECTED else ""}
        for one in notices
    ]


def tell(by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """Of vehicles in the branches that this actor sees; as many queries for many as for one policy."""
    items = Item.objects.in_bulk({event.said["item"] for event in events if event.said.get("item")})
    branch_of = branches_of_items(items.values())
    told: dict[int, Mapping[str, Any]] = {}
    for event in events:
        item = items.get(event.said.get("item") or 0)
        if item is None or not may_see(by, branch := branch_of.get(item.id)):
            continue
        plate = Plate(item.key)
        told[event.id] = {
            "notice": event.subject,
            "notice_kind": event.said["kind"],
            "vehicle": item.id,
            "plate": plate.value,
            "plate_formatted": plate.formatted,
            "branch": branch,
            "code": event.said["code"] if event.kind == "notice.rejected" else "",
        }
    return told
