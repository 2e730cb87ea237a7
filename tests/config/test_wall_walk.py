"""Every page, walked as the owner with all rights, a reader of the same company, a stranger from another company, a
customer of another insurer, somebody with one factor, and nobody: a stranger meets 404, a missing right 403."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from remise.organisations.models import Membership
from remise.organisations.rights import catalogue
from remise.portals.models import Portal
from tests import sessions, world
from tests.config.known import ASKED, Ask, Known, Spare, known
from tests.routes import Route, routes

ROUTES = routes()
METHODS = ("GET", "POST")
MISSING, NOT_ALLOWED = 403, 405

# Finds whatever one may open.
FINDING = frozenset({"search:page", "search:suggest"})

# What who may only look at vehicles may open. Everything else of a company asks for a right, or is listed here.
OPEN_TO_A_READER = frozenset(
    {
        "home",
        "access:mine",
        "documents:show",
        "fleet:stock",
        "fleet:radar",
        "fleet:kept_as_right",
        "fleet:compare_now",
        "fleet:export",
        "fleet:vehicle",
        "fleet:receipt",
        "fleet:receipt_pdf",
        "fleet:receipts",
        "drivers:list",
        "drivers:export",
        "drivers:one",
        "drivers:export_one",
        "products:of_policy",
        "green_cards:card",
        "green_cards:overview",
        "trips:trip",
        "runs:list",
        *FINDING,
    }
)
# What only opens to the right visitor at the right time.
ASKS_FOR_MORE = {
    "metrics": 403,  # a token
    "account_confirm_email": 404,  # a key that was mailed
    "green_cards:check": 404,  # the code of a card
    "access:withdraw": 404,  # what one asked oneself
    "applications:again": 404,  # an application that was approved
    "applications:close": 404,  # one of who asked to be contacted
    "links:relation_number": 404,  # one branch that is worked in
    # a secret that was mailed
    **{
        f"invitations:{name}": 404
        for name in ("show", "accept", "decline", "ask_again", "person", "account", "preferences", "check")
    },
    "account_stop_lost_phone": 404,  # a link that was mailed
    "account_confirm_address": 404,
    "account_end_session": 404,  # a session that is open
    "locked_out:unblock": 404,  # an administrator who cannot get in
    "locked_out:phone_lost": 404,
    "locked_out:sign_out": 404,  # an administrator
    **{f"mandates:{name}": 404 for name in ("mailed", "mailed_accept", "mailed_decline", "mailed_ask_again")},
    **{f"mandates:mailed_{name}": 404 for name in ("person", "account", "preferences", "check")},
    "clients:accept": 404,  # what is offered, and not taken on yet
    "organisations:erase": 404,  # a colleague who left
    "runs:result": 404,  # a run that is done
    "runs:summary": 404,
    "trips:ask": 422,  # a trip
    "drivers:erase": 422,  # one who is named with no vehicle on cover
    "fleet:ask_deregistration": 422,  # a cover that began longer ago than can be ended online
    "fleet:ask_change": 422,
}
# The insurer has these too: its own people, its own home page.
OF_EVERY_COMPANY = frozenset(
    {
        "home",
        "organisations:people",
        "organisations:people_export",
        "organisations:changes",
        "organisations:former",
        "invitations:overview",
        "invitations:invite",
        "access:inbox",
        "access:mine",
        *FINDING,
    }
)
# Pages that, asked for what is not there for this person, lead elsewhere or show an empty list instead of a 404.
LEADS_ELSEWHERE = frozenset(
    {
        "fleet:deregister",  # a colleague may have been faster: back to the list
        "fleet:ask_deregistration",
        *FINDING,
    }
)


# What every colleague does for oneself: no right is asked for.
OF_ONESELF = frozenset(
    {
        "access:ask",
        "access:withdraw",
        "clients:stop",
        "clients:ask",
        "organisations:preview_end",
        "links:administrator",
        "links:relation_number",
    }
)


def company_routes() -> list[Route]:
    return [route for route in ROUTES if not (route.is_public or route.is_personal)]


each = pytest.mark.parametrize("route", ROUTES, ids=str)
each_of_a_company = pytest.mark.parametrize("route", company_routes(), ids=str)


@pytest.fixture(scope="module")
def company() -> Known:
    """Strangers change nothing here, so one is enough for all of them."""
    return known()


@pytest.fixture(scope="module")
def strangers(company: Known) -> dict[str, tuple[Membership, Portal]]:
    """All rights at another company of the same insurer, and at a customer of another insurer."""
    garages = {"stranger": world.garage(at=company.garage.portal), "elsewhere": world.garage()}
    rights = [str(entry.right) for entry in catalogue]
    return {
        who: (world.member(garage.organisation, rights=rights, name="Iemand Anders"), garage.portal)
        for who, garage in garages.items()
    }


def ask(client: Client, route: Route, method: str, of: Known) -> Any:
    """This page, about what is this company's."""
    asked = ASKED.get(route.name, Ask())
    path = route.path(of.parameters)
    if method == "GET":
        return client.get(path, asked.query(of))
    return client.post(path, asked.form(of), query_params=asked.query(of))


