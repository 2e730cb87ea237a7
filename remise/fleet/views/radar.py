"""The register radar's page, and what one click there does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock, paging
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.forms import whole_number
from remise.core.paging import Order
from remise.fleet.access import may, require_any
from remise.fleet.findings import BY_RADAR, FindingKind, explain
from remise.fleet.radar import selectors
from remise.fleet.radar.actions import compare_now, deregister_ticked, dismiss_finding, take_back_dismissal
from remise.fleet.radar.selectors import (
    Group,
    Ticked,
    counts,
    groups,
    nights,
    of_kind,
    open_of_radar,
    shown_of,
    ticked,
)
from remise.fleet.rights import FleetRight
from remise.fleet.views.asked import numbers_asked
from remise.fleet.views.receipts import TOGETHER
from remise.organisations.looking.of_office import note_look_of_office
from remise.organisations.requests import MemberRequest

BY_FOUND = Order("id")
BY_DISMISSED = Order("settled_at", tie="id", descending=True, read=datetime.fromisoformat, read_tie=whole_number)
PROGRESS = "fleet/radar.html#now"


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """What was found, by kind; while a comparison is under way, htmx asks how far it is."""
    by, asked = request.actor, request.GET
    require_any(request, FleetRight.VIEW)
    note_look_of_office(request, "stock", 0)
    seen = nights(by)
    if request.htmx:
        answer = render(request, PROGRESS, {"nights": seen})
        if seen.open is None:
            answer["HX-Refresh"] = "true"
        patch_vary_headers(answer, ["HX-Request"])
        return answer
    search, kind = asked.get("q", ""), _kind(asked.get("kind", ""))
    many = counts(by)
    context: dict[str, Any] = {
        "nights": seen,
        "search": search,
        "kind": kind,
        "bars": _bars(many),
        "total": sum(many.values()),
        "today": clock.today(by),
        "may_leave": may(by, FleetRight.DEREGISTER),
        "said_to_be_right": selectors.kept_as_right(by).count(),
    }
    context |= _one(by, kind, search, asked) if kind else {"groups": groups(by, search=search)}
    answer = render(request, "fleet/radar.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _kind(text: str) -> FindingKind | None:
    return next((kind for kind in BY_RADAR if kind == text), None)


def _bars(many: Mapping[FindingKind, int]) -> list[dict[str, object]]:
    """How many of each kind, beside the most there are of one."""
    most = max(many.values(), default=0)
    titles = {kind: str(explain(kind, _NO_DAYS).title) for kind in many}
    return [
        {"kind": kind, "title": titles[kind], "count": count, "share": max(2, round(100 * count / most))}
        for kind, count in many.items()
    ]


# Titles hold no day: only the text beside them does.
_NO_DAYS = dict.fromkeys(("starts", "in_name_since", "ends", "inspection_until"), "2020-01-01") | dict.fromkeys(
    ("value", "ours"), "0"
)


def _one(by: Actor, kind: FindingKind, search: str, asked: QueryDict) -> dict[str, object]:
    """All of one kind, page by page."""
    rows = of_kind(by, kind, search)
    page = paging.page(rows, BY_FOUND, after=asked.get("after", ""), before=asked.get("before", ""))
    shown = shown_of(by, page.rows)
    title = str(explain(kind, _NO_DAYS).title)
    found = [Group(kind, title, rows.count(), shown)] if shown else []
    return {"groups": found, "page": page}


@require_GET
def kept_as_right(request: MemberRequest) -> HttpResponse:
    """What somebody said is right: who, when and why."""
    by, asked = request.actor, request.GET
    require_any(request, FleetRight.VIEW)
    rows = selectors.kept_as_right(by).select_related("item")
    page = paging.page(rows, BY_DISMISSED, after=asked.get("after", ""), before=asked.get("before", ""))
    context = {"page": page.showing(selectors.kept(by, page.rows))}
    return render(request, "fleet/radar_kept.html", context)


@require_POST
def take_back(request: MemberRequest, finding: int) -> HttpResponse:
    """It is not right after all."""
    require_any(request, FleetRight.DEREGISTER, FleetRight.REGISTER)
    if not selectors.of_radar(request.actor).filter(id=finding).exists():
        raise NotVisible(_("There is no such finding."))
    found = take_back_dismissal(by=request.actor, finding=finding)
    still = selectors.open_of_radar(request.actor).filter(id=found.id).exists()
    messages.success(
        request,
        _("This is taken back: the finding is open again.")
        if still
        else _("This is taken back. The register no longer says it."),
    )
    return redirect("fleet:radar")


@require_POST
def compare(request: MemberRequest) -> HttpResponse:
    require_any(request, FleetRight.VIEW)
    try:
        compare_now(by=request.actor)
    except BrokenRule as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("fleet:radar")


@require_POST
def dismiss(request: MemberRequest, finding: int) -> HttpResponse:
    """It is right as it is, and why."""
    require_any(request, FleetRight.DEREGISTER, FleetRight.REGISTER)
    if not open_of_radar(request.actor).filter(id=finding).exists():
        raise NotVisible(_("There is no such finding."))
    try:
        dismiss_finding(by=request.actor, finding=finding, reason=request.POST.get("reason", ""))
    except BrokenRule as refusal:
        messages.warning(request, str(refusal.message))
    else:
        kept = _("This is kept as right. It is told again only if the register says something else.")
        messages.success(request, kept)
    return redirect("fleet:radar")


@require_http_methods(["GET", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    """Several sold ones at once, each on its own day: looked at, then done."""
    by = request.actor
    require_any(request, FleetRight.DEREGISTER)
    numbers = numbers_asked((request.POST or request.GET).getlist("finding"))[:TOGETHER]
    if numbers and not open_of_radar(by).filter(id__in=numbers).exists():
        raise NotVisible(_("There is no such finding."))
    chosen = ticked(by, numbers)
    if not chosen:
        messages.info(request, _("Tick the vehicles that you want to deregister."))
        return redirect("fleet:radar")
    context: dict[str, Any] = {"vehicles": chosen, "numbers": [one.finding for one in chosen]}
    if request.method == "POST":
        try:
            _require_all(chosen, numbers)
            done = deregister_ticked(by=by, ticked=chosen)
        except (BrokenRule, NotVisible) as refusal:
            context["refusal"] = refusal
            return render(request, "fleet/radar_leave.html", context, status=422)
        entries = ",".join(str(one.entry.id) for one in done)
        return redirect(f"{reverse('fleet:receipts')}?entries={entries}")
    return render(request, "fleet/radar_leave.html", context)


def _require_all(chosen: Sequence[Ticked], numbers: Sequence[int]) -> None:
    """What goes is what was looked at."""
    if {one.finding for one in chosen} != set(numbers):
        message = _("Some of these have changed meanwhile and are left out now. Look at the others once more.")
        raise BrokenRule(message, code="changed")
