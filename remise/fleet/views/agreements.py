"""For the insurer's people: with which other insurers cover is compared, and on which legal basis."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.fleet.forms import AgreementForm
from remise.fleet.twice import agreements
from remise.organisations.requests import MemberRequest
from remise.ui.forms import carried_out


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    by = request.actor
    agreements.require(by)
    return render(
        request, "fleet/agreements.html", {"partners": agreements.partners(by), "past": agreements.past(by)}
    )


@require_http_methods(["GET", "POST"])
def agree(request: MemberRequest, partner: str) -> HttpResponse:
    by = request.actor
    agreements.require(by)
    other = agreements.partner_of(by, partner)
    form = AgreementForm(request.POST or None, initial={"starts": clock.today(by)})

    def act(said: dict[str, Any]) -> None:
        last = said["last_day"]
        agreements.agree(
            by=by,
            partner=other.id,
            basis=said["basis"],
            document=said["document"],
            starts=said["starts"],
            ends=last + timedelta(days=1) if last else None,
        )

    if request.method == "POST" and carried_out(form, act):
        words = _("On for %(insurer)s. Vehicles are compared while %(insurer)s has it on too.")
        messages.success(request, words % {"insurer": other.insurer})
        return redirect("agreements:overview")
    context = {"form": form, "partner": other}
    return render(request, "fleet/agreement.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: MemberRequest, agreement: int) -> HttpResponse:
    agreements.end_agreement(by=request.actor, agreement=agreement)
    messages.success(request, _("Ended: nothing is compared with this insurer any more."))
    return redirect("agreements:overview")
