"""What a request is about: one frozen dataclass per kind, stored as JSON and read back typed. What does not fit its
schema is a mistake of the programmer, never stored."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

_READERS: dict[type, Callable[[Any], object]] = {
    str: lambda stored: stored,
    int: lambda stored: stored,
    bool: lambda stored: stored,
    date: date.fromisoformat,
    Decimal: Decimal,
}


class InvalidDataError(ValueError):
    """The data of a request does not fit the schema of its kind."""


def stored(data: object) -> dict[str, Any]:
    """As JSON, checked value by value. What is left at its default is written too: defaults may change."""
    if not is_dataclass(data) or isinstance(data, type):
        raise InvalidDataError(f"{data!r} is no data of a request")
    hints = get_type_hints(type(data))
    return {each.name: _written(each.name, getattr(data, each.name), hints[each.name]) for each in fields(data)}


def read[D](schema: type[D], found: Mapping[str, Any]) -> D:
    """The inverse of `stored`."""
    hints = get_type_hints(schema)
    declared = {each.name: each for each in fields(schema)}  # type: ignore[arg-type]  # every schema is a dataclass
    unknown = set(found) - set(declared)
    missing = {
        name
        for name, each in declared.items()
        if name not in found and each.default is MISSING and each.default_factory is MISSING
    }
    if unknown or missing:
        raise InvalidDataError(f"{schema.__name__}: {sorted(unknown | missing)}")
    return schema(**{name: _typed(name, value, hints[name]) for name, value in found.items()})


def _written(name: str, value: object, hint: object) -> object:
    kinds = _kinds(hint)
    if value is None and NoneType in kinds:
        return None
    if get_origin(hint) is Mapping or get_origin(hint) is dict:
        if not isinstance(value, Mapping) or not all(type(part) is str for pair in value.items() for part in pair):
            raise InvalidDataError(f"{name} is no list of words")
        return dict(value)
    if type(value) not in kinds:
        raise InvalidDataError(f"{name}: {type(value).__name__} is not {hint}")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(name: str, value: object, hint: object) -> object:
    if get_origin(hint) is Mapping or get_origin(hint) is dict:
        if not isinstance(value, dict):
            raise InvalidDataError(f"{name} is no list of words")
        return value
    kinds = _kinds(hint)
    if value is None and NoneType in kinds:
        return None
    kind = next(one for one in kinds if one is not NoneType)
    try:
        made = _READERS[kind](value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise InvalidDataError(f"{name} is no {kind.__name__}") from error
    if type(made) is not kind:
        raise InvalidDataError(f"{name} is no {kind.__name__}")
    return made


def _kinds(hint: object) -> tuple[type, ...]:
    found: tuple[type, ...] = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return found
