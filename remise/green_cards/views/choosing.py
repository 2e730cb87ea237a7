from babel import Locale
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remise.core.actor import can
from remise.core.errors import Forbidden
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import choose_delivery
from remise.green_cards.forms import AS_THE_PRODUCT_SAYS, DeliveryForm
from remise.green_cards.models import CardDelivery
from remise.organisations.models import Organisation
from remise.organisations.requests import MemberRequest
from remise.portals.languages import spoken
from remise.ui.forms import carried_out


@require_http_methods(["GET", "POST"])
def delivery(request: MemberRequest) -> HttpResponse:
    """How cards that nobody asks for reach the company: for who may ask for cards in all of it."""
    by = request.actor
    decision = can(by, FleetRight.REQUEST_CARDS, organisation=by.company)
    if not decision:
        raise Forbidden(decision)
    held = CardDelivery.objects.filter(organisation=by.company).first()
    languages = spoken(request.portal)
    form = DeliveryForm(
        request.POST or None,
        languages=[(code, str(Locale.parse(code).display_name)) for code in languages],
        initial={
            "delivery": (held.delivery if held else "") or AS_THE_PRODUCT_SAYS,
            "language": held.language if held and held.language in languages else languages[0],
        },
    )
    if request.method == "POST" and carried_out(
        form,
        lambda said: choose_delivery(by=by, **said),
    ):
        messages.success(request, _("From the next card on they come this way."))
        return redirect("green_cards:overview")
    mailbox = Organisation.objects.get(id=by.company).contact_email
    context = {"form": form, "mailbox": mailbox}
    return render(request, "green_cards/delivery.html", context, status=422 if form.errors else 200)
