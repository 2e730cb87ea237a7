"""What holds for every page: nonsense in its address or form breaks nothing, a longer list asks no more of the
database, and what htmx swaps in is what a reload shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.html import Element, parse_html
from django.test.utils import CaptureQueriesContext

from remise.core.scope import enter
from remise.fleet.radar.actions import compare_now
from remise.fleet.rights import FleetRight
from tests import vehicles
from tests.config.known import ASKED, Ask, Known, Spare, known
from tests.routes import Route, asked_by_htmx, routes, sent_names

ROUTES = [route for route in routes() if not route.view.__module__.startswith("allauth.")]
OF_A_COMPANY = [route for route in ROUTES if not (route.is_public or route.is_personal)]
NONSENSE = {
    "empty": "",
    "negative": "-1",
    "word": "x",
    "superscript": "²",  # a digit to str.isdigit, and no number
    "arabic": "٣",
    "huge": "9" * 30,
    "many": "9" * 5000,  # more digits than Python turns into a number
    "nul": "a\x00b",
    "no_day": "2026-02-30",
    "first_day": "0001-01-01",
    "last_day": "9999-12-31",
    "first_moment": "0001-01-01T00:00",
    "last_moment": "9999-12-31T23:59:59+00:00",
    "key": "~",
    "key_of_words": "x~y",
    "key_of_a_day": "2026-01-01~x",
    "key_with_nul": "2026-01-01~\x00",
    "markup": "<script>'\"%s{{7*7}}",
    "list": "1,²,x,,",
    "change": "grant:1:vehicles.view:999999999999999999",
}
# These break most; the short run tries no others.
FEW = ("last_day", "key_with_nul", "markup", "list")
# Declared by forms, so that no view reads them by name.
OF_FORMS = ["plate", "check_code", "day", "branch", "change", "role", "lessee", "driver", "cover"]
OF_FORMS += ["text", "reason", "value", "why"]
OF_FORMS += ["by", "number", "verified", "company", "kvk", "name", "replaces", "relation_number"]
OF_FORMS += ["to", "had", "note", "use", "kind", "language", "title"]
OF_FORMS += ["reference", "email", "phone", "remember"]
OF_FORMS += ["format", "addressee", "street", "postcode", "town", "country"]
NAMES = sorted({*sent_names(), *OF_FORMS})
EXPLAINED = {200, 204, 302, 400, 404, 405, 409, 422}


@pytest.fixture(scope="module")
def company() -> Known:
    return known()


@pytest.fixture(scope="module")
def spare() -> Spare:
    return Spare()


@pytest.fixture(scope="module")
def owner(company: Known) -> Client:
    return company.client(company.owner)


@pytest.fixture(scope="module")
def staff(company: Known) -> Client:
    return company.client(company.staff)


@pytest.mark.parametrize(
    "value",
    [pytest.param(value, id=name, marks=() if name in FEW else pytest.mark.full) for name, value in NONSENSE.items()],
)
@pytest.mark.parametrize("route", OF_A_COMPANY, ids=str)
def test_nonsense_in_the_address_breaks_nothing(
    route: Route, value: str, company: Known, owner: Client, staff: Client
) -> None:
    """In all of it, and in all but what names the company's own things: one mistake must not hide another."""
    client = staff if route.is_of_the_desk else owner
    path = route.path(company.parameters)
    right = ASKED.get(route.name, Ask()).query(company) | {"policy": company.garage.policy.number, "format": "csv"}
    for query in (dict.fromkeys(NAMES, value), dict.fromkeys(NAMES, value) | right):
        assert client.get(path, query).status_code in EXPLAINED, query


@pytest.mark.parametrize("names", [FEW, pytest.param(tuple(NONSENSE), marks=pytest.mark.full)], ids=["few", "all"])
@pytest.mark.parametrize("route", OF_A_COMPANY, ids=str)
def test_nonsense_in_the_form_breaks_nothing(route: Route, names: tuple[str, ...], spare: Spare) -> None:
    of = spare.whole()
    owner = of.client(of.staff if route.is_of_the_desk else of.owner)
    asked = ASKED.get(route.name, Ask())
    path, query, right = route.path(of.parameters), asked.query(of), asked.form(of)
    for value in (NONSENSE[name] for name in names):
        for form in (dict.fromkeys(NAMES, value), *(right | {name: value} for name in right)):
            assert owner.post(path, form, query_params=query).status_code in EXPLAINED, form


@pytest.fixture(scope="module")
def with_one_and_three() -> list[Known]:
    """Looking changes neither: they serve for every page."""
    return [known(rows=1), known(rows=3)]


@pytest.mark.parametrize("route", OF_A_COMPANY, ids=str)
def test_three_rows_take_as_many_queries_as_one(route: Route, with_one_and_three: list[Known]) -> None:
    counted = []
    for of in with_one_and_three:
        client = of.client(of.staff if route.is_of_the_desk else of.owner)
        path, query = route.path(of.parameters), ASKED.get(route.name, Ask()).query(of)
        if client.get(path, query).status_code == 405:
            return  # the address of a form only
        with CaptureQueriesContext(connection) as captured:
            client.get(path, query)
        counted.append([re.sub(r"\d+", "", each["sql"])[:200] for each in captured])
    one, three = counted
    assert len(three) == len(one), "\n".join(sorted(set(three)))


