from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from remise.core.scope import ActorKind, Scope, enter

type Next = Callable[[HttpRequest], HttpResponseBase]

# Answered without the database, or with a look of their own at whether it is there.
OUTSIDE = ("/healthz", "/readyz", "/metrics", f"/{settings.STATIC_URL.strip('/')}/")


class NoNul:
    """Refuses a null character in the address: PostgreSQL stores none, so that there is nothing to find by it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            raise BadRequest("A null character in the address")
        return self.get_response(request)


class Transaction:
    """One transaction per request, opened as nobody. It is rolled back on a 5xx only: what a refusal leaves behind
    (an attempt counted, a refusal noted) must stay, and actions undo their own changes by a savepoint."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        with enter(Scope(ActorKind.PUBLIC)):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response
