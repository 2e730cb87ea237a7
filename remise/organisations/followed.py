"""What a program may follow of the company itself: who works there with which rights, and which keys there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.models import Event

PEOPLE = frozenset(
    {"right.granted", "right.revoked", "people.exported"}
    | {"membership.began", "membership.added", "membership.changed", "membership.ended", "membership.erased"}
    | {"membership.parted", "membership.joined", "access.previewed"}
    | {"membership.unblocked", "membership.phone_lost", "membership.signed_out"}
    | {"token.made", "token.revoked"}
)


class PeopleChange(Schema):
    """About a colleague, a key, or (an export of people and rights) the company."""

    membership: int | None = None
    token: int | None = None
    company: int | None = None
    right: str | None = Field(None, examples=["vehicles.register"])
    branch: int | None = Field(None, description=_("Null = in every branch."))


def tell(_by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    """Ids and the right: nothing else is in these events."""
    return {event.id: {event.subject_kind or "company": event.subject, **_right(event)} for event in events}


def _right(event: Event) -> dict[str, Any]:
    return {name: event.said[name] for name in ("right", "branch") if name in event.said}
