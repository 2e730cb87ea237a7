from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.core.forms import whole_number
from remise.fleet.access import branches_for, require_any
from remise.fleet.actions import register_vehicle
from remise.fleet.bulk.kinds import said_by_line
from remise.fleet.comparing import compare_code
from remise.fleet.forms import RegisterForm
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties.selectors import suggested
from remise.fleet.premium import premium_line
from remise.fleet.rights import FleetRight
from remise.fleet.views.asked import chosen_policies, day_asked, policy_or_not_found
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.policies.rules import ProductRules, registering_window
from remise.policies.selectors import rules_of
from remise.ui.formats import read_plate
from remise.ui.forms import add_refusal
from remise.vehicles.register.lookup import LookedUp, look_up, stored

LAST_BRANCH = "registered_in"  # of this session, offered for the next one
NOTHING = LookedUp(None, is_fresh=False)  # no plate was asked for


@require_http_methods(["GET", "POST"])
def register(request: MemberRequest) -> HttpResponse:
    require_any(request, FleetRight.REGISTER)
    chosen = chosen_policies(request)
    if chosen is None:
        return render(request, "fleet/no_policy.html")
    policies, policy = chosen
    form, context = form_of(request, policy, data=request.POST or None, asks=request.method == "GET")
    context["policies"] = policies
    if request.method == "POST" and not form.is_valid():
        context["refusal"] = compare_code(form, by=request.actor).refusal
    elif request.method == "POST":
        try:
            done = register_vehicle(
                by=request.actor,
                policy=policy,
                plate=form.cleaned_data["plate"],
                check_code=form.cleaned_data.get("check_code"),
                starts=form.cleaned_data["day"],
                branch=form.branch,
                details=form.details,
                vin=form.vin,
                sure=form.sure,
            )
        except BrokenRule as error:
            add_refusal(form, error)
            context["refusal"] = error
        else:
            request.session[LAST_BRANCH] = form.branch
            return redirect("fleet:receipt", done.entry.id)
    return render(request, "fleet/register.html", context, status=422 if form.errors else 200)


@require_GET
def facts(request: MemberRequest) -> HttpResponse:
    """What the register says of a plate, swapped into the form while it is filled in: the days narrow to its name
    date, and a trade plate takes the check code away. The only page that waits for the register, and not for long."""
    require_any(request, FleetRight.REGISTER)
    _, context = form_of(request, policy_or_not_found(request), data=None, asks=True)
    context["narrows"] = request.htmx
    return render(request, "fleet/register.html#facts", context)


@require_GET
def premium(request: MemberRequest) -> HttpResponse:
    """What the vehicle does to the premium from another day on, swapped into the form."""
    by = request.actor
    require_any(request, FleetRight.REGISTER)
    policy, today = policy_or_not_found(request), clock.today(by)
    starts = day_asked(request.GET.get("day", "")) or today
    context = {"policy": policy, "premium": _premium(rules_of(policy, on=today), starts, today)}
    return render(request, "fleet/register.html#premium", context)


def _premium(rules: ProductRules, starts: date, today: date) -> str:
    """Nothing where that day is refused anyway."""
    window = registering_window(rules, today=today, in_name_since=None)
    return "" if window.broken_by(starts) else premium_line(rules, starts, today=today)


@require_POST
def code(request: MemberRequest) -> HttpResponse:
    """Whether the check code can be right, as soon as it is filled in. A form that is sent, for each comparison is an
    attempt."""
    require_any(request, FleetRight.REGISTER)
    form, context = form_of(request, policy_or_not_found(request), data=request.POST, asks=False)
    form.is_valid()
    compared = compare_code(form, by=request.actor)
    context |= {
        "refusal": compared.refusal,
        "code_wrong": form.errors.get("check_code") if request.POST.get("check_code") else None,
        "code_matches": compared.matches,
    }
    return render(request, "fleet/register.html#code", context)


def _said_by_line(request: MemberRequest) -> dict[str, Any]:
    """What a line of a file says of the vehicle that is now done by itself; nothing where none is asked."""
    run, line = (whole_number(request.GET.get(name, "")) for name in ("run", "line"))
    return {} if run is None or line is None else said_by_line(request.actor, run, line)


def form_of(
    request: MemberRequest, policy: Policy, *, data: QueryDict | None, asks: bool
) -> tuple[RegisterForm, dict[str, Any]]:
    """The form and what its page shows; `asks` the register, or takes what is stored."""
    by = request.actor
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    said = _said_by_line(request) if data is None else {}
    typed = (data or request.GET).get("plate", "") or said.get("plate", "")
    plate = read_plate(typed)
    known = (look_up(by, plate) if asks else stored(plate)) if plate else NOTHING
    vehicle = known.vehicle if known.vehicle and known.vehicle.found else None
    form = RegisterForm(
        data,
        initial={"check_code": request.GET.get("check_code", ""), **said, "plate": typed},
        rules=rules,
        window=registering_window(rules, today=today, in_name_since=vehicle.in_name_since if vehicle else None),
        today=today,
        branches=branches_for(by, FleetRight.REGISTER),
        branch=said.get("branch") or by.branch or request.session.get(LAST_BRANCH),
        plate=plate,
    )
    begins = said.get("day") or day_asked(request.GET.get("day", "")) or today
    form.initial["day"] = begins
    starts = day_asked(data.get("day", "")) or today if data else begins
    covered = RegistrationVersion.objects.filter(policy=policy.id, organisation=by.company).known().not_ended(today)
    return form, {
        "policy": policy,
        "form": form,
        "rules": rules,
        "premium": _premium(rules, starts, today),
        "vehicle": vehicle,
        "said_on": vehicle.said_on(by) if vehicle else None,
        "is_unknown": known.is_fresh and vehicle is None,
        "covered": covered.filter(plate=plate.value).order_by("starts").first() if plate else None,
        "plate": plate,
        "today": today,
        "parties": suggested(by, "") if rules.asks_parties else [],
    }
