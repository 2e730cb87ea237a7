"""The OpenAPI document: what the operations say of themselves, and what holds for all of them."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from ninja.openapi.schema import get_schema

from remise.api.assembly import api
from remise.api.idempotency import HEADER
from remise.api.problems import MEDIA_TYPE, Problem
from remise.core.feed import followed
from remise.core.schemas import RIGHTS

type Document = dict[str, Any]

REF = "#/components/schemas/{model}"
METHODS = ("get", "post", "put", "patch", "delete")
SAFE = frozenset({"get"})
SAID = frozenset({"summary", "description"})

# Said in the reader's language by `document`.
ERRORS = {
    "400": gettext_noop("It cannot be read, or the key of a write is missing."),
    "401": gettext_noop("No key that works here."),
    "403": gettext_noop("A right is missing: `missing` says which one, `granters` who can grant it."),
    "404": gettext_noop("It does not exist for you."),
    "405": gettext_noop("The address does not know this method."),
    "413": gettext_noop("The body is too large."),
    "415": gettext_noop("Another form than JSON."),
    "422": gettext_noop(
        "A rule said no (`code`, `field`, `remedy`), or it does not have the shape described here (`mistakes`)."
    ),
    "429": gettext_noop("Too often: `Retry-After` says when to try again."),
    "500": gettext_noop("A mistake of ours. Nothing was done: send the same again, with the same Idempotency-Key."),
}
LIMITS = {
    "RateLimit-Policy": gettext_noop("How many calls in how many seconds."),
    "RateLimit": gettext_noop("How many are left, and for how many seconds."),
}
KEY: Document = {
    "type": "http",
    "scheme": "bearer",
    "description": gettext_noop("A key that a colleague makes under Connections. It starts with rms_."),
}
IDEMPOTENCY: Document = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "description": gettext_noop(
        "A value of your own for this one thing to be done, such as a UUID. Sent again with the same body it gives"
        " the same answer and does nothing more; kept for 48 hours."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
    "example": "7c9a4f0e-6a0b-4b39-9a86-2d1f0a1c9e55",
}


@cache
def document(language: str = "en") -> Document:
    """Made once for each language: it is the same for everybody. Names, codes and shapes stay as they are."""
    made = _made()
    if language == "en":
        return made
    with translation.override(language):
        said: Document = _said(made)
    return said


def rights_asked() -> Iterator[str]:
    """By any operation (`core.schemas.asks`)."""
    return (right for _method, operation in _operations(_made()) for right in operation.get(RIGHTS, ()))


@cache
def _made() -> Document:
    with translation.override("en"):
        made: Document = json.loads(json.dumps(get_schema(api, path_prefix="api/v1/")))
    schemas = made["components"]["schemas"]
    described = Problem.model_json_schema(ref_template=REF)
    schemas |= {**described.pop("$defs", {}), "Problem": described}
    schemas |= _changes()
    schemas["ChangeShown"]["properties"]["data"] |= {"anyOf": [_ref(entry.shape.__name__) for entry in followed]}
    made["components"]["securitySchemes"] = {"key": KEY}
    made["security"] = [{"key": []}]
    for method, operation in _operations(made):
        _complete(method, operation)
    return made


def _said(part: Any) -> Any:  # noqa: ANN401  # whatever JSON holds
    """Summaries and descriptions in the language that is switched on; a text that no catalogue has stays as it is."""
    if isinstance(part, list):
        return [_said(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: gettext(value) if name in SAID and isinstance(value, str) and value else _said(value)
        for name, value in part.items()
    }


def _changes() -> Document:
    """What each event of the feed tells, by room, with the kinds of events that tell it."""
    found: Document = {}
    for entry in followed:
        described = entry.shape.model_json_schema(ref_template=REF, mode="serialization")
        found |= described.pop("$defs", {})
        told = f"Of {', '.join(sorted(entry.kinds))}."
        found[entry.shape.__name__] = described | {
            "description": f"{told} {described.get('description', '')}".strip()
        }
    return found


def _ref(name: str) -> Document:
    return {"$ref": REF.format(model=name)}


def _operations(made: Document) -> Iterator[tuple[str, Document]]:
    for path in made["paths"].values():
        yield from ((method, path[method]) for method in METHODS if method in path)


def _complete(method: str, operation: Document) -> None:
    for answer in operation["responses"].values():
        answer["headers"] = {
            name: {"description": words, "schema": {"type": "string"}} for name, words in LIMITS.items()
        }
    for parameter in operation["parameters"]:
        parameter.pop("examples", None)  # a list in the schema of the value, but not here
    if method not in SAFE:
        operation["parameters"].append(IDEMPOTENCY)
    for status, words in ERRORS.items():
        operation["responses"].setdefault(status, _error(words))


def _error(words: str) -> Document:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}
