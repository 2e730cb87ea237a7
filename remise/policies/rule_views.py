from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from remise.core import clock
from remise.organisations.requests import MemberRequest
from remise.policies.selectors import policy_of
from remise.policies.showing import versions_shown


@require_GET
def of_policy(request: MemberRequest, policy: str) -> HttpResponse:
    """The rules of one's own policy, in words: for whoever works here."""
    by = request.actor
    found = policy_of(by, policy)
    context = {
        "policy": found,
        "product": found.product,
        "versions": versions_shown(found.product, today=clock.today(by)),
    }
    return render(request, "policies/product.html", context)
