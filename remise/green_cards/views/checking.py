from math import ceil

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from remise.accounts.places import caller_address, network_of
from remise.core import clock
from remise.core.limits import Rate, TooOften
from remise.green_cards.selectors.checking import checked
from remise.portals.requests import portal_of

# By the place it comes from: enough for a border post, too little to try codes of 192 bits.
OFTEN = Rate("card-check", times=60, seconds=60)


@login_not_required
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What whoever scans the code beside a card is told, without signing in: is it worth anything?"""
    portal = portal_of(request)
    assert portal is not None  # the middleware answers where nobody is asked
    try:
        OFTEN.take(network_of(caller_address(request)))
    except TooOften as often:
        answer = render(request, "green_cards/public.html", {"too_often": True}, status=429)
        answer["Retry-After"] = str(max(1, ceil(often.seconds)))
    else:
        found = checked(code, day=clock.today(portal))
        context = {"card": found, "now": clock.now(portal)}
        answer = render(request, "green_cards/public.html", context, status=200 if found else 404)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
