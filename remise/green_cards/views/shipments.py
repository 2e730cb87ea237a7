from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
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
from remise.green_cards.actions import print_shipment, send_again
from remise.green_cards.addresses import FIELDS, address_of
from remise.green_cards.forms import AgainForm
from remise.green_cards.models import Shipment
from remise.green_cards.selectors.cards import mailed_with, shipment_of
from remise.green_cards.selectors.returned import newest_of
from remise.organisations.models import Organisation
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


@require_POST
def again(request: MemberRequest, shipment: int) -> HttpResponse:
    """The letter came back: its cards once more, to the address that was corrected."""
    require_any(request, FleetRight.REQUEST_CARDS)
    shipment_of(request.actor, shipment, clock.today(request.actor))
    form = AgainForm(request.POST)
    if form.is_valid():
        try:
            key = form.cleaned_data["key"]
            made = send_again(by=request.actor, shipment=shipment, address=form.address, key=key)
        except BrokenRule as error:
            return _show(request, shipment, refusal=error, form=form)
        messages.success(request, _("The cards are sent again, to the address below."))
        return redirect("green_cards:shipment", made.id)
    return _show(request, shipment, form=form)


def again_form(shipment: Shipment) -> AgainForm | None:
    """To correct the address of a letter that came back; where it was let go of, the company's own."""
    if shipment.state != Shipment.State.RETURNED:
        return None
    said = shipment if shipment.erased_at is None else address_of(_company(shipment), None)
    return AgainForm(initial={name: getattr(said, name) for name in FIELDS} | {"key": uuid4()})


def _company(shipment: Shipment) -> Organisation:
    return Organisation.objects.get(id=shipment.organisation)


def _show(
    request: MemberRequest, number: int, *, refusal: BrokenRule | None = None, form: AgainForm | None = None
) -> HttpResponse:
    require_any(request, FleetRight.REQUEST_CARDS)
    found, lines = shipment_of(request.actor, number, clock.today(request.actor))
    for branch in {line.card.branch_id for line in lines}:
        require(request.actor, branch)
    printable = [line for line in lines if line.may_be_printed]
    newest = newest_of([found])[found.carries]
    context = {
        "shipment": found,
        "newest": newest,
        "again": (form or again_form(found)) if printable and newest.id == found.id else None,
        "lines": lines,
        "printable": printable,
        "printed": any(line.card.was_printed for line in printable),
        "requested_by": names_of(request.actor, [found.requested_by]).get(found.requested_by or 0, ""),
        "mail": {"mailed": mailed_with(request.actor, found, lines)},
        "refusal": refusal,
    }
    return render(request, "green_cards/shipment.html", context, status=422 if refusal or form else 200)
