"""The OpenAPI document as a page reads it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from remise.api.description import ERRORS, METHODS, Document
from remise.core.schemas import EXAMPLE_DAY

TOKEN = "$REMISE_KEY"  # noqa: S105  # where the reader's own goes


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter or a field: its name, what kind of value it takes, and what it means."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Asked]
    body: list[Asked]
    answer: list[Asked]
    answer_words: str
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    """The operations with one tag, by which the page can be opened at them (`name`), and as people read it."""

    name: str
    label: str
    operations: list[Operation]


def groups(document: Document, *, address: str, today: date) -> list[Group]:
    """`today`: the portal's, for examples that can be copied."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                made = _operation(document, path, method, methods[method], address=address, today=today)
                found.setdefault(methods[method]["tags"][-1], []).append(made)
    return [Group(name.replace(" ", "-"), gettext(name), operations) for name, operations in found.items()]


def errors() -> list[tuple[str, str]]:
    return [(status, gettext(words).replace("`", "")) for status, words in ERRORS.items()]


def _operation(document: Document, path: str, method: str, said: Document, *, address: str, today: date) -> Operation:
    status = next(iter(said["responses"]))
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = said["responses"][status].get("content", {}).get("application/json", {}).get("schema", {})
    is_list = answer.get("type") == "array"
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        words=said.get("description", "").replace("`", ""),
        parameters=[_parameter(one) for one in said["parameters"]],
        body=list(_fields(document, body)) if body else [],
        answer=list(_fields(document, answer)),
        answer_words=(gettext("Answer (%(status)s), a list of") if is_list else gettext("Answer (%(status)s)"))
        % {"status": status},
        curl=_curl(document, path, method, body, address=address, today=today),
    )


def _parameter(one: Document) -> Asked:
    words = one.get("description", "").replace("`", "")
    return Asked(one["name"], _kind(one["schema"]), one.get("required", False), words)


def _fields(document: Document, schema: Document) -> Iterator[Asked]:
    found = _of(document, schema.get("items", schema) if schema.get("type") == "array" else schema)
    required = found.get("required", [])
    for name, field in found.get("properties", {}).items():
        yield Asked(name, _kind(field), name in required, field.get("description", "").replace("`", ""))


def _of(document: Document, schema: Document) -> Document:
    reference = schema.get("$ref")
    return document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def _kind(schema: Document) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])}[]"
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    return str(schema.get("format") or schema.get("type", "object"))


def _curl(document: Document, path: str, method: str, body: Document | None, *, address: str, today: date) -> str:
    lines = [f"curl {address}{path}", f'  -H "Authorization: Bearer {TOKEN}"']
    if method != "get":
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if body:
        lines.append('  -H "Content-Type: application/json"')
        # Copied as it stands, it is about a day that can be asked for.
        example = json.dumps(_example(document, body), ensure_ascii=False).replace(EXAMPLE_DAY, today.isoformat())
        lines.append(f"  -d '{example}'")
    if method not in ("get", "post") or (method == "post" and not body):
        lines[0] = f"curl -X {method.upper()} {address}{path}"
    return " \\\n".join(lines)


def _example(document: Document, schema: Document) -> Any:  # noqa: ANN401  # whatever JSON holds
    found = _of(document, schema) | schema  # what a field says of itself goes before what its shape says
    if found.get("examples"):
        return found["examples"][0]
    if found.get("enum"):
        return found["enum"][0]
    if "anyOf" in found:
        return _example(document, found["anyOf"][0])
    if found.get("type") == "array":
        return [_example(document, found["items"])]
    if found.get("type") == "object":
        return {name: _example(document, field) for name, field in found.get("properties", {}).items()}
    return {"integer": 1, "boolean": True}.get(found.get("type", ""), "")
