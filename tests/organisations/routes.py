"""Pages that stand for those of the rooms above: each asks for one right, and one shows nothing but the frame."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from remise.config.urls import urlpatterns as real
from remise.core.errors import NotVisible
from remise.fleet.rights import FleetRight
from remise.organisations.access import require


def view(request: HttpRequest) -> HttpResponse:
    require(request, FleetRight.VIEW)
    return HttpResponse("vehicles")


def register(request: HttpRequest) -> HttpResponse:
    require(request, FleetRight.REGISTER)
    return HttpResponse("registered")


def deregister(request: HttpRequest) -> HttpResponse:
    require(request, FleetRight.DEREGISTER)
    return HttpResponse("deregistered")


def nothing(_request: HttpRequest) -> HttpResponse:
    raise NotVisible("")


def frame(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string('{% extends "ui/shell.html" %}').render({}, request))


urlpatterns = [
    path("try/view", view),
    path("try/register", register),
    path("try/deregister", deregister),
    path("try/nothing", nothing),
    path("try/frame", frame),
    path("", include(real)),
]
