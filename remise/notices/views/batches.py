"""Batches: what went together, and, where notices go by file, the file and the answer to it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule, NotVisible
from remise.notices import access, selectors
from remise.notices.actions import batching
from remise.notices.actions.answering import take_answer_file
from remise.notices.forms import AnswerFileForm
from remise.notices.models import Batch, RegisterSettings
from remise.notices.register.as_file import Mistake
from remise.notices.ways import settings_of
from remise.organisations.requests import MemberRequest
from remise.ui.formats import number
from remise.ui.forms import add_refusal

FILE = RegisterSettings.Way.FILE


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    by, asked = request.actor, request.GET
    access.require_view(by)
    context = {
        "page": selectors.page_of_batches(by, after=asked.get("after", ""), before=asked.get("before", "")),
        "by_file": settings_of(by).way == FILE,
        "pending": selectors.counts(by).pending,
        "may_handle": access.may_handle(by),
    }
    return render(request, "notices/batches.html", context)


@require_POST
def make(request: MemberRequest) -> HttpResponse:
    access.require_handle(request.actor)
    try:
        made = batching.make_file(by=request.actor)
    except BrokenRule as error:
        messages.error(request, str(error.message))
        return redirect("notices:batches")
    return redirect("notices:batch", made.id)


@require_GET
def one(request: MemberRequest, batch: int) -> HttpResponse:
    return _page(request, access.batch_of(request.actor, batch))


@require_GET
def file(request: MemberRequest, batch: int) -> HttpResponse:
    """The same bytes each time."""
    found = access.batch_of(request.actor, batch)
    access.require_handle(request.actor)
    if found.way != FILE:
        raise NotVisible(_("There is no such batch."))
    answer = HttpResponse(found.content.encode(), content_type="text/csv; charset=utf-8")
    name = f"notices-{found.number}.csv"
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return answer


@require_POST
def uploaded(request: MemberRequest, batch: int) -> HttpResponse:
    access.require_handle(request.actor)
    found = batching.mark_uploaded(by=request.actor, batch=access.batch_of(request.actor, batch).id)
    said = _("Batch %(number)s counts as filed from now on. Its answer can be taken in when it comes.")
    messages.success(request, said % {"number": found.number})
    return redirect("notices:batch", batch)


@require_POST
def answer(request: MemberRequest, batch: int) -> HttpResponse:
    """What can be read is taken; lines that cannot are told, to be mended and taken in once more."""
    found = access.batch_of(request.actor, batch)
    access.require_handle(request.actor)
    form = AnswerFileForm(request.POST, request.FILES)
    if found.way != FILE:
        raise NotVisible(_("There is no such batch."))
    if not form.is_valid():
        return _page(request, found, form)
    try:
        taken, read = take_answer_file(by=request.actor, batch=found, content=form.cleaned_data["file"])
    except BrokenRule as error:
        add_refusal(form, error)
        return _page(request, found, form)
    if taken or not read.mistakes:
        messages.success(request, _taken(taken))
    if read.mistakes:
        return _page(request, found, form, read.mistakes)
    return redirect("notices:batch", batch)


def _taken(count: int) -> str:
    if not count:
        return _("Nothing new stood in it.")
    said = ngettext("%(count)s answer is taken in.", "%(count)s answers are taken in.", count)
    return said % {"count": number(count)}


def _page(
    request: MemberRequest, found: Batch, form: AnswerFileForm | None = None, mistakes: Sequence[Mistake] = ()
) -> HttpResponse:
    found = access.batch_of(request.actor, found.id)
    context = {
        "batch": found,
        "by_file": found.way == FILE,
        "states": selectors.states_in(found),
        "form": form or AnswerFileForm(),
        "mistakes": mistakes,
        "may_handle": access.may_handle(request.actor),
    }
    wrong = mistakes or (form is not None and form.errors)
    return render(request, "notices/batch.html", context, status=422 if wrong else 200)
