from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.core.words import language_now
from remise.documents.actions import print_file
from remise.fleet.access import require_any
from remise.fleet.rights import FleetRight
from remise.green_cards.access import require
from remise.green_cards.actions import print_shipment
from remise.green_cards.selectors.cards import mailed_with, shipment_of
from remise.organisations.names import names_of
from remise.organisations.requests import MemberRequest


@require_GET
def shipment(request: MemberRequest, shipment: int) -> HttpResponse:
    """What was asked for together: done, with the files."""
    return _show(request, shipment)


@require_POST
def print_all(request: MemberRequest, shipment: int) -> HttpResponse:
    """The cards of a request that are worth something, as one file for the printer."""
    require_any(request, FleetRight.REQUEST_CARDS)
    try:
        documents = print_shipment(by=request.actor, shipment=shipment, language=language_now())
    except BrokenRule as error:
        return _show(request, shipment, refusal=error)
    answer = HttpResponse(print_file(documents), content_type="application/pdf")
    name = _("Green cards %(number)s.pdf") % {"number": shipment}
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def _show(request: MemberRequest, number: int, *, refusal: BrokenRule | None = None) -> HttpResponse:
    require_any(request, FleetRight.REQUEST_CARDS)
    found, lines = shipment_of(request.actor, number, clock.today(request.actor))
    for branch in {line.card.branch_id for line in lines}:
        require(request.actor, branch)
    printable = [line for line in lines if line.may_be_printed]
    context = {
        "shipment": found,
        "lines": lines,
        "printable": printable,
        "printed": any(line.card.was_printed for line in printable),
        "requested_by": names_of(request.actor, [found.requested_by]).get(found.requested_by or 0, ""),
        "mail": {"mailed": mailed_with(request.actor, found, lines)},
        "refusal": refusal,
    }
    return render(request, "green_cards/shipment.html", context, status=422 if refusal else 200)
