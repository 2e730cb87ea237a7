from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponseBase

from remise.core.observe import fault
from remise.core.scope import ActorKind, Scope, enter

type Next = Callable[[HttpRequest], HttpResponseBase]

# Answered without the database, or with a look of their own at whether it is there.
OUTSIDE = ("/healthz", "/readyz", "/metrics", f"/{settings.STATIC_URL.strip('/')}/")
UTF_8, UNREADABLE = frozenset({"", "utf-8", "utf8"}), "unreadable"

log = structlog.get_logger("remise.request")


class NoNul:
    """Refuses a null character in the address: PostgreSQL stores none, so that there is nothing to find by it. And
    other encodings than UTF-8: Django would read the address and the form with any codec that Python knows, among
    them some that bring a null character or half a letter in, and some that are none for text."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (request.content_params or {}).get("charset", "").strip().lower() not in UTF_8:
            request.encoding = "utf-8"  # the page that refuses reads the address too
            raise BadRequest("Another encoding than UTF-8")
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            raise BadRequest("A null character in the address")
        return self.get_response(request)


class Transaction:
    """One transaction per request, opened as nobody. It is rolled back on a 5xx only: what a refusal leaves behind
    (an attempt counted, a refusal noted) must stay, and actions undo their own changes by a savepoint. Of what is
    rolled back, `lasting` is written once more."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        stands = False
        try:
            with enter(Scope(ActorKind.PUBLIC)):
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
            stands = response.status_code < 500
            return response
        finally:
            if not stands:
                _write_again(request)


def lasting(request: HttpRequest, scope: Scope, write: Callable[[], object]) -> None:
    """Write what stays known whatever becomes of the request, such as a refused attempt: now, and again, in this
    scope, should the request's transaction be rolled back."""
    write()
    if_rolled_back(request, scope, write)


def if_rolled_back(request: HttpRequest, scope: Scope, write: Callable[[], object]) -> None:
    """Write this in this scope should the request's transaction be rolled back, and only then."""
    _lasting(request).append((scope, write))


def _lasting(request: HttpRequest) -> list[tuple[Scope, Callable[[], object]]]:
    if not hasattr(request, "lasting"):
        request.lasting = []  # type: ignore[attr-defined]
    return request.lasting  # type: ignore[attr-defined, no-any-return]


def _write_again(request: HttpRequest) -> None:
    for scope, write in _lasting(request):
        try:
            with enter(scope):
                write()
        except DatabaseError as error:  # the answer is an error already
            log.error("what lasts was not written", **fault(error))