def shows_nothing(answer: Any, of: Known) -> None:
    assert answer.status_code < 500
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") == "application/zip":
        with zipfile.ZipFile(BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    seen = [secret for secret in of.secrets if secret in body.decode()]
    assert seen == []


def test_every_parameter_is_known(company: Known) -> None:
    """Say in `Known.parameters` what stands for a new one; then its pages are walked."""
    assert {name for route in ROUTES for name in route.parameters} <= set(company.parameters)


def test_every_listed_page_exists() -> None:
    names = {route.name for route in ROUTES}
    assert names >= OF_EVERY_COMPANY
    assert set(ASKED) | OPEN_TO_A_READER | LEADS_ELSEWHERE | set(ASKS_FOR_MORE) <= names


@pytest.fixture(scope="module")
def spare() -> Spare:
    return Spare()


@each
def test_owner_opens_each_page(route: Route, spare: Spare) -> None:
    of = spare.whole()
    who = of.staff if route.is_of_the_desk else of.owner
    answers = {method: ask(of.client(who), route, method, of).status_code for method in METHODS}
    opens = {200, 302, NOT_ALLOWED, ASKS_FOR_MORE.get(route.name, 200)}
    assert answers["GET"] in opens
    # A form that was sent empty is answered too.
    assert answers["POST"] in opens | (set() if route.name in ASKED else {400, 422})
    # A page that refused both would pass every other test here.
    assert set(answers.values()) != {NOT_ALLOWED}


@pytest.mark.parametrize("route", [route for route in company_routes() if route.name not in OF_ONESELF], ids=str)
def test_missing_right_is_403_with_its_reason(route: Route, company: Known) -> None:
    client = company.client(company.onlooker if route.is_of_the_desk else company.reader)
    before = company.state()[:-1]  # refusals are written down
    answers = [ask(client, route, method, company) for method in METHODS]
    if route.name in OPEN_TO_A_READER:
        assert all(answer.status_code in {200, 302, NOT_ALLOWED} for answer in answers)
        assert any(answer.status_code in {200, 302} for answer in answers)
    else:
        assert {answer.status_code for answer in answers} <= {MISSING, NOT_ALLOWED}
        reasons = [answer["X-Reason-Code"] for answer in answers if answer.status_code == MISSING]
        assert reasons
        assert set(reasons) == {"right_missing"}
    assert company.state()[:-1] == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.is_of_the_desk], ids=str)
def test_desk_is_not_there_for_customers(route: Route, company: Known) -> None:
    client = company.client(company.owner)
    before = company.state()
    assert {ask(client, route, method, company).status_code for method in METHODS} <= {404, NOT_ALLOWED}
    assert company.state() == before


