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


def _colour(request: HttpRequest) -> str:
    portal = portal_of(request)
    return portal.brand if portal else ""


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
@etag(lambda request: f'"{_colour(request)}"')
def theme(request: HttpRequest) -> HttpResponse:
    """The portal's four colours as a style sheet; the browser keeps it until the colour changes."""
    colour = _colour(request)
    return HttpResponse(Palette.of(colour).css() if colour else "", content_type="text/css; charset=utf-8")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser and go back to the page."""
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
    return response
