"""For the insurer's people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from remise.core.forms import whole_number
from remise.organisations.requests import MemberRequest
from remise.search.customers import company_of, look_at, parts, require


@require_GET
def company(request: MemberRequest, company: int) -> HttpResponse:
    """What the insurer knows of one, and on top the thing by which it was found."""
    by = request.actor
    require(by)
    known = company_of(by, company)
    thing = look_at(by, known, kind=request.GET.get("kind", ""), thing=whole_number(request.GET.get("thing", "")))
    return render(request, "search/company.html", {"company": known, "parts": parts(by, known), "found": thing})
