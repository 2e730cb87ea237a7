from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import make_aware
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.forms import whole_number
from remise.core.identifiers import IdentifierError, Plate
from remise.core.models import Entry
from remise.core.spreadsheet import CONTENT_TYPES
from remise.fleet import actions, selectors
from remise.fleet.exports import write_stock
from remise.fleet.forms import DeregisterForm, RegisterForm, add_refusal
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.runs import STOCK, stock_file_name, stock_inputs
from remise.fleet.selectors import StockQuery
from remise.organisations.access import require, visible_branches
from remise.organisations.models import Branch, Party
from remise.organisations.requests import MemberRequest
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.rules import ProductRules
from remise.policies.selectors import in_language, policies_of, policy_of, rules_of
from remise.runs.actions import begin_run
from remise.vehicles.models import Vehicle

AT_ONCE = 5_000


@require_GET
def stock(request: MemberRequest) -> HttpResponse:
    """The vehicles on one policy: how many, worth what, on a day, as known at a moment."""
    by = request.actor
    require(request, FleetRight.VIEW)
    chosen = chosen_policies(request)
    if chosen is None:
        return render(request, "fleet/no_policy.html")
    policies, policy = chosen
    query = stock_query(request, by)
    versions = selectors.stock(by, policy, query)
    found = selectors.page(versions, query, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "policies": policies,
        "policy": policy,
        "query": query,
        "page": found,
        "rules": rules_of(policy, on=clock.today(by)),
        "totals": selectors.totals(by, policy, query),
        "today": clock.today(by),
        "past": query.known_at is not None or query.day != clock.today(by),
        "may_register": _may(by, FleetRight.REGISTER),
        "may_deregister": _may(by, FleetRight.DEREGISTER),
    }
    return render(request, "fleet/stock.html", context)


