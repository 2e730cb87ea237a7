from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.core.identifiers import Plate
from remise.core.spreadsheet import CONTENT_TYPES
from remise.desk.selectors import Line, requests_about
from remise.fleet import exports
from remise.fleet.access import branches_for, may, require_any
from remise.fleet.details import OWN, answers, in_version
from remise.fleet.models import RegistrationVersion
from remise.fleet.offers import row_actions, vehicle_sections
from remise.fleet.parties.seeing import parties_seen
from remise.fleet.rights import FleetRight
from remise.fleet.runs import begin_stock_export, export_stock, stock_file_name, stock_inputs
from remise.fleet.selectors.covers import ends_of
from remise.fleet.selectors.history import History, history
from remise.fleet.selectors.stock import Only, gone, page, stock, totals
from remise.fleet.terms import ahead, can_change
from remise.fleet.views.asked import as_of, chosen_policies, policy_or_not_found, stock_query
from remise.organisations.access import require, visible_branches
from remise.organisations.fields import party_names
from remise.organisations.looking.of_office import note_look_of_office
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.policies.rules import ProductRules
from remise.policies.selectors import adviser_of, rules_of
from remise.runs.views import page_of
from remise.ui.formats import in_language
from remise.vehicles.models import Vehicle


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """The vehicles on one policy: how many, worth what, on a day, as known at a moment."""
    by, asked = request.actor, request.GET
    require(request, FleetRight.VIEW)
    note_look_of_office(request, "stock", 0)
    chosen = chosen_policies(request)
    if chosen is None:
        return render(request, "fleet/no_policy.html")
    policies, policy = chosen
    query, at = stock_query(request), as_of(request)
    found = page(stock(by, policy, query), query, after=asked.get("after", ""), before=asked.get("before", ""))
    rules = rules_of(policy, on=at.today)
    context = {
        "policies": policies,
        "policy": policy,
        "adviser": adviser_of(by, policy),
        "query": query,
        "page": found,
        "ends": ends_of(found.rows, query.known_at),
        "parties": _parties(by, found.rows) if rules.asks_parties else {},
        "party": parties_seen(by).filter(id=query.party).first() if query.party else None,
        "rules": rules,
        "totals": totals(by, policy, query),
        "today": at.today,
        "past": not at.is_now,
        "as_of": at.address(),
        "branches": branches_for(by, FleetRight.VIEW),
        "inspections": _inspections(found.rows) if query.only is Only.INSPECTION else {},
        "gone": gone(by, policy, query) if query.search and not found.rows else [],
        "filtered": query.only is not Only.ALL or query.branch != by.branch,
        "may_register": may(by, FleetRight.REGISTER),
        "actions": [action for action in row_actions if may(by, action.right)],
        "choose_in": _choose_in(by),
    }
    context["may_choose"] = bool(context["actions"]) and at.is_now
    return render(request, "fleet/stock.html", context)


def _choose_in(by: Actor) -> frozenset[int] | None:
    """The branches in which something can be done with a ticked vehicle; None = in every branch."""
    places = [visible_branches(by, action.right) for action in row_actions]
    return None if None in places else frozenset[int]().union(*(place for place in places if place is not None))


