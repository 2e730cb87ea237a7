import json
from functools import cache

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from remise.api import pages
from remise.api.description import document
from remise.core import clock
from remise.core.scope import ActorKind
from remise.core.words import language_now
from remise.organisations.access import for_everyone
from remise.organisations.requests import MemberRequest


@for_everyone
@require_GET
def description(_request: MemberRequest) -> HttpResponse:
    """The OpenAPI document, in the language of the call. It tells nothing of any company."""
    return HttpResponse(_written(language_now()), content_type="application/json")


@for_everyone
@require_GET
def docs(request: MemberRequest) -> HttpResponse:
    """The same for people: each operation, what it asks and answers, and a call to copy."""
    is_member = request.actor.kind is ActorKind.MEMBER
    context = {
        "base": "ui/shell.html" if is_member else "api/open.html",
        "groups": pages.groups(
            document(language_now()),
            address=request.build_absolute_uri("/").rstrip("/"),
            today=clock.today(request.actor),
        ),
        "errors": pages.errors(),
    }
    return render(request, "api/docs.html", context)


@cache
def _written(language: str) -> str:
    return json.dumps(document(language), ensure_ascii=False)
