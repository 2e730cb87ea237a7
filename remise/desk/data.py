"""What a request is about: one frozen dataclass per kind, stored as JSON and read back typed. What does not fit its
schema is a mistake of the programmer, never stored."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError


class InvalidDataError(ValueError):
    """The data of a request does not fit the schema of its kind."""


def stored(data: object) -> dict[str, Any]:
    """As JSON, checked value by value. What is left at its default is written too: defaults may change."""
    if not is_dataclass(data) or isinstance(data, type):
        raise InvalidDataError(f"{data!r} is no data of a request")
    try:
        written: dict[str, Any] = _adapter(type(data)).dump_python(data, mode="json", warnings="error")
    except PydanticSerializationError as error:
        raise InvalidDataError(f"{type(data).__name__} holds values of other types") from error
    return written


def read[D](schema: type[D], found: Mapping[str, Any]) -> D:
    """The inverse of `stored`."""
    declared = fields(schema)  # type: ignore[arg-type]  # every schema is a dataclass
    if unknown := set(found) - {each.name for each in declared}:
        raise InvalidDataError(f"{schema.__name__}: {sorted(unknown)}")
    try:
        made: D = _adapter(schema).validate_json(json.dumps(found), strict=True)  # type: ignore[arg-type]
    except ValidationError as error:
        raise InvalidDataError(_wrong(error)) from error
    return made


@cache
def _adapter(schema: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(schema)


def _wrong(error: ValidationError) -> str:
    """Where it does not fit; never what stood there, for these are people's words."""
    return f"{error.title}: " + ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
