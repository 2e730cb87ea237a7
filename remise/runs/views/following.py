from collections.abc import Callable

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule, NotVisible
from remise.organisations.names import names_of
from remise.organisations.requests import MemberRequest
from remise.portals.retention import kept
from remise.runs import actions, selectors
from remise.runs.documents import draw_up_summary
from remise.runs.kinds import from_file, is_export, is_from_file, kinds
from remise.runs.models import Run
from remise.runs.rules import FILES
from remise.runs.views import mending


@require_GET
def run_list(request: MemberRequest) -> HttpResponse:
    selectors.require_any(request.actor)
    page = selectors.page_of_runs(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(request, "runs/list.html", {"page": page})


@require_GET
def detail(request: MemberRequest, number: int) -> HttpResponse:
    """The whole page; while it is busy, htmx asks again and again for the part with the progress."""
    run = selectors.run_of(request.actor, number)
    if run.state == Run.State.CHECKED and not _asks_how_far(request):
        return mending.page(request, run)
    context: dict[str, object] = {"run": run, "is_export": is_export(run.kind)}
    if _asks_how_far(request):
        answer = render(request, "runs/detail.html#progress", context)
        if request.GET["state"] != run.state:
            answer["HX-Refresh"] = "true"  # other buttons now, and other rows
    else:
        answer = render(request, "runs/detail.html", context | _whole(request, run))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _asks_how_far(request: MemberRequest) -> bool:
    """The part with the progress asks for itself, and names the state that it shows."""
    return bool(request.htmx) and "state" in request.GET


def _whole(request: MemberRequest, run: Run) -> dict[str, object]:
    asked = request.GET
    sent_before = "again" in asked
    files_kept = kept(request.actor, FILES)
    return {
        "kind": kinds[run.kind],
        "begun_by": names_of(request.actor, [run.account])[run.account],
        "page": selectors.page_of_rows(
            run, asked.get("show", ""), after=asked.get("after", ""), before=asked.get("before", "")
        ),
        "waiting": run.able,
        "is_file": is_from_file(run.kind),
        # A file that cannot be read is mended where it came from: trying it again reads the same.
        "send_another": from_file(run.kind).sent_at(run.inputs) if run.source and run.message else "",
        "may_pause": run.may_pause and not is_export(run.kind),
        "may_resume": run.may_resume,
        "sent_before": sent_before,
        "may_make_again": is_export(run.kind) and (run.has_ended or sent_before),
        "file_kept_until": run.ended_at + files_kept if run.has_file and run.ended_at else None,
        "file_kept_days": files_kept.days,
    }


@require_GET
def result(request: MemberRequest, number: int) -> FileResponse:
    """The file lies outside the database: it may be streamed when the transaction is over."""
    file = selectors.run_of(request.actor, number).result
    if not file or not default_storage.exists(file):
        raise NotVisible(_("This file does not exist."))
    run = actions.fetch(by=request.actor, run=number)
    return FileResponse(default_storage.open(file), as_attachment=True, filename=run.file_name)


@require_GET
def summary(request: MemberRequest, number: int) -> HttpResponse:
    """To its document, which is drawn up when it is first asked for."""
    return redirect("documents:show", draw_up_summary(by=request.actor, run=number).id)


@require_POST
def again(request: MemberRequest, number: int) -> HttpResponse:
    return _act(request, number, actions.make_again)


@require_POST
def pause(request: MemberRequest, number: int) -> HttpResponse:
    return _act(request, number, actions.pause)


@require_POST
def resume(request: MemberRequest, number: int) -> HttpResponse:
    return _act(request, number, actions.resume)


@require_POST
def cancel(request: MemberRequest, number: int) -> HttpResponse:
    return _act(request, number, actions.cancel)


def _act(request: MemberRequest, number: int, action: Callable[..., Run]) -> HttpResponse:
    try:
        number = action(by=request.actor, run=number).id
    except BrokenRule as refusal:
        messages.error(request, str(refusal.message))
    return redirect("runs:detail", number)