type Swap = Callable[[Client, Known], tuple[str, str]]  # what was swapped in, and the page with it


def _facts(client: Client, of: Known) -> tuple[str, str]:
    query = {"policy": of.garage.policy.number, "plate": of.held[0].plate.formatted}
    return _text(client.get("/vehicles/register/facts", query, headers=HTMX)), _text(
        client.get("/vehicles/register", query)
    )


def _premium(client: Client, of: Known) -> tuple[str, str]:
    query = {"policy": of.garage.policy.number, "day": vehicles.back(of.garage, 2).isoformat()}
    return _text(client.get("/vehicles/register/premium", query, headers=HTMX)), _text(
        client.get("/vehicles/register", query)
    )


def _check_code(client: Client, of: Known) -> tuple[str, str]:
    """Of a vehicle whose chassis number nobody knows there is nothing to say; a wrong code stands beside its field
    once the form was sent, and before that here."""
    form = {"plate": vehicles.fresh_plate().formatted, "check_code": "9999"}
    query = {"policy": of.garage.policy.number}
    swapped = client.post("/vehicles/register/code", form, query_params=query, headers=HTMX)
    return _text(swapped), _text(client.get("/vehicles/register", query))


def _right(client: Client, of: Known) -> tuple[str, str]:
    form = {"change": f"grant:{of.colleagues[0].id}:{FleetRight.VIEW}:"}
    swapped = client.post("/company/people/change", form, headers=HTMX)
    return _text(swapped), _text(client.get("/company/people"))


def _run(client: Client, of: Known) -> tuple[str, str]:
    path = f"/runs/{of.runs[0].id}"
    return _text(client.get(path, {"state": "waiting"}, headers=HTMX)), _text(client.get(path))


def _line(client: Client, of: Known) -> tuple[str, str]:
    """A line of a file that is mended in its place."""
    of_policy = {"policy": of.garage.policy.number}
    lines = {"lines": "GB-001-B\nGB-002-B", "branch": of.garage.branch.id}
    sent = client.post("/vehicles/several/register", lines, query_params=of_policy)
    run = sent["Location"].split("?")[0].rsplit("/", 1)[-1]
    mended = {"cell-plate": "GB-003-B", "cell-check_code": "0413"}
    swapped = client.post(f"/runs/{run}/lines/1", mended, query_params={"show": "all"}, headers=HTMX)
    return _text(swapped), _text(client.get(f"/runs/{run}", {"show": "all"}))


def _background_work(client: Client, of: Known) -> tuple[str, str]:
    page = _text(client.get("/operations/"))
    (asked,) = re.findall(r'hx-get="(/operations/[^"]*)"', page)
    return _text(client.get(asked, headers=HTMX)), page


def _desk(client: Client, _of: Known) -> tuple[str, str]:
    return _text(client.get("/desk/", headers=HTMX)), _text(client.get("/desk/"))


def _radar(client: Client, of: Known) -> tuple[str, str]:
    """While a comparison is under way."""
    by = of.garage.actor(FleetRight.VIEW)
    with enter(by.scope):
        compare_now(by=by)
    return _text(client.get("/vehicles/radar/", headers=HTMX)), _text(client.get("/vehicles/radar/"))


def _search(client: Client, _of: Known) -> tuple[str, str]:
    asked = {"q": "kaart"}
    return _text(client.get("/help/search", asked, headers=HTMX)), _text(client.get("/help/search", asked))


HTMX = {"HX-Request": "true"}


def _find(client: Client, of: Known) -> tuple[str, str]:
    asked = {"q": of.held[0].plate.value[:3]}
    return _text(client.get("/search/", asked, headers=HTMX)), _text(client.get("/search/", asked))


SWAPS: dict[str, Swap] = {
    "fleet:facts": _facts,
    "fleet:premium": _premium,
    "fleet:check_code": _check_code,
    "organisations:change": _right,
    "fleet:radar": _radar,
    "runs:detail": _run,
    "runs:line": _line,
    "help:search": _search,
    "desk:queue": _desk,
    "search:page": _find,
    "operations:page": _background_work,
}


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    # What tells htmx where it belongs is no part of what is shown, nor is a token that is another one each time.
    shown = str(answer.content.decode()).replace(' hx-swap-oob="true"', "")
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", shown)


def test_every_swap_is_compared() -> None:
    """A template that asks for a part of another page needs a line in SWAPS."""
    gallery = {name for name in asked_by_htmx() if name.startswith("ui:")}
    assert asked_by_htmx() - gallery == set(SWAPS)


@pytest.mark.parametrize("name", SWAPS)
def test_what_is_swapped_in_is_what_a_reload_shows(name: str) -> None:
    of = known()
    (route,) = [route for route in ROUTES if route.name == name]
    swapped, page = SWAPS[name](of.client(of.staff if route.is_of_the_desk else of.owner), of)
    assert "<html" not in swapped
    parts = parse_html(swapped)
    whole = parse_html(page)
    elements = parts.children if parts.name is None else [parts]
    for part in elements:
        if isinstance(part, Element):
            assert whole.count(part) >= 1, str(part)
