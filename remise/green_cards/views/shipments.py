from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from remise.core import clock, events
from remise.documents.actions import print_file
from remise.fleet.rights import FleetRight
from remise.fleet.views.asked import require_any
from remise.green_cards.access import require
from remise.green_cards.selectors.cards import shipment_of
from remise.organisations.requests import MemberRequest


@require_GET
def shipment(request: MemberRequest, shipment: int) -> HttpResponse:
    """What was asked for together: done, with the files."""
    require_any(request, FleetRight.REQUEST_CARDS)
    found, lines = shipment_of(request.actor, shipment, clock.today(request.actor))
    for branch in {line.card.branch_id for line in lines}:
        require(request.actor, branch)
    return render(request, "green_cards/shipment.html", {"shipment": found, "lines": lines})


@require_GET
def print_all(request: MemberRequest, shipment: int) -> HttpResponse:
    """All cards of a request that are not void, as one file for the printer."""
    require_any(request, FleetRight.REQUEST_CARDS)
    found, lines = shipment_of(request.actor, shipment, clock.today(request.actor))
    for branch in {line.card.branch_id for line in lines}:
        require(request.actor, branch)
    documents = [line.card.document for line in lines if line.card.document and line.card.voided_at is None]
    if not documents:
        return render(request, "green_cards/shipment.html", {"shipment": found, "lines": lines}, status=422)
    events.record("green_card.printed", by=request.actor, subject=("shipment", found.id))
    answer = HttpResponse(print_file(documents), content_type="application/pdf")
    name = _("Green cards %(number)s.pdf") % {"number": found.id}
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer
