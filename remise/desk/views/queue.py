"""The desk's side, in three panes: what waits, what is asked, what is decided. Each address is a whole page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.actor import can
from remise.core.errors import BrokenRule
from remise.desk import actions, selectors
from remise.desk.data import read
from remise.desk.forms import DecideForm, SayForm
from remise.desk.kinds import RequestKind, kinds
from remise.desk.models import DeskRequest
from remise.desk.moves import IllegalMove
from remise.desk.rights import DeskRight
from remise.desk.selectors import Case, QueueQuery
from remise.desk.sights import SIGHT
from remise.organisations.looking.actions import note_look
from remise.organisations.requests import MemberRequest
from remise.ui.formats import plate_text
from remise.ui.forms import add_refusal


@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    """What waits for the desk, what is due first on top."""
    selectors.require_desk(request.actor)
    return render(request, "desk/queue.html", _list(request))


@require_GET
def case(request: MemberRequest, case: int) -> HttpResponse:
    """One of them beside the list. The company can read who looked."""
    found = selectors.request_at_desk(request.actor, case)
    about = (SIGHT.kind, found.id)
    note_look(by=request.actor, organisation=found.organisation, subject=about, purpose=about)
    return _page(request, found)


@require_POST
def take(request: MemberRequest, case: int) -> HttpResponse:
    return _act(request, case, actions.take)


@require_POST
def give_back(request: MemberRequest, case: int) -> HttpResponse:
    return _act(request, case, actions.give_back)


@require_POST
def say(request: MemberRequest, case: int) -> HttpResponse:
    found = selectors.request_at_desk(request.actor, case)
    form = SayForm(request.POST)
    if form.is_valid():
        try:
            actions.say(by=request.actor, request=case, text=form.cleaned_data["text"])
        except IllegalMove as error:
            return _moved(request, case, error)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            return redirect(_address(request, case))
    return _page(request, found, say=form)


@require_POST
def decide(request: MemberRequest, case: int) -> HttpResponse:
    """Accept or refuse with a reason, then on to the next. What the action refuses is shown, and the request stays
    open."""
    by = request.actor
    found = selectors.request_at_desk(by, case)
    kind = kinds[found.kind]
    outcome = request.POST.get("outcome")
    if outcome not in {DeskRequest.State.ACCEPTED, DeskRequest.State.REFUSED}:
        raise BadRequest("No outcome")  # the page has a button for each
    accepts = outcome == DeskRequest.State.ACCEPTED
    form = DecideForm(request.POST)
    answer = kind.answer(request.POST) if kind.answer else None
    if not form.is_valid() or (accepts and answer is not None and not answer.is_valid()):
        return _page(request, found, decide=form, answer=answer)
    reason = form.cleaned_data["reason"]
    try:
        if accepts:
            actions.accept(by=by, request=case, reason=reason, answer=answer.cleaned_data if answer else None)
        else:
            actions.refuse(by=by, request=case, reason=reason)
    except IllegalMove as error:
        return _moved(request, case, error)
    except BrokenRule as error:
        add_refusal(answer if answer is not None and error.field in answer.fields else form, error)
        return _page(request, found, decide=form, answer=answer)
    messages.success(request, _done(found, accepts=accepts))
    return redirect(_address(request, selectors.next_of(by, _query(request), other_than=case)))


def _done(decided: DeskRequest, *, accepts: bool) -> str:
    """Which request this was: the page goes on with the next one."""
    kind = kinds[decided.kind]
    plate = plate_text(kind.plate(read(kind.schema, decided.data)))
    about = {"title": f"{plate}, {kind.label}" if plate else kind.label}
    if kind.outcomes:
        return _("%(title)s: done. The customer reads the reason.") % about
    if accepts:
        return _("%(title)s: accepted and done.") % about
    return _("%(title)s: refused. The customer reads the reason.") % about


def _moved(request: MemberRequest, case: int, error: IllegalMove) -> HttpResponse:
    """Somebody was faster: why, above the page as it is now."""
    messages.error(request, str(error.message))
    return redirect(_address(request, case))


def _act(request: MemberRequest, case: int, action: Callable[..., DeskRequest]) -> HttpResponse:
    selectors.request_at_desk(request.actor, case)
    try:
        action(by=request.actor, request=case)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect(_address(request, case))


def _query(request: MemberRequest) -> QueueQuery:
    """What cannot be read is left out."""
    show, kind = request.GET.get("show", ""), request.GET.get("kind", "")
    return QueueQuery(show if show in selectors.SHOWS else "", kind if kind in kinds else "")


def _address(request: MemberRequest, case: int | None) -> str:
    """A case, or the list, under the filter of this page."""
    query = _query(request)
    asked = {name: value for name, value in (("show", query.show), ("kind", query.kind)) if value}
    page = reverse("desk:case", args=[case]) if case else reverse("desk:queue")
    return f"{page}?{urlencode(asked)}" if asked else page


def _list(request: MemberRequest) -> dict[str, Any]:
    by, asked, query = request.actor, request.GET, _query(request)
    return {
        "page": selectors.page_of_queue(by, query, after=asked.get("after", ""), before=asked.get("before", "")),
        "query": query,
        "counts": selectors.counts(by),
        "kinds": list(kinds),
        "filters": _address(request, None).partition("?")[2],
    }


def _page(
    request: MemberRequest,
    found: DeskRequest,
    *,
    say: SayForm | None = None,
    decide: DecideForm | None = None,
    answer: forms.Form | None = None,
) -> HttpResponse:
    by = request.actor
    found = selectors.request_at_desk(by, found.id)  # as it stands now, also after a refusal
    case: Case = selectors.case_of(by, found)
    context = _list(request) | {
        "case": case,
        "say_form": say or SayForm(auto_id="id_say_%s"),
        "decide_form": decide or DecideForm(),
        "answer_form": answer or _answer(case.kind, case),
        "is_mine": found.state == DeskRequest.State.TAKEN and found.assignee == by.shown_as,
        "may_handle": bool(can(by, DeskRight.DECIDE)),
        "may_accept": case.kind.lifts is None or bool(can(by, case.kind.lifts)),
    }
    wrong = any(form is not None and form.errors for form in (say, decide, answer))
    return render(request, "desk/queue.html", context, status=422 if wrong else 200)


def _answer(kind: RequestKind, case: Case) -> forms.Form | None:
    if kind.answer is None or case.data is None:
        return None
    return kind.answer(initial=dict(kind.proposed(case.data)))
