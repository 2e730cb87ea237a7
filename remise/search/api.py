"""The search box for programs."""

from typing import Annotated

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Schema

from remise.core.schemas import Call, Words
from remise.core.search.words import SHORTEST
from remise.search.selectors import LONGEST, search

router = Router(tags=[_("search")])


class HitShown(Schema):
    id: int = Field(description=_("Of the thing: with its kind, the number in the address of its operation."))
    title: str = Field(examples=["GHK-12-L"])
    detail: str
    url: str = Field(description=_("Its page in the portal."), examples=["/vehicles/12"])


class Hits(Schema):
    kind: str = Field(description=_("`plate`, `policy`, `card`, `receipt`, `party` and others."), examples=["plate"])
    label: Words
    hits: list[HitShown]
    more: bool = Field(description=_("There may be more than these: type more of it."))


@router.get(
    "/search",
    response=list[Hits],
    url_name="search",
    summary=_("Find by a number or a name"),
    description=_(
        "Plates, chassis numbers, policies, cards, receipts, drivers and branches that this key may open, by what"
        " they begin with, written in any way; of chassis numbers, receipts and cards by the whole number."
    ),
)
def find(
    request: Call, q: Annotated[str, Query(min_length=SHORTEST, max_length=LONGEST, examples=["ghk-12"])]
) -> list[dict[str, object]]:
    found = search(request.actor, q, also_elsewhere=False)
    return [
        {
            "kind": group.kind.name,
            "label": group.kind.label,
            "hits": [
                {"id": line.subject, "title": line.hit.title, "detail": line.hit.detail, "url": line.url}
                for line in group.lines
            ],
            "more": group.is_cut,
        }
        for group in found.groups
    ]
