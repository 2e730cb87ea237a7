"""The gallery: each component in all its states, without a database. Only where `REMISE_GALLERY` says so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from remise.ui import samples
from remise.ui.theme import Palette

PALETTES = {"remise": "#33475b", "koetspoort": "#0b5d5b", "werkbank": "#2f4a9a"}

type View = Callable[..., HttpResponse]


def only_where_shown(view: View) -> View:
    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not getattr(settings, "REMISE_GALLERY", False):
            raise Http404
        return view(request, *args, **kwargs)

    # There is nothing of anybody on these pages.
    return login_not_required(shown)


def _context(request: HttpRequest) -> dict[str, object]:
    name = request.GET.get("portal", "koetspoort")
    return samples.frame(name if name in PALETTES else "remise")


@only_where_shown
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery/gallery.html", {**_context(request), **samples.components(request.GET)})


@only_where_shown
@require_GET
def gallery_door(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery/door.html", {**_context(request), "form": samples.SignIn()})


@only_where_shown
@require_GET
def gallery_refusal(request: HttpRequest) -> HttpResponse:
    return render(request, "403.html", {**_context(request), "decision": samples.REFUSAL}, status=403)


@only_where_shown
@require_GET
def gallery_theme(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PALETTES:
        raise Http404
    return HttpResponse(Palette.of(PALETTES[name]).css(), content_type="text/css")
