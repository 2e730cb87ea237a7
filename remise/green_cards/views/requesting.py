from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remise.core import clock
from remise.core.errors import BrokenRule, NotVisible
from remise.core.models import Item
from remise.core.words import language_now
from remise.fleet.access import require_any
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.stock import StockQuery, stock
from remise.fleet.selectors.stock import page as stock_page
from remise.fleet.views.asked import chosen_policies, numbers_asked
from remise.green_cards.access import require_asking
from remise.green_cards.actions import issue_green_cards
from remise.green_cards.addresses import FIELDS
from remise.green_cards.forms import RequestForm, WishForm
from remise.green_cards.selectors.planning import Plan, plans, usual
from remise.organisations.access import visible_branches
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.ui.forms import add_refusal
from remise.vehicles.register.lookup import look_up

WISHED = ("with_trailer", "trailer", "until")
TYPED = ("format", *FIELDS, "recipient", *WISHED)
NAMESPACE = UUID("5b0c8a1e-3c39-4d8f-9f4e-6a5b7d1f9c02")  # of the keys below


@require_http_methods(["GET", "POST"])
def request_cards(request: MemberRequest) -> HttpResponse:
    """Tick, say how they come, look at what will happen, ask for them. Each step sends all that was typed before, so
    that going back loses nothing and two tabs do not meet."""
    require_any(request, FleetRight.REQUEST_CARDS)
    items = numbers_asked((request.POST or request.GET).getlist("item"))
    if not items:
        return _choose(request)
    policy = _policy_of(request, items)
    asked = WishForm(request.POST or request.GET)
    if not asked.is_valid():
        return _ask_for_trailer(request, policy, items, asked)
    if request.method == "GET" and asked.wish.trailer is not None:
        look_up(request.actor, asked.wish.trailer)  # the one step that waits for the register, and not for long
    try:
        planned = plans(request.actor, policy, items, today=clock.today(request.actor), wish=asked.wish)
    except BrokenRule as error:
        add_refusal(asked, error)
        return _ask_for_trailer(request, policy, items, asked)
    for branch in {plan.branch for plan in planned}:
        require_asking(request.actor, branch)
    step = request.POST.get("step", "")
    cards = sum(plan.problem is None for plan in planned)
    wished = {name: request.GET[name] for name in ("format", *WISHED) if name in request.GET}
    form = RequestForm(request.POST or None, cards=cards, initial=usual(request.actor, planned) | wished)
    context = _context(request, policy, planned, form) | {"wish": asked.wish}
    if step == "issue" and form.is_valid():
        return _issue(request, policy, context)
    if step == "check" and form.is_valid() and context["possible"]:
        return render(request, "green_cards/check.html", context)
    # Coming back shows what was typed, whatever it was; only going on says what is wrong.
    wrong = step in {"check", "issue"} and not form.is_valid()
    if step and not wrong:
        typed = {name: request.POST.get(name, "") for name in TYPED}
        context["form"] = RequestForm(initial=typed | {"with_trailer": asked.wish.with_trailer})
    return render(request, "green_cards/request.html", context, status=422 if wrong else 200)


def _issue(request: MemberRequest, policy: Policy, context: dict[str, Any]) -> HttpResponse:
    """What was shown, or nothing: what became possible or impossible since is for the next look."""
    form: RequestForm = context["form"]
    shown = request.POST.getlist("shown")
    try:
        shipment = issue_green_cards(
            by=request.actor,
            policy=policy,
            items=numbers_asked([line.partition(" ")[0] for line in shown]),
            format=form.cleaned_data["format"],
            address=form.address,
            key=_key(request, context["key"], shown),
            language=language_now(),
            as_shown=shown,
            recipient=form.cleaned_data["recipient"],
            wish=form.wish,
        )
    except BrokenRule as error:
        add_refusal(form, error)
        context["refusal"] = error
        page = "green_cards/check.html" if context["possible"] else "green_cards/request.html"
        return render(request, page, context, status=422)
    return redirect("green_cards:shipment", shipment.id)


def _key(request: MemberRequest, key: str, shown: list[str]) -> UUID:
    """The same for a form that is sent twice, whatever happened in between: made of what is in it alone.
    Another one when something in it was changed."""
    said = [key, *(request.POST.get(name, "") for name in TYPED)]
    return uuid5(NAMESPACE, repr((said, sorted(shown))))


def _ask_for_trailer(request: MemberRequest, policy: Policy, items: list[int], form: WishForm) -> HttpResponse:
    """What was typed of the trailer cannot be: once more, with the reason."""
    context = {"policy": policy, "items": items, "form": form}
    return render(request, "green_cards/trailer.html", context, status=422)


def _choose(request: MemberRequest) -> HttpResponse:
    """The vehicles on the policy to tick, for who comes from the cards instead of from the vehicles."""
    chosen = chosen_policies(request)
    if chosen is None:
        return render(request, "fleet/no_policy.html")
    policies, policy = chosen
    by, asked = request.actor, request.GET
    query = StockQuery(day=clock.today(by), search=asked.get("q", ""), branch=by.branch, sort="plate")
    branches = visible_branches(by, FleetRight.REQUEST_CARDS)
    vehicles = stock(by, policy, query)
    if branches is not None:
        vehicles = vehicles.filter(branch__in=branches)
    context = {
        "policies": policies,
        "policy": policy,
        "query": query,
        "page": stock_page(vehicles, query, after=asked.get("after", ""), before=asked.get("before", "")),
    }
    return render(request, "green_cards/choose.html", context)


def _policy_of(request: MemberRequest, items: list[int]) -> Policy:
    found = Item.objects.filter(id__in=items, organisation=request.actor.company, kind=RegistrationVersion.KIND)
    policies = set(found.values_list("policy", flat=True))
    if len(policies) != 1:
        raise NotVisible(_("One policy at a time."))
    return Policy.objects.select_related("product").get(organisation=request.actor.company, id=policies.pop())


def _context(request: MemberRequest, policy: Policy, planned: list[Plan], form: RequestForm) -> dict[str, Any]:
    given = request.POST.get("key", "")
    return {
        "policy": policy,
        "planned": planned,
        "possible": [plan for plan in planned if plan.problem is None],
        "impossible": [plan for plan in planned if plan.problem is not None],
        "form": form,
        "key": given if _is_key(given) else str(uuid4()),
    }


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
