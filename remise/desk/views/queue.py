"""The desk's side, in three panes: what waits, what is asked, what is decided. Each address is a whole page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from remise.core.actor import can
from remise.core.errors import BrokenRule
from remise.core.forms import whole_number
from remise.desk import actions, selectors
from remise.desk import queue as waiting
from remise.desk.answers import selectors as answers
from remise.desk.answers.selectors import Offers
from remise.desk.data import read
from remise.desk.elsewhere import elsewhere
from remise.desk.forms import DecideForm, HandOverForm, NoteForm, SayForm
from remise.desk.handover import actions as handing
from remise.desk.handover import selectors as handover
from remise.desk.handover.actions import Picked
from remise.desk.handover.selectors import Handler
from remise.desk.kinds import RequestKind, kinds
from remise.desk.models import AnswerTemplate, DeskRequest
from remise.desk.moves import IllegalMove
from remise.desk.queue import QueueQuery
from remise.desk.rights import DeskRight
from remise.desk.selectors import Case
from remise.desk.sights import SIGHT
from remise.desk.views import filters
from remise.organisations.looking.actions import note_look
from remise.organisations.requests import MemberRequest
from remise.ui.formats import number, plate_text
from remise.ui.forms import add_refusal, carried_out

SHOWN_REFUSED = 3  # reasons of one kind or another, of many that were picked


@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    """What waits for the desk, what is due first on top. Every minute htmx asks for what is counted and the clocks
    anew: nothing in which somebody types is part of it."""
    waiting.require_desk(request.actor)
    if request.htmx:
        answer = render(request, "desk/queue.html#clocks", _list(request) | _beside(request))
    else:
        answer = render(request, "desk/queue.html", _list(request) | {"elsewhere": elsewhere(request.actor)})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_GET
def case(request: MemberRequest, case: int) -> HttpResponse:
    """One of them beside the list. The company can read who looked."""
    found = waiting.request_at_desk(request.actor, case)
    about = (SIGHT.kind, found.id)
    if not found.internal:
        note_look(by=request.actor, organisation=found.organisation, subject=about, purpose=about)
    handing.mark_seen(by=request.actor, request=found)
    return _page(request, found)


@require_POST
def take(request: MemberRequest, case: int) -> HttpResponse:
    return _act(request, case, actions.take)


@require_POST
def give_back(request: MemberRequest, case: int) -> HttpResponse:
    return _act(request, case, actions.give_back)


@require_POST
def hand_over(request: MemberRequest, case: int) -> HttpResponse:
    by = request.actor
    actions.require_handling(by)
    found = waiting.request_at_desk(by, case)
    form = _hand_form(request, found, list(handover.handlers(by).values()), request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            handing.hand_over(by=by, request=case, to=said["to"], had=said["had"] or None, why=said["why"])
        except IllegalMove as error:
            return _moved(request, case, error)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            return redirect(_address(request, case))
    return _page(request, found, hand=form)


@require_POST
def hand_over_many(request: MemberRequest) -> HttpResponse:
    """Those that were ticked: to a colleague, or to oneself."""
    by = request.actor
    actions.require_handling(by)
    handlers = handover.handlers(by)
    own = next((one.membership for one in handlers.values() if one.account == by.account), 0)
    to = own if "take" in request.POST else whole_number(request.POST.get("to", "")) or 0
    picked = [one for one in map(_picked, request.POST.getlist("case")) if one is not None]
    done, refused = handing.hand_over_many(by=by, picked=picked, to=to, why=request.POST.get("why", ""))
    if done:
        words = ngettext(
            "%(count)s request: %(name)s has it now.", "%(count)s requests: %(name)s has them now.", len(done)
        )
        messages.success(request, words % {"count": number(len(done)), "name": handlers[to].name})
    for reason in list(dict.fromkeys(refused))[:SHOWN_REFUSED]:
        messages.error(request, reason)
    if not picked:
        messages.error(request, _("Tick the requests first."))
    return redirect(_address(request, None))


def _picked(text: str) -> Picked | None:
    """The number of a request, and behind a dash who had it (0: nobody)."""
    request, _dash, had = text.partition("-")
    asked = whole_number(request)
    return None if asked is None else Picked(asked, whole_number(had) or None)


@require_POST
def note(request: MemberRequest, case: int) -> HttpResponse:
    actions.require_handling(request.actor)
    found = waiting.request_at_desk(request.actor, case)
    form = NoteForm(request.POST)
    if carried_out(form, lambda said: handing.note(by=request.actor, request=case, text=said["note"])):
        return redirect(_address(request, case))
    return _page(request, found, note=form)


@require_POST
def say(request: MemberRequest, case: int) -> HttpResponse:
    found = waiting.request_at_desk(request.actor, case)
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
    found = waiting.request_at_desk(by, case)
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
            done = actions.accept(by=by, request=case, reason=reason, answer=answer.cleaned_data if answer else None)
        else:
            done = actions.refuse(by=by, request=case, reason=reason)
    except IllegalMove as error:
        return _moved(request, case, error)
    except BrokenRule as error:
        add_refusal(answer if answer is not None and error.field in answer.fields else form, error)
        return _page(request, found, decide=form, answer=answer)
    messages.success(request, _done(done, accepts=accepts))
    return redirect(_address(request, waiting.next_of(by, _query(request), other_than=case)))


def _done(decided: DeskRequest, *, accepts: bool) -> str:
    """Which request this was: the page goes on with the next one."""
    kind = kinds[decided.kind]
    plate = plate_text(kind.plate(read(kind.schema, decided.data)))
    about = {"title": f"{plate}, {kind.label}" if plate else kind.label}
    if decided.internal:
        return _("%(title)s: done. The customer sees nothing of it.") % about
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
    waiting.request_at_desk(request.actor, case)
    try:
        action(by=request.actor, request=case)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect(_address(request, case))


def _query(request: MemberRequest) -> QueueQuery:
    return QueueQuery.read(request.GET)


def _address(request: MemberRequest, case: int | None) -> str:
    """A case, or the list, under the filters of this page."""
    if case is None:
        return filters.page(_query(request))
    asked = filters.address(_query(request))
    page = reverse("desk:case", args=[case])
    return f"{page}?{asked}" if asked else page


def _list(request: MemberRequest) -> dict[str, Any]:
    by, asked, query = request.actor, request.GET, _query(request)
    place = {name: asked.get(name, "") for name in ("after", "before")}
    page = waiting.page_of_queue(by, query, **place)
    counts = waiting.counts(by, query)
    may_handle = bool(can(by, DeskRight.DECIDE))
    return {
        "page": page,
        "query": query,
        "counts": counts,
        "new": handover.new_among(by, [line.request.id for line in page.rows]),
        "ages": filters.ages(query, counts),
        "bar": filters.bar(query, counts),
        "chips": filters.chips(query, counts),
        "typed": filters.typed(query),
        "chosen": filters.chosen(query, counts),
        "by_kind": filters.by_kind(query, counts),
        "empty": filters.empty(query),
        "filters": filters.address(query),
        "again": urlencode(query.address | {name: value for name, value in place.items() if value}),
        "may_handle": may_handle,
        "handlers": list(handover.handlers(by).values()) if may_handle else [],
    }


def _beside(request: MemberRequest) -> dict[str, Any]:
    """The case that stands open beside the list, as far as its clock goes."""
    number_of_case = whole_number(request.GET.get("case", ""))
    if number_of_case is None:
        return {}
    found = waiting.find_at_desk(request.actor, number_of_case)
    return {"beside": found and waiting.lines_at_desk(request.actor, [found])[0]}


def _page(request: MemberRequest, found: DeskRequest, **sent: forms.Form | None) -> HttpResponse:
    """`sent`: the forms in which something is wrong, by what they are for."""
    by = request.actor
    found = waiting.request_at_desk(by, found.id)  # as it stands now, also after a refusal
    case: Case = selectors.case_of(by, found)
    listed = _list(request)
    is_handled = found.is_open and listed["may_handle"]
    offered = answers.offers(by, case, request.portal) if is_handled else {}
    context = listed | {
        "case": case,
        "beside": case,
        "notes": handover.notes_of(by, found),
        "say_form": sent.get("say") or SayForm(auto_id="id_say_%s", initial=_begun(request, offered, "message")),
        "decide_form": sent.get("decide") or DecideForm(initial=_begun(request, offered, "reason")),
        "note_form": sent.get("note") or NoteForm(),
        "hand_form": sent.get("hand") or _hand_form(request, found, listed["handlers"]),
        "answer_form": sent.get("answer") or _answer(case.kind, case),
        "reasons": offered.get(AnswerTemplate.Use.REASON, []),
        "sayings": offered.get(AnswerTemplate.Use.MESSAGE, []),
        "is_mine": found.state == DeskRequest.State.TAKEN and found.assignee == by.shown_as,
        "may_accept": case.kind.lifts is None or bool(can(by, case.kind.lifts)),
    }
    wrong = any(form is not None and form.errors for form in sent.values())
    return render(request, "desk/queue.html", context, status=422 if wrong else 200)


def _begun(request: MemberRequest, offered: Mapping[str, Sequence[Offers]], use: str) -> dict[str, str]:
    """The text that was chosen where no script puts it in."""
    chosen = whole_number(request.GET.get(f"{use}_template", ""))
    texts = [one.text for group in offered.get(use, ()) for one in group.templates if one.id == chosen]
    return dict.fromkeys(("text", "reason"), texts[0]) if texts else {}


def _hand_form(
    request: MemberRequest,
    found: DeskRequest,
    handlers: Sequence[Handler],
    data: Any = None,  # noqa: ANN401
) -> HandOverForm:
    """To everybody but who has it; to take over is to choose oneself."""
    by = request.actor
    others = [one for one in handlers if one.account != found.assignee or data is not None]
    own = next((one.membership for one in others if one.account == by.account), None)
    initial = {"had": found.assignee or 0, "to": own if found.assignee not in {None, by.account} else None}
    named = [(one.membership, _("you") if one.account == by.account else one.name) for one in others]
    form = HandOverForm(data, handlers=named, initial=initial, auto_id="id_hand_%s")
    # Who takes a colleague's request over says why: the page does not call that optional.
    form.fields["why"].required = data is None and found.assignee not in {None, by.account}
    return form


def _answer(kind: RequestKind, case: Case) -> forms.Form | None:
    if kind.answer is None or case.data is None:
        return None
    return kind.answer(initial=dict(kind.proposed(case.data)))