@require_GET
def export(request: MemberRequest) -> HttpResponse:
    """The list as a file: at once while it is small, as a run when it is large."""
    by = request.actor
    require(request, FleetRight.VIEW)
    chosen = chosen_policies(request)
    kind = request.GET.get("format", "csv")
    if chosen is None or kind not in CONTENT_TYPES:
        raise NotVisible("There is no such file.")
    policy, query = chosen[1], stock_query(request, by)
    versions = selectors.stock(by, policy, query)
    inputs = stock_inputs(policy, query, kind)
    if versions[: AT_ONCE + 1].count() > AT_ONCE:
        return redirect("runs:detail", begin_run(by=by, kind=STOCK.name, inputs=inputs).id)
    file = BytesIO()
    for _written in write_stock(file, kind, versions, rules_of(policy, on=max(query.day, policy.starts))):
        pass
    answer = HttpResponse(file.getvalue(), content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{stock_file_name(by, inputs)}"'
    return answer


@require_http_methods(["GET", "POST"])
def register(request: MemberRequest) -> HttpResponse:
    by = request.actor
    require_any(request, FleetRight.REGISTER)
    chosen = chosen_policies(request)
    if chosen is None:
        return render(request, "fleet/no_policy.html")
    form, context = _register_form(request, *chosen, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.register_vehicle(
                by=by,
                policy=chosen[1],
                plate=form.cleaned_data["plate"],
                check_code=form.cleaned_data.get("check_code"),
                starts=form.cleaned_data["day"],
                branch=form.branch,
                details=form.details,
            )
        except Forbidden:
            raise
        except DomainError as error:
            add_refusal(form, error)
            context["refusal"] = error
        else:
            return redirect("fleet:receipt", done.entry.id)
    return render(request, "fleet/register.html", context, status=422 if form.errors else 200)


@require_GET
def facts(request: MemberRequest) -> HttpResponse:
    """What the register says of a plate, swapped into the form while it is filled in; a trade plate takes the check
    code away."""
    require_any(request, FleetRight.REGISTER)
    chosen = chosen_policies(request)
    if chosen is None:
        raise NotVisible("There is no policy for vehicles.")
    _form, context = _register_form(request, *chosen, data=None)
    return render(request, "fleet/register.html#facts", context)


def _register_form(
    request: MemberRequest, policies: list[Policy], policy: Policy, *, data: QueryDict | None
) -> tuple[RegisterForm, dict[str, Any]]:
    by = request.actor
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    typed = (data or request.GET).get("plate", "")
    vehicle = _vehicle(typed)
    form = RegisterForm(
        data,
        initial={"plate": typed, "check_code": request.GET.get("check_code", ""), "day": today},
        rules=rules,
        window=product_rules.registering_window(
            rules, today=today, in_name_since=vehicle.in_name_since if vehicle else None
        ),
        today=today,
        branches=_branches(by, FleetRight.REGISTER),
        plate=_plate(typed),
    )
    return form, {
        "policies": policies,
        "policy": policy,
        "form": form,
        "rules": rules,
        "vehicle": vehicle,
        "plate": _plate(typed),
        "today": today,
        "parties": Party.objects.filter(erased_at__isnull=True).order_by("name")[:200] if rules.fields else [],
    }


@require_http_methods(["GET", "POST"])
def deregister(request: MemberRequest) -> HttpResponse:
    """Tick, check, choose the day, confirm: all of them or none."""
    by = request.actor
    require_any(request, FleetRight.DEREGISTER)
    items = _numbers((request.POST or request.GET).getlist("item"))
    versions = list(
        RegistrationVersion.objects.filter(item__in=items)
        .known()
        .filter(_still_runs(clock.today(by)))
        .order_by("plate")
    )
    if not versions:
        return redirect("fleet:stock")
    for branch in {version.branch for version in versions}:
        require(request, FleetRight.DEREGISTER, branch=branch)
    policy = _one_policy(versions)
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    form = DeregisterForm(
        request.POST or None,
        rules=rules,
        window=product_rules.deregistering_window(rules, today=today),
        today=today,
    )
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.deregister_vehicles(by=by, policy=policy, items=items, day=form.cleaned_data["day"])
        except Forbidden:
            raise
        except DomainError as error:
            add_refusal(form, error)
            refusal = error
        else:
            numbers = ",".join(str(one.entry.id) for one in done)
            return redirect(f"{reverse('fleet:receipts')}?entries={numbers}")
    context = {
        "policy": policy,
        "form": form,
        "versions": versions,
        "rules": rules,
        "today": today,
        "refusal": refusal,
    }
    return render(request, "fleet/deregister.html", context, status=422 if form.errors else 200)


@require_GET
def vehicle(request: MemberRequest, item: int) -> HttpResponse:
    """One vehicle on its policy: what holds, and every line that led there."""
    by = request.actor
    require_any(request, FleetRight.VIEW)
    found = selectors.history(by, item)
    policy = Policy.objects.select_related("product").get(id=found.item.policy)
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    context = {
        "history": found,
        "policy": policy,
        "rules": rules,
        "plate": Plate(found.item.key),
        "register": Vehicle.objects.filter(plate=found.item.key).first(),
        "today": today,
        "running": found.latest is not None and (found.latest.ends is None or found.latest.ends > today),
        "cover": _cover(rules, found.latest),
        "may_deregister": _may(by, FleetRight.DEREGISTER),
    }
    return render(request, "fleet/vehicle.html", context)


@require_GET
def receipt(request: MemberRequest, entry: int) -> HttpResponse:
    require_any(request, FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER)
    return render(
        request, "fleet/receipt.html", _receipt_context(request.actor, selectors.entry_of(request.actor, entry))
    )


@require_GET
def receipts(request: MemberRequest) -> HttpResponse:
    """The receipts of vehicles deregistered together."""
    by = request.actor
    require_any(request, FleetRight.VIEW, FleetRight.DEREGISTER)
    numbers = _numbers(request.GET.get("entries", "").split(","))
    if len(numbers) == 1:
        return redirect("fleet:receipt", numbers[0])
    shown = _receipt_contexts(by, selectors.entries_of(by, numbers[:500]))
    return render(request, "fleet/receipts.html", {"receipts": shown, "today": clock.today(by)})


@require_POST
def correct(request: MemberRequest, entry: int) -> HttpResponse:
    by = request.actor
    stored = selectors.entry_of(by, entry)
    policy = Policy.objects.get(id=stored.item.policy)
    try:
        correction = actions.correct_entry(by=by, policy=policy, entry=entry)
    except (Forbidden, NotVisible):
        raise
    except DomainError as error:
        context = _receipt_context(by, stored) | {"refusal": error}
        return render(request, "fleet/receipt.html", context, status=422)
    return redirect("fleet:receipt", correction.id)


def require_any(request: MemberRequest, *rights: FleetRight) -> None:
    """At least one of these in at least one branch."""
    if not any(_may(request.actor, right) for right in rights):
        require(request, rights[0])


def _may(by: Actor, right: FleetRight) -> bool:
    branches = visible_branches(by, right)
    return branches is None or bool(branches)


def _branches(by: Actor, right: FleetRight) -> list[Branch]:
    """Where this actor may do it: the branch worked in first."""
    branches = Branch.objects.filter(organisation=by.company).order_by("establishment_number", "name")
    allowed = [branch for branch in branches if can(by, right, organisation=by.organisation, branch=branch.id)]
    return sorted(allowed, key=lambda branch: branch.id != by.branch)


def chosen_policies(request: MemberRequest) -> tuple[list[Policy], Policy] | None:
    """The company's policies and the one in the address, or the first."""
    policies = policies_of(request.actor, on=clock.today(request.actor))
    number = request.GET.get("policy", "")
    if number and number not in {policy.number for policy in policies}:
        policy_of(request.actor, number)  # not found for a stranger; an ended one is still shown
        return policies, policy_of(request.actor, number)
    if not policies:
        return None
    return policies, next((policy for policy in policies if policy.number == number), policies[0])


def stock_query(request: MemberRequest, by: Actor) -> StockQuery:
    sort = request.GET.get("sort", "-since")
    branch = whole_number(request.GET.get("branch", ""))
    return StockQuery(
        day=_day(request.GET.get("day", "")) or clock.today(by),
        known_at=_moment(request.GET.get("known", "")),
        search=request.GET.get("q", ""),
        branch=by.branch if branch is None else branch,
        sort=sort if sort.lstrip("-") in selectors.SORTS else "-since",
    )


def _numbers(texts: Sequence[str]) -> list[int]:
    return [number for text in texts if (number := whole_number(text)) is not None]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """A moment as the browser's field gives it, in Amsterdam's time; a bare day means its end."""
    try:
        moment = parse_datetime(text)
        if moment is None:
            return None
        aware = make_aware(moment, clock.AMSTERDAM) if moment.tzinfo is None else moment
        return aware.astimezone(clock.AMSTERDAM)
    except (ValueError, OverflowError):  # the last day of the calendar is not the last one everywhere
        return None


def _plate(text: str) -> Plate | None:
    try:
        return Plate.parse(text) if text.strip() else None
    except IdentifierError:
        return None


def _vehicle(text: str) -> Vehicle | None:
    plate = _plate(text)
    return Vehicle.objects.filter(plate=plate.value).first() if plate else None


def _still_runs(today: date) -> Q:
    return Q(ends__isnull=True) | Q(ends__gt=today)


def _one_policy(versions: list[RegistrationVersion]) -> Policy:
    if len({version.policy for version in versions}) > 1:
        raise NotVisible("One policy at a time.")
    return Policy.objects.select_related("product").get(id=versions[0].policy)


def _cover(rules: ProductRules, latest: RegistrationVersion | None) -> str:
    """The chosen cover in the product's own words."""
    for field in rules.fields:
        if field.name == "cover" and latest is not None:
            return next((in_language(labels) for value, labels in field.choices if value == latest.cover), "")
    return ""


def _receipt_context(by: Actor, entry: Entry) -> dict[str, Any]:
    return _receipt_contexts(by, [entry])[0]


def _receipt_contexts(by: Actor, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """As many queries for many as for one; vehicles that left together were on one policy."""
    today = clock.today(by)
    policies = Policy.objects.select_related("product").in_bulk({entry.item.policy for entry in entries})
    rules = {number: rules_of(policy, on=today) for number, policy in policies.items()}
    register = Vehicle.objects.in_bulk([entry.item.key for entry in entries])
    corrections = {correction.undoes_id: correction for correction in Entry.objects.filter(undoes__in=entries)}
    return [
        _receipt(entry, corrections.get(entry.id), rules[entry.item.policy], today)
        | {"policy": policies[entry.item.policy], "register": register.get(entry.item.key)}
        for entry in entries
    ]


def _receipt(entry: Entry, correction: Entry | None, rules: ProductRules, today: date) -> dict[str, Any]:
    undone = entry.undoes
    subject = undone or entry
    starts = subject.starts
    return {
        "entry": entry,
        "what": selectors.what_happened(entry),
        "corrected_by": correction,
        "undone": undone,
        "undone_what": selectors.what_happened(undone) if undone else None,
        "plate": Plate(entry.item.key),
        "day": product_rules.day_to_show(rules, starts)
        if starts and selectors.what_happened(subject) == "deregistered"
        else starts,
        "rules": rules,
        "may_correct": correction is None and undone is None and entry.at.astimezone(clock.AMSTERDAM).date() == today,
        "today": today,
    }
