"""Many vehicles at once: sending them in. What follows is on the page of the file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule, NotVisible
from remise.core.spreadsheet import CONTENT_TYPES
from remise.core.tables import UnreadableFile
from remise.fleet.access import branches_for, may, require_any
from remise.fleet.bulk.forms import SeveralForm
from remise.fleet.bulk.kinds import KINDS
from remise.fleet.bulk.results import begin_results, results_now, results_of
from remise.fleet.bulk.templates import csv_template, example, explained, xlsx_template
from remise.fleet.rights import FleetRight
from remise.fleet.views.asked import chosen_policies, policy_or_not_found
from remise.fleet.views.registering import LAST_BRANCH
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy
from remise.runs.actions import send_file, send_lines
from remise.runs.files import read_pasted
from remise.runs.kinds import FileKind
from remise.runs.models import Run
from remise.runs.views import page_of
from remise.ui.forms import add_refusal


@require_http_methods(["GET", "POST"])
def several(request: MemberRequest, deed: str) -> HttpResponse:
    kind = _kind(request, deed)
    chosen = chosen_policies(request)
    if chosen is None:
        return render(request, "fleet/no_policy.html")
    policies, policy = chosen
    form = _form(request, kind, policy)
    if request.method == "POST" and form.is_valid():
        try:
            return page_of(_sent(request, kind, policy, form))
        except UnreadableFile as problem:
            form.add_error("file" if form.attached else "lines", str(problem))
        except BrokenRule as refusal:
            add_refusal(form, refusal)
    columns = kind.columns(request.actor, {"policy": policy.number})
    context = {
        "deed": deed,
        "kind": kind,
        "deeds": [name for name, one in KINDS.items() if may(request.actor, FleetRight(one.right))],
        "policy": policy,
        "policies": policies,
        "form": form,
        "columns": [(column, explained(column), example(column)) for column in columns],
        "most": kind.most(request.actor, {"policy": policy.number}),
        "today": clock.today(request.actor),
    }
    return render(request, "fleet/several.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: MemberRequest, deed: str, suffix: str) -> HttpResponse:
    """An empty file with the columns of this policy's product."""
    found = _kind(request, deed)
    policy = policy_or_not_found(request)
    columns = found.columns(request.actor, {"policy": policy.number})
    if suffix not in CONTENT_TYPES:
        raise NotVisible(_("There is no such page."))
    content = csv_template(columns) if suffix == "csv" else xlsx_template(columns, title=str(found.label))
    answer = HttpResponse(content, content_type=CONTENT_TYPES[suffix])
    answer["Content-Disposition"] = f'attachment; filename="{deed}-{policy.number}.{suffix}"'
    return answer


@require_POST
def results(request: MemberRequest, file: int, suffix: str) -> HttpResponse:
    """What came of each line, to be kept, or mended and sent in again."""
    if suffix not in CONTENT_TYPES:
        raise NotVisible(_("There is no such page."))
    run = results_of(request.actor, file)
    content = results_now(request.actor, run, suffix)
    if content is None:
        return page_of(begin_results(request.actor, run, suffix))
    answer = HttpResponse(content, content_type=CONTENT_TYPES[suffix])
    answer["Content-Disposition"] = f'attachment; filename="{run.id}.{suffix}"'
    return answer


def _kind(request: MemberRequest, deed: str) -> FileKind:
    kind = KINDS.get(deed)
    if kind is None:
        raise NotVisible(_("There is no such page."))
    require_any(request, FleetRight(kind.right))
    return kind


def _form(request: MemberRequest, kind: FileKind, policy: Policy) -> SeveralForm:
    by = request.actor
    today = clock.today(by)
    day = next(column for column in kind.columns(by, {"policy": policy.number}) if column.name == "day")
    return SeveralForm(
        request.POST or None,
        request.FILES or None,
        today=today,
        day_label=_("%(label)s, for lines that do not say it") % {"label": day.label},
        branches=branches_for(by, FleetRight.REGISTER) if kind is KINDS["register"] else [],
        branch=by.branch or request.session.get(LAST_BRANCH),
        initial={"lines": "\n".join(request.GET.getlist("plate"))},
    )


def _sent(request: MemberRequest, kind: FileKind, policy: Policy, form: SeveralForm) -> Run:
    by = request.actor
    day = form.cleaned_data.get("day")
    inputs: dict[str, Any] = {
        "policy": policy.number,
        "day": day.isoformat() if day else None,
        "branch": form.chosen_branch,
    }
    if form.attached is not None:
        file = form.attached
        name, size = file.name or "", file.size or 0
        return send_file(by=by, kind=kind.name, inputs=inputs, file=file.open("rb"), name=name, size=size)
    sheet = read_pasted(form.pasted, kind.columns(by, inputs))
    lines = list(sheet)
    if form.asks_branch and form.chosen_branch is None and not any(line.get("branch") for line in lines):
        # Said once here, and not on each of a hundred lines.
        raise BrokenRule(_("No line says its branch: choose it here."), code="required", field="branch")
    return send_lines(by=by, kind=kind.name, inputs=inputs, lines=lines, not_read=sheet.not_read)
