from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from remise.organisations.requests import MemberRequest, company_name
from remise.search.selectors import Results, place_of, search


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    """All that was found, by kind. All of one number goes straight to its page."""
    results = search(request.actor, request.GET.get("q", ""), only=request.GET.get("kind", ""))
    if results.exact and not request.htmx and "kind" not in request.GET:
        return redirect(results.exact)
    context = _context(request, results) | {"search_query": results.typed}
    return render(request, "search/page.html#found" if request.htmx else "search/page.html", context)


@require_GET
def suggest(request: MemberRequest) -> HttpResponse:
    """What the box offers while somebody types."""
    results = search(request.actor, request.GET.get("q", ""))
    return render(request, "search/suggestions.html", _context(request, results))


def _context(request: MemberRequest, results: Results) -> dict[str, object]:
    return {"results": results, "place_searched": place_of(request.actor, company_name(request))}
