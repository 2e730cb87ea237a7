from zlib import crc32

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_POST, require_safe

from remise.portals import languages
from remise.portals.requests import portal_of
from remise.ui.theme import Palette

YEAR = 365 * 24 * 60 * 60


def _css(request: HttpRequest) -> str:
    portal = portal_of(request)
    return Palette.of(portal.brand).css() if portal else ""


def _mark(request: HttpRequest) -> str:
    """Changes with a colour, and with how the others are worked out of it."""
    return f'"{crc32(_css(request).encode()):08x}"'


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
@etag(_mark)
def theme(request: HttpRequest) -> HttpResponse:
    """The portal's colours as a style sheet; the browser keeps it until one changes."""
    return HttpResponse(_css(request), content_type="text/css; charset=utf-8")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language, in this browser and with who is signed in, and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code in languages.spoken(portal_of(request)):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        languages.remember(request, code)
    return response
