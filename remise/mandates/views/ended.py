"""What who acted for a client reads when that is over: which mandate, when, and whom to ask."""

from django.http import HttpResponse
from django.shortcuts import render

from remise.core.rights import Decision
from remise.mandates import selectors
from remise.organisations import refusals
from remise.organisations.requests import MemberRequest, wants_json

CODE = "mandate_ended"


def no_more(request: MemberRequest, *, client: int) -> HttpResponse:
    """403 in the office's own scope; nothing of the client is read. The client stays chosen until one goes on for the
    office by a click: no page shows another company's things unasked."""
    refusals.note(request, Decision(allowed=False, code=CODE))
    found = [one for one in selectors.received(request.actor) if one.client == client and one.mandate.is_taken_on]
    last = max(found, key=lambda one: one.mandate.ended_at or one.mandate.given_at, default=None)
    if wants_json(request) or request.htmx:
        return refusals.mandate_over(request, CODE)
    response = render(request, "mandates/no_more.html", {"last": last}, status=403)
    return refusals.marked(response, CODE)
