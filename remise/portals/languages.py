"""The languages a portal speaks, its own one first, and which of them a request is answered in."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from remise.portals.models import Portal
from remise.portals.requests import portal_of

# Rooms above this one know who is signed in; they say here how a person's choice is remembered.
remember: Callable[[HttpRequest, str], None] = lambda _request, _code: None  # noqa: E731


def all_codes() -> list[str]:
    return [code for code, _ in settings.LANGUAGES]


def spoken(portal: Portal | None) -> list[str]:
    """A language that the program does not know is not offered, whatever the portal says."""
    known = all_codes()
    return [code for code in portal.languages if code in known] if portal and portal.languages else known


def spoken_of(portal: Portal, wanted: str) -> str:
    """The language in which this portal writes to who reads `wanted`."""
    offered = spoken(portal)
    return wanted if wanted in offered else offered[0]


def chosen(request: HttpRequest) -> str:
    offered = spoken(portal_of(request))
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return cookie if cookie in offered else accepted(request, offered)


def accepted(request: HttpRequest, offered: Sequence[str]) -> str:
    """The offered language that the browser puts first ("de-AT" asks for "de"); else the first that is offered."""
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        base = wanted.partition("-")[0]
        if base in offered:
            return base
    return offered[0]
