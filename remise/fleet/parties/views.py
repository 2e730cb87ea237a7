"""The pages of drivers and lessees."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule, NotVisible
from remise.core.forms import whole_number
from remise.core.spreadsheet import CONTENT_TYPES
from remise.fleet.access import may
from remise.fleet.parties import exports
from remise.fleet.parties.actions import Particulars, add_party, change_party, erase_party
from remise.fleet.parties.changes import changes_of
from remise.fleet.parties.forms import PartyForm
from remise.fleet.parties.merging import merge_parties, preview
from remise.fleet.parties.selectors import (
    MOST_PERIODS,
    PartyQuery,
    Period,
    asked,
    current,
    merged_with,
    namesakes,
    page,
    periods,
    suggested,
)
from remise.fleet.rights import FleetRight
from remise.organisations.access import require
from remise.organisations.fields import FieldGroup, left_out
from remise.organisations.looking.of_office import note_look_of_office
from remise.organisations.models import Party
from remise.organisations.requests import MemberRequest
from remise.policies.rules import PARTIES
from remise.runs.views import page_of
from remise.ui.forms import carried_out


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    by = request.actor
    require(request, FleetRight.VIEW)
    note_look_of_office(request, "parties", 0)
    query = _query(request)
    context = {
        "query": query,
        "is_narrowed": bool(query.search or query.kind or query.now),
        "page": page(by, query, after=request.GET.get("after", ""), before=request.GET.get("before", "")),
        "kinds": Party.Kind.choices,
        "may_manage": may(by, FleetRight.MANAGE_PARTIES),
        "is_large": asked(by, query)[: exports.AT_ONCE + 1].count() > exports.AT_ONCE,
        "left_out": left_out() if FieldGroup.PEOPLE in by.withheld else "",
    }
    return render(request, "drivers/list.html", context)


@require_http_methods(["GET", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """The list as a file: at once while it is small. A large one becomes a run, which only a form begins."""
    by = request.actor
    require(request, FleetRight.VIEW)
    query, kind = _query(request), _file_kind(request)
    if asked(by, query)[: exports.AT_ONCE + 1].count() > exports.AT_ONCE:
        if request.method == "POST":
            return page_of(exports.begin_parties_export(by=by, query=query, kind=kind))
        messages.info(request, _("The list has become too long to download at once. Choose Download once more."))
        return redirect(f"{reverse('drivers:list')}?{request.GET.urlencode()}")
    name = exports.parties_file_name(by, {"day": clock.today(by).isoformat(), "format": kind})
    return _file(exports.export_parties(by=by, query=query, kind=kind), kind, name)


@require_GET
def one(request: MemberRequest, party: int) -> HttpResponse:
    """Who it is, the vehicles of today, and all that were."""
    require(request, FleetRight.VIEW)
    found = current(request.actor, party)
    if found.id != party:  # it was merged
        return redirect("drivers:one", found.id)
    note_look_of_office(request, "party", party)
    return _show(request, found)


@require_GET
def export_one(request: MemberRequest, party: int) -> HttpResponse:
    require(request, FleetRight.VIEW)
    found, kind = current(request.actor, party), _file_kind(request)
    return _file(exports.export_party(by=request.actor, party=found, kind=kind), kind, f"driver-{party}.{kind}")


@require_http_methods(["GET", "POST"])
def add(request: MemberRequest) -> HttpResponse:
    """Somebody new, also of a name that is there already."""
    by = request.actor
    require(request, FleetRight.MANAGE_PARTIES)
    form = PartyForm(request.POST or None, name=request.GET.get("name", ""))
    made: list[Party] = []
    if request.method == "POST" and carried_out(
        form, lambda said: made.append(add_party(by=by, particulars=Particulars(**said)))
    ):
        return redirect("drivers:one", made[0].id)
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, party: int) -> HttpResponse:
    by = request.actor
    require(request, FleetRight.MANAGE_PARTIES)
    found = current(by, party, right=FleetRight.MANAGE_PARTIES)
    if request.method == "GET" and found.id != party:
        return redirect("drivers:edit", found.id)
    form = PartyForm(request.POST or None, party=found)
    if request.method == "POST" and carried_out(
        form, lambda said: change_party(by=by, party=party, particulars=Particulars(**said))
    ):
        messages.success(request, _("Kept."))
        return redirect("drivers:one", party)
    return _form(request, form, found)


@require_POST
def erase(request: MemberRequest, party: int) -> HttpResponse:
    by = request.actor
    require(request, FleetRight.MANAGE_PARTIES)
    found = current(by, party, right=FleetRight.MANAGE_PARTIES)
    try:
        erase_party(by=by, party=party)
    except BrokenRule as refusal:
        return _show(request, found, refusal)
    messages.success(request, _("Erased. The vehicles and their receipts stay, without a name."))
    return redirect("drivers:list")


@require_http_methods(["GET", "POST"])
def merge(request: MemberRequest, party: int) -> HttpResponse:
    """Who else this one is: looked for by name or number, shown beside it, and made one with it."""
    by = request.actor
    require(request, FleetRight.MANAGE_PARTIES)
    found = current(by, party, right=FleetRight.MANAGE_PARTIES)
    if request.method == "GET" and found.id != party:
        return redirect("drivers:one", found.id)
    other = whole_number(request.POST.get("other") or request.GET.get("other", ""))
    context: dict[str, Any] = {"party": found}
    try:
        if request.method == "POST" and other is not None:
            stayed = merge_parties(by=by, party=party, other=other)
            messages.success(request, _("These two are one by now: %(name)s.") % {"name": stayed.name})
            return redirect("drivers:one", stayed.id)
        if other is not None:
            context["preview"] = preview(by, party=party, other=other)
            return render(request, "drivers/merge.html", context)
    except BrokenRule as refusal:
        context["refusal"] = refusal
    typed = request.GET.get("q", found.name.split()[-1])
    candidates = [one for one in page(by, PartyQuery(typed)).rows if one.party.id != found.id]
    context |= {"typed": typed, "candidates": candidates}
    return render(request, "drivers/merge.html", context, status=422 if "refusal" in context else 200)


@require_GET
def suggest(request: MemberRequest) -> HttpResponse:
    """Whom the text of a field may mean, as its list of suggestions."""
    require(request, FleetRight.REGISTER)
    typed = next((request.GET[name] for name in PARTIES if name in request.GET), "")
    return render(request, "drivers/_suggested.html", {"parties": suggested(request.actor, typed)})


def _show(request: MemberRequest, party: Party, refusal: BrokenRule | None = None) -> HttpResponse:
    by, today = request.actor, clock.today(request.actor)
    every = periods(by, party, most=MOST_PERIODS + 1)
    had = every[:MOST_PERIODS]
    manages = may(by, FleetRight.MANAGE_PARTIES)
    context = {
        "party": party,
        "now": [period for period in had if period.covers(today)],
        "later": [period for period in had if period.starts > today],
        "before": [period for period in had if period.ends is not None and period.ends <= today],
        "is_cut": len(every) > len(had),
        "most": MOST_PERIODS,
        "namesakes": namesakes(by, party),
        "merged": merged_with(party),
        "changes": changes_of(by, party) if manages else [],
        "may_manage": manages,
        "refusal": refusal,
        "in_use": _policies_of(every, today) if refusal and refusal.code == "in_use" else [],
    }
    return render(request, "drivers/one.html", context, status=422 if refusal else 200)


def _policies_of(had: Sequence[Period], today: date) -> list[str]:
    """The numbers of the policies on which this one has a vehicle today."""
    return sorted({period.policy for period in had if period.covers(today)})


def _form(request: MemberRequest, form: PartyForm, party: Party | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "drivers/form.html", {"form": form, "party": party}, status=status)


def _query(request: MemberRequest) -> PartyQuery:
    """What cannot be read is left out: an address that somebody cut short shows the plain list."""
    given = request.GET
    kind = given.get("kind", "")
    return PartyQuery(given.get("q", ""), kind if kind in Party.Kind.values else "", given.get("only") == "now")


def _file_kind(request: MemberRequest) -> str:
    kind = request.POST.get("format") or request.GET.get("format", "csv")
    if kind not in CONTENT_TYPES:
        raise NotVisible(_("There is no such file."))
    return kind


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
