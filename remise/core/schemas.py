"""What the API's descriptions are made of: the value types as JSON shows them."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticKnownError

from remise.core import paging
from remise.core.actor import Actor
from remise.core.paging import Page
from remise.core.rights import Right

EXAMPLE_DAY = "2026-11-22"

# A number would be read back as a float, and money is none.
Money = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2}$", "examples": ["41495.00"]}),
]
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "examples": [EXAMPLE_DAY]})]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _day(text: object) -> date | None:
    """Only as the description says: a library would also take seconds since 1970."""
    if text is None or isinstance(text, date):
        return text
    if not (isinstance(text, str) and ISO_DAY.fullmatch(text)):
        raise PydanticKnownError("date_parsing", {"error": "another form"})
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PydanticKnownError("date_parsing", {"error": "no such day"}) from error


def _moment(text: object) -> datetime | None:
    if text is None or isinstance(text, datetime):
        return text
    if not (isinstance(text, str) and ISO_MOMENT.fullmatch(text)):
        raise PydanticKnownError("datetime_parsing", {"error": "another form"})
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticKnownError("datetime_parsing", {"error": "no such moment"}) from error


AskedDay = Annotated[
    date | None,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": [EXAMPLE_DAY]}),
]
AskedMoment = Annotated[
    datetime | None,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-22T14:30:00Z"]}),
]
# What people read: in the language that the call asks for.
Words = Annotated[str, BeforeValidator(str)]


class Sent(BaseModel):
    """Base of what a program sends: what nobody asked for is a mistake, and is told."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PlateShown(Schema):
    """A plate as it is stored and compared, and as people write it."""

    plate: str = Field(description=_("Without dashes: how it is stored and compared."), examples=["GHK12L"])
    plate_formatted: str = Field(description=_("As it stands on the vehicle."), examples=["GHK-12-L"])


class WayOut(Schema):
    """A limit that people can lift: the request to the insurer's desk, and where it is made."""

    label: str
    request_kind: str = Field(examples=["late_registration"])
    method: str = Field("POST", examples=["POST"])
    path: str | None = Field(
        None,
        description=_("Send the body of the refused call there; a correction asks `why`."),
        examples=["/api/v1/policies/40.123456/requests/late-registration"],
    )


class Listed[T](Schema):
    """A part of a list. Send `next` or `previous` back as `cursor`, or `before`; null where the list ends."""

    items: list[T]
    next: str | None = Field(description=_("Send it as `cursor` for what comes behind this part."))
    previous: str | None = Field(description=_("Send it as `before` for what comes in front of this part."))


def listed[T](page: Page[Any], items: Sequence[T]) -> dict[str, Any]:
    return {"items": items, "next": paging.sealed(page.older), "previous": paging.sealed(page.newer)}


# In the description of an operation: which rights open it.
RIGHTS = "x-rights"


def asks(*rights: Right) -> dict[str, Any]:
    """What an operation says of itself: one of these rights opens it, in the branches where it is held. The form on
    which a key is made offers what some operation asks (`organisations.tokens`)."""
    return {RIGHTS: [str(right) for right in rights]}


class Call(HttpRequest):
    """A request of a program, in the scope of the company it works for."""

    actor: Actor


Cursor = Annotated[str, Query(max_length=200, description=_("The `next` of the part before this one."))]
Before = Annotated[str, Query(max_length=200, description=_("The `previous` of the part behind this one."))]
