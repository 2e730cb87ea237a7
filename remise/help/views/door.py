"""Help for who does not get in: one page for each capacity, with an address of its own, and no scripts needed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from remise.core.errors import NotVisible
from remise.help import articles, selectors
from remise.help.capacities import Capacity, Topic
from remise.help.causes import AT_THE_DOOR, SIGNS_IN, Cause, causes_for
from remise.organisations.access import for_everyone
from remise.organisations.requests import MemberRequest


@for_everyone
@require_safe
def sign_in(request: MemberRequest) -> HttpResponse:
    return render(request, "help/sign_in.html", {"capacities": AT_THE_DOOR})


@for_everyone
@require_safe
def sign_in_as(request: MemberRequest, capacity: str) -> HttpResponse:
    """Only the causes of this capacity, and only who helps it."""
    if capacity not in AT_THE_DOOR:
        raise NotVisible(_("There is nothing here"))
    chosen = Capacity(capacity)
    # Who drives has no account here, and calls because of an accident.
    topic = Topic.SIGN_IN if chosen in SIGNS_IN else Topic.CLAIMS
    context = {
        "capacity": chosen,
        "causes": [(cause, _article(cause)) for cause in causes_for(chosen)],
        "one": selectors.best(request.portal, request.actor, topic=topic, capacity=chosen),
    }
    return render(request, "help/sign_in_as.html", context)


def _article(cause: Cause) -> str:
    return articles.address(f"article:{cause.article}") if cause.article else ""
