"""The rooms' routers as one API."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import ValidationError

from remise.api import feed
from remise.api.bodies import Bodies, TooLarge, Unreadable, WrongType
from remise.api.calls import called
from remise.api.problems import misshapen, problem, refused
from remise.core.errors import DomainError
from remise.desk import api as desk
from remise.fleet import api as fleet
from remise.fleet.bulk import api as batches
from remise.fleet.parties import api as parties
from remise.fleet.radar import api as radar
from remise.fleet.requests import api as fleet_requests
from remise.green_cards import api as green_cards
from remise.green_cards.trips import api as trips
from remise.notices import api as notices
from remise.organisations import api as organisations
from remise.policies import api as policies
from remise.runs import api as runs
from remise.search import api as search

DESCRIPTION = gettext_noop(  # said in the reader's language by api.description
    "Register and deregister vehicles, look at what is insured, and follow every change, from your own programs: with"
    " the same rules, the same verdicts and the same words as the pages."
)

api = NinjaAPI(
    title="Remise",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    parser=Bodies(),
    docs_url=None,  # a page of our own: the libraries' ones ask for styles within the page
    openapi_url=None,
)
api.add_decorator(called, mode="view")
for room in (
    organisations,
    search,
    policies,
    fleet,
    batches,
    radar,
    parties,
    green_cards,
    trips,
    notices,
    fleet_requests,
    desk,
    runs,
    feed,
):
    api.add_router("", room.router)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    if isinstance(error, Unreadable | TooLarge | WrongType):
        raise error
    return refused(request, error)  # type: ignore[arg-type]


@api.exception_handler(ValidationError)
def refuse_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return misshapen(request, error)


@api.exception_handler(Http404)
def refuse_address(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, "not_found")


def operations() -> list[URLPattern]:
    """Their addresses. Who calls is asked by `called`: a session opens nothing here."""
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        vars(pattern.callback).update(login_required=False, is_operation=True)
    return found
