"""Which brand is asked for, and in which language it answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from remise.core.middleware import OUTSIDE
from remise.core.scope import ActorKind, Scope, switch
from remise.portals import languages
from remise.portals.models import Portal

type Next = Callable[[HttpRequest], HttpResponseBase]

# The demo's start page belongs to the installation and not to one insurer.
START_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


class PortalByHost:
    """Gives `request.portal`, and the open transaction the portal's scope. The name in the address decides, and
    nothing else: two insurers on one installation never meet."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.portal = None  # type: ignore[attr-defined]
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        host = split_domain_port(request.get_host())[0]
        portal = Portal.objects.filter(hosts__host=host).first()
        if portal:
            request.portal, request.portal_host = portal, host  # type: ignore[attr-defined]
            switch(Scope(ActorKind.PUBLIC, portal.id))
        elif settings.START_URLCONF and host in START_HOSTS:
            request.urlconf = settings.START_URLCONF
        else:
            return _nobody_here(request)
        return self.get_response(request)


def _nobody_here(request: HttpRequest) -> HttpResponseBase:
    with translation.override(languages.accepted(request, languages.all_codes())):
        return render(request, "portals/nobody_here.html", status=404)


class Language:
    """The visitor's own choice, else the first language of the browser that this portal speaks."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = languages.chosen(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
