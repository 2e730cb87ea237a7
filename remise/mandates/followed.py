"""What a program may follow of a company's mandates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Schema

from remise.core.actor import Actor
from remise.core.models import Event
from remise.mandates.calendar import ENDING

KINDS = frozenset(
    {"mandate.offered", "mandate.offered_again", "mandate.withdrawn", "mandate.changed", "mandate.ended"}
    | {"mandate.wished", "mandate.wish_declined"}
    | {"mandate.accepted", "mandate.declined", "mandate.handed_back", ENDING}
)


class MandateChange(Schema):
    """About a mandate that the company gave."""

    mandate: int
    rights: list[str] | None = Field(None, description=_("What the office may do from then on."))
    ends: str | None = Field(None, description=_("The first day without; null = until it is ended."))


def tell(_by: Actor, events: Sequence[Event]) -> Mapping[int, Mapping[str, Any]]:
    return {event.id: {"mandate": event.subject, **_what(event)} for event in events}


def _what(event: Event) -> dict[str, Any]:
    said = event.after or {}
    return {name: said[name] for name in ("rights", "ends") if name in said}
