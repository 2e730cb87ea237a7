"""For the insurer's people: who asks to come in, what the own book says of it, and the answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule, NotVisible
from remise.onboarding import selectors
from remise.onboarding.actions import deciding, linking
from remise.onboarding.forms import AdmitForm, AnswerForm, ApproveForm, DeclineForm, SaidForm, VerifiedForm
from remise.onboarding.models import Application, LinkCase
from remise.onboarding.selectors import Case
from remise.organisations.appointing import require_intake
from remise.organisations.invitations.actions import Tell
from remise.organisations.invitations.letters import send
from remise.organisations.models import Invitation, Organisation
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal, carried_out


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    by, asked = request.actor, request.GET
    require_intake(by)
    show = asked.get("show", "") if asked.get("show") in selectors.SHOWS else ""
    context = {
        "page": selectors.page_of_applications(
            by, show, after=asked.get("after", ""), before=asked.get("before", "")
        ),
        "links": selectors.links_at_desk(by, show),
        "counts": selectors.counts(by),
        "show": show,
    }
    return render(request, "onboarding/queue.html", context)


@require_GET
def one(request: MemberRequest, application: int) -> HttpResponse:
    return _page(request, selectors.application_of(request.actor, application))


@require_POST
def take(request: MemberRequest, application: int) -> HttpResponse:
    found = selectors.application_of(request.actor, application)
    return _move(request, "applications:one", found.id, partial(deciding.take, application=found.id))


@require_POST
def give_back(request: MemberRequest, application: int) -> HttpResponse:
    found = selectors.application_of(request.actor, application)
    return _move(request, "applications:one", found.id, partial(deciding.give_back, application=found.id))


@require_POST
def approve(request: MemberRequest, application: int) -> HttpResponse:
    found = selectors.application_of(request.actor, application)
    form = _approval(selectors.case_of(request.actor, found, _search(request)), request.POST)
    if form is None:
        raise NotVisible(_("There is nothing here"))
    if not form.is_valid():
        return _page(request, found, approve=form)
    said: dict[str, Any] = {"by": request.actor, "portal": request.portal, "application": found.id}
    said |= form.cleaned_data | {"tell": _tell(request, found)}
    try:
        done = deciding.admit(**said) if isinstance(form, AdmitForm) else deciding.appoint(**said)
    except BrokenRule as error:
        add_refusal(form, error)
        return _page(request, found, approve=form)
    messages.success(request, _("Approved. The invitation is on its way to %(email)s.") % {"email": done.email})
    return redirect("applications:one", found.id)


@require_POST
def refuse(request: MemberRequest, application: int) -> HttpResponse:
    found = selectors.application_of(request.actor, application)
    form = AnswerForm(request.POST)
    refuse_it = partial(deciding.refuse, by=request.actor, portal=request.portal, application=found.id)
    if carried_out(form, lambda said: refuse_it(reason=said["reason"])):
        messages.success(request, _("Refused. The applicant reads the reason."))
        return redirect("applications:list")
    return _page(request, found, refuse=form)


@require_POST
def close(request: MemberRequest, application: int) -> HttpResponse:
    found = selectors.application_of(request.actor, application)
    form = SaidForm(request.POST)
    if carried_out(form, lambda said: deciding.close(by=request.actor, application=found.id, said=said["reason"])):
        messages.success(request, _("Noted and closed."))
        return redirect("applications:list")
    return _page(request, found, close=form)


@require_POST
def again(request: MemberRequest, application: int) -> HttpResponse:
    found = selectors.application_of(request.actor, application)
    try:
        sent = deciding.invite_again(
            by=request.actor, portal=request.portal, application=found.id, tell=_tell(request, found)
        )
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        words = _("A new invitation is on its way to %(email)s. The old link does not work any more.")
        messages.success(request, words % {"email": sent.email})
    return redirect("applications:one", found.id)


@require_GET
def link(request: MemberRequest, link: int) -> HttpResponse:
    """Somebody asks to work for a company in which nobody can answer."""
    return _link_page(request, selectors.link_at_desk(request.actor, link))


@require_POST
def take_link(request: MemberRequest, link: int) -> HttpResponse:
    case = selectors.link_at_desk(request.actor, link)
    return _move(request, "applications:link", case.id, partial(linking.take, case=case.id))


@require_POST
def give_back_link(request: MemberRequest, link: int) -> HttpResponse:
    case = selectors.link_at_desk(request.actor, link)
    return _move(request, "applications:link", case.id, partial(linking.give_back, case=case.id))


@require_POST
def approve_link(request: MemberRequest, link: int) -> HttpResponse:
    case = selectors.link_at_desk(request.actor, link)
    form = VerifiedForm(request.POST)
    if carried_out(
        form, lambda said: linking.approve_at_desk(by=request.actor, case=case.id, verified=said["verified"])
    ):
        messages.success(request, _("%(name)s is the administrator of this company now.") % {"name": case.name})
        return redirect("applications:list")
    return _link_page(request, case, form)


@require_POST
def decline_link(request: MemberRequest, link: int) -> HttpResponse:
    case = selectors.link_at_desk(request.actor, link)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _link_page(request, case)
    try:
        linking.decline(by=request.actor, case=case.id, reason=form.cleaned_data["reason"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect("applications:list")


def _move(request: MemberRequest, page: str, number: int, action: Callable[..., object]) -> HttpResponse:
    try:
        action(by=request.actor)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect(page, number)


def _tell(request: MemberRequest, asked: Application) -> Tell:
    """The mail that invites, in the name of the desk: with the reference that the applicant was mailed before."""

    def tell(invitation: Invitation, secret: str) -> None:
        send(
            request,
            invitation,
            company=Organisation.objects.get(id=invitation.organisation).name,
            inviter=request.portal.desk_name,
            secret=secret,
            reference=asked.reference,
            is_new=asked.kind == Application.Kind.REGISTRATION,
        )

    return tell


def _search(request: MemberRequest) -> str:
    return request.GET.get("q", "").strip()[:120]


def _approval(case: Case, sent: Any = None) -> forms.Form | None:  # noqa: ANN401
    asked = case.application
    if asked.kind == Application.Kind.REGISTRATION:
        return AdmitForm(sent, initial={"name": asked.company_name, "kvk": asked.kvk})
    if asked.kind in Application.APPOINTS:
        companies = [(match.company.id, match.company.name) for match in case.matches]
        only = companies[0][0] if len(companies) == 1 else None
        return ApproveForm(sent, companies=companies, initial={"company": only})
    return None


def _page(
    request: MemberRequest,
    found: Application,
    *,
    approve: forms.Form | None = None,
    refuse: forms.Form | None = None,
    close: forms.Form | None = None,
) -> HttpResponse:
    found = selectors.application_of(request.actor, found.id)  # as it stands now, also after a refusal
    case = selectors.case_of(request.actor, found, _search(request))
    wrong = [form for form in (approve, refuse, close) if form is not None and form.errors]
    context = {
        "case": case,
        "search": _search(request),
        **_whose(request, found),
        "approve_form": approve or _approval(case),
        "refuse_form": refuse or AnswerForm(auto_id="id_refuse_%s"),
        "close_form": close or SaidForm(),
    }
    for form in wrong:
        _say_on_top(request, found, form)
    return render(request, "onboarding/application.html", context, status=422 if wrong else 200)


def _whose(request: MemberRequest, asked: Application | LinkCase) -> dict[str, Any]:
    return {
        "is_mine": asked.assignee == request.actor.account,
        "may_answer": _may_answer(request, asked),
        "assignee": selectors.assignee_of(request.actor, asked),
    }


def _may_answer(request: MemberRequest, asked: Application | LinkCase) -> bool:
    return asked.assignee in {None, request.actor.account}


def _say_on_top(request: MemberRequest, asked: Application | LinkCase, form: forms.Form) -> None:
    """What is wrong with a form that is not there any more: somebody else is at it, or answered it."""
    if not (asked.is_open and _may_answer(request, asked)):
        told = [str(text) for text in form.non_field_errors()]
        messages.error(request, " ".join(told) or _("This was answered already."))


def _link_page(request: MemberRequest, case: LinkCase, form: VerifiedForm | None = None) -> HttpResponse:
    case = selectors.link_at_desk(request.actor, case.id)  # as it stands now, also after a refusal
    if form is not None:
        _say_on_top(request, case, form)
    context = {
        "case": case,
        "company": Organisation.objects.get(id=case.organisation),
        **_whose(request, case),
        "form": form or VerifiedForm(),
    }
    return render(request, "onboarding/link_at_desk.html", context, status=422 if form and form.errors else 200)
