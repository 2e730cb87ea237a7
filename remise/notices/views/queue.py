"""For the insurer's people: what has still to be told to the state register, by its clock."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule
from remise.notices import access, selectors
from remise.notices.actions.mending import correct_code, send_again
from remise.notices.explained import advice
from remise.notices.forms import CodeForm
from remise.notices.models import Notice, RegisterSettings
from remise.notices.register.chosen import register
from remise.notices.selectors import NoticeQuery
from remise.notices.sights import NOTICE
from remise.notices.ways import settings_of
from remise.organisations.looking.actions import note_look
from remise.organisations.models import Organisation
from remise.organisations.requests import MemberRequest
from remise.ui.forms import carried_out


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """What is due first stands on top."""
    by, asked = request.actor, request.GET
    access.require_view(by)
    show = asked.get("show", "")
    query = NoticeQuery(show if show in selectors.SHOWS else "", asked.get("q", "").strip()[:20])
    settings = settings_of(by)
    context = {
        "page": selectors.page_of_notices(by, query, after=asked.get("after", ""), before=asked.get("before", "")),
        "query": query,
        "counts": selectors.counts(by),
        "way": settings.way,
        "is_reachable": settings.way != RegisterSettings.Way.HTTP or register() is not None,
        "held_up": selectors.held_up(by),
        "answers_fault": settings.answers_fault if settings.way == RegisterSettings.Way.HTTP else "",
        "unruled": selectors.products_without_rule(by),
        "may_handle": access.may_handle(by),
        "may_connect": access.may_connect(by),
    }
    return render(request, "notices/queue.html", context)


@require_GET
def one(request: MemberRequest, notice: int) -> HttpResponse:
    """One of them, with what the register said. The company can read who looked."""
    found = access.notice_of(request.actor, notice)
    note_look(by=request.actor, organisation=found.organisation, subject=(NOTICE.kind, found.id))
    return _page(request, found)


@require_POST
def correct(request: MemberRequest, notice: int) -> HttpResponse:
    found = access.notice_of(request.actor, notice)
    access.require_handle(request.actor)
    form = CodeForm(request.POST)
    if carried_out(form, lambda said: correct_code(by=request.actor, notice=notice, check_code=said["check_code"])):
        messages.success(request, _("The check code is changed, and the register is told anew."))
        return redirect("notices:overview")
    return _page(request, found, form)


@require_POST
def again(request: MemberRequest, notice: int) -> HttpResponse:
    access.require_handle(request.actor)
    try:
        send_again(by=request.actor, notice=access.notice_of(request.actor, notice).id)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("It waits to be sent again, as it is."))
    return redirect("notices:one", notice)


def _page(request: MemberRequest, found: Notice, form: CodeForm | None = None) -> HttpResponse:
    by = request.actor
    found = access.notice_of(by, found.id)  # as it stands now, also after a refusal
    (line,) = selectors.lines(by, [found])
    context = {
        "line": line,
        "company": Organisation.objects.get(portal=by.in_portal, id=found.organisation),
        "advice": advice(found),
        "waits_for": selectors.before_it(found),
        "history": selectors.same_subject(found),
        "form": form or CodeForm(),
        "may_handle": access.may_handle(by),
        "may_correct": access.may_correct(by),
    }
    return render(request, "notices/notice.html", context, status=422 if form and form.errors else 200)
