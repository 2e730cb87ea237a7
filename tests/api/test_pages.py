"""The calls that the page of the API shows can be copied: each is what its description allows."""

import json
import re
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from remise.api.description import document
from remise.api.pages import Operation, groups
from remise.core import clock
from tests import vehicles, world
from tests.api.program import program

TODAY = date(2026, 10, 21)


def operations() -> list[Operation]:
    shown = groups(document("en"), address="http://portal", today=TODAY)
    return [operation for group in shown for operation in group.operations]


def body_of(curl: str) -> Any:
    found = re.search(r"-d '(.*)'$", curl, re.DOTALL)
    return json.loads(found[1]) if found else None


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)
def test_call_is_what_its_description_allows(operation: Operation) -> None:
    described = document("en")
    named = re.match(r"curl -X (\w+)", operation.curl)
    body = body_of(operation.curl)
    assert (named[1] if named else "POST" if body is not None else "GET") == operation.method
    if body is None:
        return
    asked = described["paths"][operation.path][operation.method.lower()]["requestBody"]
    schema = asked["content"]["application/json"]["schema"] | {"components": described["components"]}
    jsonschema_rs.validate(schema, body)
    assert "2026-11-22" not in operation.curl


def test_example_of_a_batch_is_taken() -> None:
    garage = world.garage()
    (begin,) = (one for one in operations() if one.method == "POST" and one.path.endswith("/batches"))
    body = body_of(begin.curl)
    body["rows"][0] |= {"plate": vehicles.fresh_plate().formatted, "day": clock.today(garage.portal).isoformat()}
    body |= {"policy": garage.policy.number, "branch": garage.branch.id, "day": None}
    assert program(garage).post("/batches", body).status_code == 202
