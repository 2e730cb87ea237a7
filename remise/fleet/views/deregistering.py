from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.fleet.access import require_any
from remise.fleet.actions import deregister_vehicles
from remise.fleet.forms import DeregisterForm
from remise.fleet.models import RegistrationVersion
from remise.fleet.remedies import RequestName
from remise.fleet.rights import FleetRight
from remise.fleet.rules import day_allowed
from remise.fleet.selectors.covers import begun
from remise.fleet.views.asked import day_asked, numbers_asked
from remise.organisations.access import require
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.policies.rules import ProductRules, deregistering_window
from remise.policies.selectors import rules_of
from remise.ui.forms import add_refusal


@require_http_methods(["GET", "POST"])
def deregister(request: MemberRequest) -> HttpResponse:
    """Tick, check, choose the day, confirm: all of them or none."""
    by = request.actor
    require_any(request, FleetRight.DEREGISTER)
    vehicles = chosen_vehicles(request)
    if not vehicles:
        return redirect("fleet:stock")
    form, context = form_of(request, vehicles)
    if request.method == "POST" and form.is_valid():
        try:
            items, day = numbers_asked(request.POST.getlist("item")), form.cleaned_data["day"]
            done = deregister_vehicles(by=by, policy=context["policy"], items=items, day=day)
        except (BrokenRule, NotVisible) as error:
            add_refusal(form, error)
            context["refusal"] = error
        else:
            numbers = ",".join(str(one.entry.id) for one in done)
            return redirect(f"{reverse('fleet:receipts')}?entries={numbers}")
    return render(request, "fleet/deregister.html", context, status=422 if form.errors else 200)


def chosen_vehicles(request: MemberRequest) -> list[RegistrationVersion]:
    """Those that were ticked, where one may deregister all of them."""
    found = _on_cover(request.actor, numbers_asked((request.POST or request.GET).getlist("item")))
    for branch in {vehicle.branch for vehicle in found}:
        require(request, FleetRight.DEREGISTER, branch=branch)
    return found


def form_of(request: MemberRequest, vehicles: list[RegistrationVersion]) -> tuple[DeregisterForm, dict[str, Any]]:
    """The form and what its page shows."""
    policy = _one_policy(vehicles)
    today = clock.today(request.actor)
    rules = rules_of(policy, on=today)
    form = DeregisterForm(request.POST or None, rules=rules, today=today)
    context = {
        "policy": policy,
        "form": form,
        "vehicles": vehicles,
        "since": begun(policy, [vehicle.plate for vehicle in vehicles]),
        "rules": rules,
        "today": today,
    }
    if request.method == "GET" and (day := day_asked(request.GET.get("day", ""))):
        form.fields["day"].initial = day
        context["refusal"] = _beyond(day, rules, today)
    return form, context


def _beyond(day: date, rules: ProductRules, today: date) -> BrokenRule | None:
    """A day that somebody was led here with may lie further back than goes online: the desk is offered at once."""
    window = deregistering_window(rules, today=today)
    try:
        day_allowed(window, day, today=today, rules=rules, request_kind=RequestName.LATE_DEREGISTRATION)
    except BrokenRule as refusal:
        return refusal
    return None


def _on_cover(by: Actor, items: list[int]) -> list[RegistrationVersion]:
    """Those of these vehicles that are on cover or will be; each once, as it last holds."""
    versions = RegistrationVersion.objects.filter(organisation=by.company, item__in=items).known()
    return list(versions.not_ended(clock.today(by)).order_by("plate", "-starts").distinct("plate"))


def _one_policy(vehicles: list[RegistrationVersion]) -> Policy:
    if len({vehicle.policy for vehicle in vehicles}) > 1:
        raise NotVisible(_("One policy at a time."))
    return Policy.objects.select_related("product").get(id=vehicles[0].policy)
