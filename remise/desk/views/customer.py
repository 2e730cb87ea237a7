"""The customer's side: what was asked, how far it is, and what the desk said."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule
from remise.desk import actions, selectors
from remise.desk.forms import SayForm
from remise.desk.models import DeskRequest
from remise.desk.moves import IllegalMove
from remise.desk.sights import LIST
from remise.organisations.looking.of_office import note_look_of_office
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal


@require_GET
def requests(request: MemberRequest) -> HttpResponse:
    selectors.require_any(request.actor)
    note_look_of_office(request, LIST.kind, 0)
    page = selectors.page_of_requests(
        request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(request, "desk/requests.html", {"page": page})


@require_GET
def request_page(request: MemberRequest, case: int) -> HttpResponse:
    found = selectors.request_of(request.actor, case)
    if found.unread and not found.is_open:  # a question stays one until it is answered
        actions.mark_read(by=request.actor, request=found)
    return _page(request, found, SayForm())


@require_POST
def say(request: MemberRequest, case: int) -> HttpResponse:
    found = selectors.request_of(request.actor, case)
    form = SayForm(request.POST)
    if form.is_valid():
        try:
            actions.say(by=request.actor, request=case, text=form.cleaned_data["text"])
        except IllegalMove as error:
            messages.error(request, str(error.message))
            return redirect("desk:request", case)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            return redirect("desk:request", case)
    return _page(request, found, form)


@require_POST
def withdraw(request: MemberRequest, case: int) -> HttpResponse:
    selectors.request_of(request.actor, case)
    try:
        actions.withdraw(by=request.actor, request=case)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The request is withdrawn. Nothing was changed."))
    return redirect("desk:request", case)


def page_of(found: DeskRequest) -> HttpResponse:
    """Where `open_request` leads to."""
    return redirect("desk:request", found.id)


def _page(request: MemberRequest, found: DeskRequest, form: SayForm) -> HttpResponse:
    case = selectors.case_of(request.actor, found)
    context = {
        "case": case,
        "form": form,
        "subject_url": case.kind.page(found.subject) if case.kind.page else "",
        "receipt_url": case.kind.receipt(found.entry) if case.kind.receipt and found.entry else "",
    }
    return render(request, "desk/request.html", context, status=422 if form.errors else 200)
