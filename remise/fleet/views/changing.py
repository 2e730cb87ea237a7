"""Other terms for one vehicle from a day on: fill in, see what changes, confirm."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.core.identifiers import Plate
from remise.fleet import terms
from remise.fleet.access import require_any
from remise.fleet.actions import change_vehicle
from remise.fleet.forms import ChangeForm
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.history import history
from remise.organisations.access import require
from remise.organisations.models import Party
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.policies.selectors import rules_of
from remise.ui.forms import add_refusal

SUGGESTED = 200  # lessees and drivers named before
EDIT, CONFIRM = "edit", "confirm"  # what the last page's buttons say


@require_http_methods(["GET", "POST"])
def change(request: MemberRequest, item: int) -> HttpResponse:
    """The last page before it happens shows exactly what will; back to the form keeps everything."""
    by, step = request.actor, request.POST.get("step", "")
    form, context = form_of(request, item)
    found, policy = context["history"], context["policy"]
    if not found.runs(context["today"]):
        return redirect("fleet:vehicle", item)
    if request.method == "POST" and step == EDIT:
        typed = {name: request.POST.get(name, "") for name in form.fields}
        context["form"] = terms.form_of(by, found, None, initial=typed, shown=form.shown)
    elif request.method == "POST" and form.is_valid():
        asked = form.change(context["plate"])
        try:
            if step == CONFIRM:
                return redirect("fleet:receipt", change_vehicle(by=by, policy=policy, change=asked).entry.id)
            context |= {"preview": terms.preview(by, found, asked), "asked": asked}
        except BrokenRule as error:
            add_refusal(form, error)
            context["refusal"] = error
    return render(request, "fleet/change.html", context, status=422 if context["form"].errors else 200)


def form_of(request: MemberRequest, item: int) -> tuple[ChangeForm, dict[str, Any]]:
    """The form and what its page shows."""
    by = request.actor
    require_any(request, FleetRight.REGISTER)
    found = history(by, item)
    require(request, FleetRight.REGISTER, branch=found.branch.id if found.branch else None)
    policy = Policy.objects.select_related("product").get(organisation=by.company, id=found.item.policy)
    form = terms.form_of(by, found, request.POST or None)
    today = clock.today(by)
    parties = Party.objects.filter(Party.LIVING, organisation=by.company).order_by("name")[:SUGGESTED]
    return form, {
        "history": found,
        "policy": policy,
        "plate": Plate(found.item.key),
        "form": form,
        "rules": rules_of(policy, on=today),
        "today": today,
        "parties": parties,
    }
