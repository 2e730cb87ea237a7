"""The box at the top of each page."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from remise.organisations.requests import as_member
from remise.ui.shell import Suggest


def search_url(request: HttpRequest) -> str:
    return reverse("search:page") if _works(request) else ""


def suggest(request: HttpRequest) -> Suggest | None:
    if not _works(request):
        return None
    return Suggest(reverse("search:suggest"), static("search/box.js"), static("search/box.css"))


def _works(request: HttpRequest) -> bool:
    """For a company: nobody else finds anything."""
    by = getattr(as_member(request), "actor", None)
    return by is not None and by.organisation is not None
