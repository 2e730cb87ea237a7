"""A file that was looked through: what would happen, what is not right yet, mended in place, and the yes to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from remise.core.errors import BrokenRule
from remise.organisations.names import names_of
from remise.organisations.requests import MemberRequest
from remise.runs import actions, selectors
from remise.runs.actions.sending import TOGETHER, WHILE_ONE_WAITS
from remise.runs.kinds import from_file
from remise.runs.models import Run, RunRow
from remise.ui.formats import number as written

WHOLE = "whole"
CELL = "cell-"  # before the name of a column, in what is posted


def page(request: MemberRequest, run: Run, *, refused: BrokenRule | None = None) -> HttpResponse:
    asked = request.GET
    kind = from_file(run.kind)
    columns = kind.columns(request.actor, run.inputs)
    # What is not right yet is what one comes for.
    show = asked.get("show", RunRow.Verdict.WRONG if run.wrong else "")
    context = _counted(run) | {
        "columns": columns,
        "begun_by": names_of(request.actor, [run.account])[run.account],
        "show": show,
        "edits": asked.get("line", ""),
        "sent_before": "again" in asked,
        "refused": refused,
        "most_at_once": WHILE_ONE_WAITS,
        "alike": selectors.alike(run, columns) if run.wrong and show == RunRow.Verdict.WRONG else [],
        "page": selectors.page_of_lines(
            run, columns, show, after=asked.get("after", ""), before=asked.get("before", "")
        ),
    }
    answer = render(request, "runs/check.html", context, status=422 if refused else 200)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_POST
def line(request: MemberRequest, number: int, position: int) -> HttpResponse:
    """Mended, or left out: the page has a button for each."""
    by = request.actor
    run = selectors.run_of(by, number)
    try:
        if "leave" in request.POST:
            row = actions.leave_out(by=by, run=number, position=position)
        else:
            row = actions.mend_row(by=by, run=number, position=position, data=_sent(request))
    except BrokenRule as refusal:
        messages.error(request, str(refusal.message))
        return redirect("runs:detail", number)
    if not request.htmx:
        asked = urlencode({name: request.GET[name] for name in ("show", "after", "before") if name in request.GET})
        return redirect(f"{reverse('runs:detail', args=[number])}?{asked}#line-{position}")
    run.refresh_from_db()
    columns = from_file(run.kind).columns(by, run.inputs)
    context = _counted(run) | {
        "columns": columns,
        "line": selectors.line_of(run, row, columns),
        "swapped": True,
        "show": request.GET.get("show", ""),
    }
    return render(request, "runs/check.html#swap", context)


@require_POST
def alike(request: MemberRequest, number: int, position: int) -> HttpResponse:
    """One text for all lines that have the problem of this one."""
    by = request.actor
    try:
        mended = actions.mend_alike(by=by, run=number, position=position, text=request.POST.get("text", ""))
    except BrokenRule as refusal:
        messages.error(request, str(refusal.message))
        return redirect("runs:detail", number)
    told = [_said(mended)] if mended.lines else [_("These lines were mended already.")]
    if mended.left:
        more = ngettext("%(left)s more line has the same.", "%(left)s more lines have the same.", mended.left)
        told.append(more % {"left": written(mended.left)})
    (messages.success if mended.able else messages.warning)(request, " ".join(told))
    return redirect("runs:detail", number)


def _said(mended: actions.Mended) -> str:
    told = ngettext(
        "%(lines)s line was looked at anew; %(able)s can be done now.",
        "%(lines)s lines were looked at anew; %(able)s can be done now.",
        mended.lines,
    )
    return told % {"lines": written(mended.lines), "able": written(mended.able)}


@require_POST
def confirm(request: MemberRequest, number: int) -> HttpResponse:
    try:
        actions.confirm(by=request.actor, run=number, whole=WHOLE in request.POST)
    except BrokenRule as refusal:
        run = selectors.run_of(request.actor, number)
        if run.state == Run.State.CHECKED:
            return page(request, run, refused=refusal)
        messages.error(request, str(refusal.message))
    return redirect("runs:detail", number)


def _counted(run: Run) -> dict[str, Any]:
    kind = from_file(run.kind)
    return {
        "run": run,
        "kind": kind,
        "confirm": kind.confirm(run.able),
        "left_out": run.refused,
        "doubted": selectors.doubted(run).count(),
        "may_be_whole": 1 < run.able <= TOGETHER,
    }


def _sent(request: HttpRequest) -> dict[str, str]:
    cells = (name for name in request.POST if name.startswith(CELL))
    return {name.removeprefix(CELL): str(request.POST[name]).strip() for name in cells}
