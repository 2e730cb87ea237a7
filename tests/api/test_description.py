"""The API against its own description: what it allows and what it does not, by a server as it runs in earnest."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
import schemathesis
from django.utils.translation import gettext, override
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from ninja import Schema
from pydantic import BaseModel
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from remise.api.description import ERRORS, document
from remise.api.pages import groups
from remise.config.provision import Addresses
from remise.core.schemas import Sent
from tests.api.program import program
from tests.config.known import Known, known
from tests.journeys import server as servers
from tests.journeys.server import Server

# Not among them: that everything the description allows is accepted. Rules of the trade are no shapes: 29 days back
# is a date as good as any.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    unsupported_method,
]


@pytest.fixture(scope="module")
def company() -> Known:
    return known()


@pytest.fixture(scope="module")
def server(addresses: Addresses) -> Iterator[Server]:
    """As an installation runs it, but for the limit of calls a minute, which this would reach."""
    with pytest.MonkeyPatch.context() as patch, servers.mail_server() as mailbox:
        patch.setenv("API_RATE", "1000000")
        with servers.web(mailbox) as made:
            yield made


@pytest.fixture(scope="module")
def described(server: Server, company: Known) -> schemathesis.BaseSchema:
    """Without what it says of keys: each call here has one, also those that are meant to be wrong."""
    address = f"http://127.0.0.1:{server.port}/api/v1/openapi.json"
    found = httpx.get(address, headers={"Host": host(company)}).json()
    del found["security"], found["components"]["securitySchemes"]
    return schemathesis.openapi.from_dict(found)


@pytest.fixture(scope="module")
def key(company: Known) -> str:
    caller = program(company.garage)
    assert caller.secret is not None
    return caller.secret.text


def host(company: Known) -> str:
    return f"{company.garage.portal.slug}.localhost"


OPERATIONS = [(path, method) for path, methods in document()["paths"].items() for method in methods]


@pytest.mark.parametrize(
    "mode",
    [
        pytest.param(GenerationMode.POSITIVE, id="positive"),
        pytest.param(GenerationMode.NEGATIVE, id="negative", marks=pytest.mark.full),
    ],
)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_api_does_what_its_description_says(
    path: str,
    method: str,
    mode: GenerationMode,
    described: schemathesis.BaseSchema,
    company: Known,
    key: str,
    server: Server,
) -> None:
    """What the description allows, and what it does not. Each call that changes something has a key of its own."""

    @given(case=described[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=20, derandomize=True, suppress_health_check=list(HealthCheck))
    def holds(case: "Case[Any]") -> None:
        headers = {"Host": host(company), "Authorization": f"Bearer {key}"}
        case.call_and_validate(base_url=f"http://127.0.0.1:{server.port}", headers=headers, checks=CHECKS)

    try:
        holds()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # it asks nothing that could be wrong


def test_description_is_the_same_in_each_language_but_for_its_words() -> None:
    """Names, codes and shapes stay as they are: a program reads them."""
    english = document()
    for language in ("nl", "de"):
        made = document(language)
        assert without_words(made) == without_words(english)
        with override(language):
            for path, methods in english["paths"].items():
                for method, operation in methods.items():
                    said = made["paths"][path][method]
                    assert said["summary"] == gettext(operation["summary"])
                    assert said["responses"]["429"]["description"] == gettext(ERRORS["429"])


def without_words(part: Any) -> Any:
    if isinstance(part, list):
        return [without_words(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: without_words(value)
        for name, value in part.items()
        if not (name in {"summary", "description"} and isinstance(value, str))
    }


def test_each_shape_has_a_name_of_its_own() -> None:
    """Two of one name would be described as one."""
    ours = {shape for of in (Schema, Sent) for shape in shapes(of) if shape.__module__.startswith("remise.")}
    names = [shape.__name__ for shape in ours]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def shapes(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for shape in of.__subclasses__():
        yield shape
        yield from shapes(shape)


def test_each_group_of_operations_has_a_word_in_the_readers_language() -> None:
    for language in ("nl", "de"):
        with override(language):
            told = groups(document(), address="", today=date(2026, 10, 21))
            assert [group.name for group in told if group.label == group.name.replace("-", " ")] == []


def test_description_is_whole() -> None:
    made = document()
    for path, methods in made["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert {"401", "403", "404", "405", "415", "422", "429"} <= set(operation["responses"]), path
