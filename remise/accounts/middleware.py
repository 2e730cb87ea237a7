from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from remise.accounts import devices, open_sessions
from remise.core.middleware import OUTSIDE

type Next = Callable[[HttpRequest], HttpResponseBase]


class NoStore:
    """A page is kept nowhere: not by a proxy, and not for the back button after signing out. Only what a view itself
    calls public (a style sheet) is left as it is, so that nobody has to remember this for a new page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "public" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response


class KnownDevices:
    """Brings the cookie of a browser in which both factors were just proven."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        devices.put_cookie(request, response)
        return response


class TimeOuts:
    """A session ends after a while without use, and after so many hours in any case."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(OUTSIDE):
            open_sessions.keep(request)
        return self.get_response(request)
