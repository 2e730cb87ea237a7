from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from remise.documents import actions
from remise.documents.sights import SIGHT
from remise.organisations.looking.of_office import note_look_of_office
from remise.organisations.requests import MemberRequest

AGAIN = "2"  # seconds


@require_GET
def show(request: MemberRequest, document: int) -> HttpResponse:
    """In the browser's own reader. Nobody between keeps a copy: accounts.middleware.NoStore says so of every page."""
    found, content = actions.read(by=request.actor, document=document)
    note_look_of_office(request, SIGHT.kind, found.id)
    if content is None:
        waiting = render(request, "documents/being_drawn.html", {"document": found})
        waiting["Refresh"] = AGAIN
        return waiting
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=False, filename=found.file_name))
    answer["Content-Language"] = found.language
    return answer