@require_http_methods(["GET", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """The list as a file: at once while it is small. A large one becomes a run, which only a form begins."""
    by = request.actor
    require(request, FleetRight.VIEW)
    policy, query = policy_or_not_found(request), stock_query(request)
    kind = request.POST.get("format") or request.GET.get("format", "csv")
    if kind not in CONTENT_TYPES:
        raise NotVisible(_("There is no such file."))
    if stock(by, policy, query)[: exports.AT_ONCE + 1].count() > exports.AT_ONCE:
        if request.method == "POST":
            return page_of(begin_stock_export(by=by, policy=policy, query=query, kind=kind))
        messages.info(request, _("The list has become too long to download at once. Choose Download once more."))
        return redirect(f"{reverse('fleet:stock')}?{request.GET.urlencode()}")
    file = export_stock(by=by, policy=policy, query=query, kind=kind)
    answer = HttpResponse(file, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{stock_file_name(by, stock_inputs(policy, query, kind))}"'
    return answer


@require_GET
def vehicle(request: MemberRequest, item: int) -> HttpResponse:
    """One vehicle on its policy: what holds, and every line that led there. On another day: what held then, and
    nothing to do."""
    by = request.actor
    require_any(request, FleetRight.VIEW)
    at = as_of(request)
    found = history(by, item, day=None if at.is_now else at.day, known_at=at.known_at)
    note_look_of_office(request, "registration", item)
    policy = Policy.objects.select_related("product").get(organisation=by.company, id=found.item.policy)
    rules = rules_of(policy, on=at.today)
    running = at.is_now and found.runs(at.today)
    context = {
        "history": found,
        "policy": policy,
        "rules": rules,
        "plate": Plate(found.item.key),
        "register": Vehicle.objects.known().filter(plate=found.item.key).first(),
        "today": at.today,
        "running": running,
        "insured": running if at.is_now else found.shown is not None,
        "past": not at.is_now,
        "back_to": at.address(policy=policy.number),
        "day": at.day,
        "known_at": at.known_at,
        "requests": _asked(by, found) if at.is_now else [],
        "now": clock.now(by),
        "may_ask_value": running and may(by, FleetRight.REGISTER),
        "cover": _cover(rules, found.shown),
        "details": _details(rules, found.shown),
        "ahead": ahead(by, found, rules) if running else [],
        "may_deregister": running and _may(by, FleetRight.DEREGISTER, found),
        "may_change": running and _may(by, FleetRight.REGISTER, found) and can_change(by, rules),
        "sections": _sections(by, found) if at.is_now else [],
    }
    return render(request, "fleet/vehicle.html", context)


def _may(by: Actor, right: FleetRight, found: History) -> bool:
    branches = visible_branches(by, right)
    return branches is None or (found.branch is not None and found.branch.id in branches)


def _sections(by: Actor, found: History) -> list[dict[str, object]]:
    """What rooms above tell of it."""
    built = ((section.template, section.build(by, found)) for section in vehicle_sections)
    return [{"template": template, "data": data} for template, data in built if data is not None]


def _asked(by: Actor, found: History) -> list[Line]:
    """What is open at the desk; a finding says that of itself."""
    told = {one.request.id for one in found.findings if one.request}
    return [line for line in requests_about(by, ("registration", found.item.id)) if line.request.id not in told]


def _parties(by: Actor, rows: Sequence[RegistrationVersion]) -> dict[int, list[str]]:
    """Item -> the names of its lessee and driver, each once."""
    names = party_names(by, (party for row in rows for party in (row.lessee, row.driver) if party))
    return {
        row.item_id: list(dict.fromkeys(names[one] for one in (row.lessee, row.driver) if one in names))
        for row in rows
    }


def _inspections(rows: Sequence[RegistrationVersion]) -> dict[str, date]:
    """Plate -> until when it was inspected."""
    vehicles = Vehicle.objects.filter(plate__in=[row.plate for row in rows])
    return {vehicle.plate: vehicle.inspection_until for vehicle in vehicles if vehicle.inspection_until}


def _details(rules: ProductRules, shown: RegistrationVersion | None) -> list[tuple[str, str]]:
    """What else the product asks, and was answered; cover, lessee and driver stand for themselves."""
    fields = [field for field in rules.fields if field.name not in OWN]
    if shown is None:
        return []
    return list(answers(fields, {field.name: in_version(shown, field) for field in fields}, {}))


def _cover(rules: ProductRules, latest: RegistrationVersion | None) -> str:
    """The chosen cover in the product's own words."""
    for field in rules.fields:
        if field.name == "cover" and latest is not None:
            return in_language(field.labels_of(latest.cover)) if latest.cover else ""
    return ""
