"""Following every change of a company."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Router, Schema

from remise.core import feed, paging
from remise.core.schemas import Call, Cursor
from remise.organisations.names import doers

router = Router(tags=[_("events")])


class ChangeShown(Schema):
    id: int
    kind: str = Field(
        description=_("Stable. New kinds come: skip what you do not know."), examples=["vehicle.registered"]
    )
    at: datetime = Field(description=_("When it happened, by the portal's clock."))
    by: str = Field(description=_("Who did it, as this company may know it."), examples=["Sanne de Wit"])
    via: str = Field(description=_("page, api, import, job or command"), examples=["page"])
    key: int | None = Field(description=_("The key of the program that did it."))
    data: dict[str, Any] = Field(
        description=_("By kind: one of the shapes below, each of which names its kinds. Fields are only ever added."),
        examples=[{"plate": "GHK12L", "policy": "40.123456", "receipt": "2026-004312", "starts": "2026-11-22"}],
    )


class Feed(Schema):
    events: list[ChangeShown]
    after: str = Field(description=_("Keep it, and send it with the next call: also when there was nothing new."))
    more: bool = Field(description=_("There is more: call again at once."))


@router.get(
    "/events",
    response=Feed,
    url_name="events",
    summary=_("Follow what changes"),
    description=_(
        "Every change that your rights let you see, in the order in which it came to stand, from"
        " the first one on. Nothing comes in before a place that you have passed, and nothing is"
        " left out: a change of this moment may come a moment later. Events are kept for as long as"
        " the company is a customer here."
    ),
)
def events(request: Call, after: Cursor = "") -> dict[str, Any]:
    page, place = feed.changes(request.actor, after=paging.opened(after, feed.AS_COMMITTED))
    who = doers(request.actor, [(change.event.account, change.event.by_system) for change in page.rows])
    return {
        "events": [_shown(change, name) for change, name in zip(page.rows, who, strict=True)],
        "after": paging.sealed(place) or "",
        "more": page.older is not None,
    }


def _shown(change: feed.Change, by: str) -> dict[str, Any]:
    event = change.event
    same = {name: getattr(event, name) for name in ("id", "kind", "at", "via")}
    return same | {"by": by, "key": event.token, "data": change.data}