@pytest.mark.parametrize("route", [route for route in company_routes() if not route.is_of_the_desk], ids=str)
def test_staff_meet_no_page_of_a_customer(route: Route, company: Known) -> None:
    """What they may do to a customer's things they do at the desk; to find them is a right of its own."""
    client = company.client(company.onlooker if route.name in FINDING else company.staff)
    before = company.state()[:-1]
    for method in METHODS:
        answer = ask(client, route, method, company)
        assert answer.status_code in {302, 400, 403, 404, NOT_ALLOWED} or route.name in OF_EVERY_COMPANY
        shows_nothing(answer, company)
    assert company.state()[:-1] == before


@each
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("who", ["stranger", "elsewhere"])
def test_stranger_meets_nothing(
    route: Route, method: str, who: str, company: Known, strangers: dict[str, tuple[Membership, Portal]]
) -> None:
    client = sessions.client_of(*strangers[who])
    before = company.state()
    answer = ask(client, route, method, company)
    shows_nothing(answer, company)
    named = route.numbers or (route.name in ASKED and not route.is_public)
    if named and route.name not in LEADS_ELSEWHERE and not _asks_nothing(route, method, company):
        assert answer.status_code in {404, NOT_ALLOWED}
    assert company.state() == before


def _asks_nothing(route: Route, method: str, of: Known) -> bool:
    """A page that in this way names nothing of the company."""
    if route.numbers:
        return False
    asked = ASKED.get(route.name, Ask())
    return not (asked.query(of) or (method == "POST" and asked.form(of)))


@each
@pytest.mark.parametrize("method", METHODS)
def test_nobody_is_sent_to_the_sign_in(route: Route, method: str, company: Known) -> None:
    client = Client(HTTP_HOST=f"{company.garage.portal.slug}.localhost")
    answer = ask(client, route, method, company)
    shows_nothing(answer, company)
    if not route.is_public:
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


@each
@pytest.mark.parametrize("method", METHODS)
def test_one_factor_opens_nothing(route: Route, method: str, company: Known) -> None:
    client = sessions.client_of(company.owner, company.garage.portal, factors=1)
    sessions.couple(company.owner.account)
    before = company.state()
    answer = ask(client, route, method, company)
    if not route.opens_with_one_factor:
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("mfa_reauthenticate"))
    # One's own address is no secret to oneself.
    company_only = [secret for secret in company.secrets if secret != company.owner.account.email]
    assert not [secret for secret in company_only if secret in answer.content.decode()]
    assert company.state() == before


@each_of_a_company
def test_session_of_another_insurer_opens_nothing(
    route: Route, company: Known, strangers: dict[str, tuple[Membership, Portal]]
) -> None:
    thief = Client(HTTP_HOST=f"{company.garage.portal.slug}.localhost")
    thief.cookies = sessions.client_of(*strangers["elsewhere"]).cookies
    for method in METHODS:
        answer = ask(thief, route, method, company)
        shows_nothing(answer, company)
        assert (answer.status_code, answer.get("X-Reason-Code")) == (403, "company_missing")


@each
def test_unknown_host_shows_nothing(route: Route, company: Known) -> None:
    for method in METHODS:
        answer = ask(Client(HTTP_HOST="nobody.localhost"), route, method, company)
        shows_nothing(answer, company)
        assert answer.status_code == 404 or route.name in {"healthz", "readyz", "metrics"}


@pytest.mark.parametrize(
    "number",
    [2**31, 2**63, *(pytest.param(number, marks=pytest.mark.full) for number in (0, 2**63 - 1, 10**40))],
)
@pytest.mark.parametrize("route", [route for route in ROUTES if route.numbers], ids=str)
def test_number_that_is_nobodys_is_404(route: Route, number: int, company: Known) -> None:
    client = company.client(company.owner)
    path = route.path(company.parameters | dict.fromkeys(route.numbers, number))
    form = ASKED.get(route.name, Ask()).form(company)
    answers = {client.get(path).status_code, client.post(path, form).status_code}
    assert answers <= {404, NOT_ALLOWED}
    assert 404 in answers
