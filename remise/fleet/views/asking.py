"""Asking the insurer's desk for what is not to be had online, with everything that was typed."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.desk.actions import open_request
from remise.desk.models import DeskRequest
from remise.fleet.access import require_any
from remise.fleet.forms import CorrectionForm, ValueForm, is_sure
from remise.fleet.requests import (
    CATALOGUE_VALUE,
    CHECK_CODE,
    CORRECT_REGISTRATION,
    LATE_CHANGE,
    LATE_REGISTRATION,
    VEHICLE_KIND,
    asking,
)
from remise.fleet.rights import FleetRight
from remise.fleet.rules import DoubtfulValue
from remise.fleet.selectors.history import history
from remise.fleet.selectors.receipts import receipt_of
from remise.fleet.views import changing, deregistering, registering
from remise.fleet.views.asked import policy_or_not_found
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal


@require_POST
def registration(request: MemberRequest) -> HttpResponse:
    """The register form as it stands, sent to the desk instead: for the limit that its button named."""
    require_any(request, FleetRight.REGISTER)
    policy = policy_or_not_found(request)
    form, context = registering.form_of(request, policy, data=request.POST, asks=False)
    if form.is_valid():
        data = asking.late_registration(policy, form, branch=form.branch, details=form.details)
        try:
            return _asked(request, open_request(by=request.actor, kind=_limit_met(request), data=data))
        except BrokenRule as error:
            add_refusal(form, error)
            context["refusal"] = error
    return render(request, "fleet/register.html", context, status=422)


def _limit_met(request: MemberRequest) -> str:
    asked = request.POST.get("ask", "")
    return asked if asked in {CHECK_CODE.name, VEHICLE_KIND.name} else LATE_REGISTRATION.name


@require_POST
def deregistration(request: MemberRequest) -> HttpResponse:
    """The deregister form as it stands: a request for each vehicle."""
    by = request.actor
    require_any(request, FleetRight.DEREGISTER)
    vehicles = deregistering.chosen_vehicles(request)
    if not vehicles:
        return redirect("fleet:stock")
    form, context = deregistering.form_of(request, vehicles)
    if form.is_valid():
        chosen = {vehicle.item_id: vehicle.plate for vehicle in vehicles}
        day = form.cleaned_data["day"]
        try:
            made = asking.ask_deregistrations(by=by, policy=context["policy"], vehicles=chosen, day=day)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            return _asked(request, *made)
    return render(request, "fleet/deregister.html", context, status=422)


@require_POST
def change(request: MemberRequest, item: int) -> HttpResponse:
    """The form of other terms as it stands, sent to the desk instead."""
    form, context = changing.form_of(request, item)
    if form.is_valid():
        data = asking.late_change(context["history"], form.change(context["plate"]))
        try:
            return _asked(request, open_request(by=request.actor, kind=LATE_CHANGE.name, data=data))
        except BrokenRule as error:
            add_refusal(form, error)
            context["refusal"] = error
    return render(request, "fleet/change.html", context, status=422)


@require_http_methods(["GET", "POST"])
def correction(request: MemberRequest, entry: int) -> HttpResponse:
    """Undo what was entered on an earlier day."""
    require_any(request, FleetRight.REGISTER, FleetRight.DEREGISTER)
    shown = receipt_of(request.actor, entry)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = asking.correction(shown, form)
        try:
            return _asked(request, open_request(by=request.actor, kind=CORRECT_REGISTRATION.name, data=data))
        except BrokenRule as error:
            add_refusal(form, error)
    context = {"form": form, "receipt": shown, "policy": shown.policy}
    return render(request, "fleet/ask_correction.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def value(request: MemberRequest, item: int) -> HttpResponse:
    """The catalogue value is wrong: what it should be, and why. What looks like a slip is asked about first."""
    require_any(request, FleetRight.REGISTER)
    found = history(request.actor, item)
    offered = {name: request.GET.get(name, "") for name in ("value", "why")}
    form = ValueForm(_as_meant(request.POST) or None, initial=offered)
    context = {"form": form, "history": found, "today": clock.today(request.actor)}
    if request.method == "POST" and form.is_valid():
        data = asking.wrong_value(found, form, sure=is_sure(request.POST))
        try:
            return _asked(request, open_request(by=request.actor, kind=CATALOGUE_VALUE.name, data=data))
        except DoubtfulValue as error:
            return render(request, "fleet/ask_value.html", context | {"doubt": error}, status=422)
        except BrokenRule as error:
            add_refusal(form, error)
    return render(request, "fleet/ask_value.html", context, status=422 if form.errors else 200)


def _as_meant(sent: QueryDict) -> QueryDict:
    """With the value that the question offered, where that was chosen and the value in doubt still stands there."""
    if not sent.get("meant") or sent.get("doubted") != sent.get("value"):
        return sent
    changed = sent.copy()
    changed["value"] = sent.get("meant", "")
    return changed


def _asked(request: MemberRequest, *made: DeskRequest) -> HttpResponse:
    """To the request, which says when the answer comes; to the list where there are more."""
    if all(one.sent_before for one in made):
        messages.info(request, _("You asked this before. This is how far it is."))
    return redirect("desk:request", made[0].id) if len(made) == 1 else redirect("desk:requests")
