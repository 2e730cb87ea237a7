"""Asking to work for a company, what the company answers, and what only the insurer can give."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.accounts.frame import name_known
from remise.accounts.places import caller_address, network_of
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.forms import whole_number
from remise.core.scope import ActorKind
from remise.desk.actions import open_request
from remise.desk.views.customer import page_of
from remise.onboarding import selectors
from remise.onboarding.actions import linking
from remise.onboarding.forms import DeclineForm, LinkAnswerForm, LinkForm
from remise.onboarding.requests import ADMINISTRATOR, RELATION_NUMBER, AskedAdministrator, AskedNumber
from remise.organisations import relation_numbers
from remise.organisations.access import without_company
from remise.organisations.proof_first import proof_first
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import entries_of
from remise.organisations.selectors import branches, roles_here
from remise.ui.forms import add_refusal

WITH_MENU = (ActorKind.MEMBER, ActorKind.STAFF)


@without_company
@require_http_methods(["GET", "POST"])
def ask(request: MemberRequest) -> HttpResponse:
    """By KvK or policy number; and how the own requests stand."""
    form = LinkForm(request.POST or None, initial={"name": name_known(request)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            linking.ask(
                by=request.actor,
                portal=request.portal,
                number_of=said["by"],
                number=said["number"],
                name=said["name"],
                had_account=said["had_account"],
                place=network_of(caller_address(request)),
            )
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            words = _("Your request is on its way. If the number is right, the company sees it. You get a mail.")
            messages.success(request, words)
            return redirect("links:ask")
    context = {
        "form": form,
        "asked": selectors.own_requests(request.actor),
        "days": request.portal.link_request_days,
        "base": "ui/shell.html" if request.actor.kind in WITH_MENU else "ui/door.html",
    }
    return render(request, "onboarding/link.html", context, status=422 if form.errors else 200)


@without_company
@require_POST
def withdraw(request: MemberRequest, wish: int) -> HttpResponse:
    """Of one's own."""
    try:
        linking.withdraw(by=request.actor, request=wish)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Withdrawn. Nobody is asked any more."))
    return redirect("links:ask")


@require_GET
def inbox(request: MemberRequest) -> HttpResponse:
    """Who asks to work here."""
    selectors.require_answers(request.actor)
    by = request.actor
    context = {
        "wanting": selectors.wanting(by),
        "withdrawn": selectors.withdrawn(by, days=request.portal.link_request_days),
        "roles": roles_here(by),
        "branches": branches(by.company),
        "colleagues": selectors.colleagues(by),
    }
    return render(request, "onboarding/link_inbox.html", context)


@require_POST
def approve(request: MemberRequest, link: int) -> HttpResponse:
    selectors.require_answers(request.actor)
    by = request.actor
    form = LinkAnswerForm(
        request.POST,
        roles=[role.name for role in roles_here(by)],
        branches=[branch.id for branch in branches(by.company)],
        colleagues=[number for number, _name in selectors.colleagues(by)],
    )
    if not form.is_valid():
        return HttpResponseBadRequest()
    given = entries_of(by, form.cleaned_data["role"])
    if first := proof_first(request, given, to=None, back=reverse("links:inbox")):
        return first
    try:
        done = linking.approve(by=by, case=link, **form.cleaned_data)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(name)s works here now.") % {"name": done.name})
    return redirect("links:inbox")


@require_POST
def decline(request: MemberRequest, link: int) -> HttpResponse:
    selectors.require_answers(request.actor)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        linking.decline(by=request.actor, case=link, reason=form.cleaned_data["reason"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect("links:inbox")


@require_POST
def administrator(request: MemberRequest) -> HttpResponse:
    """In a company in which nobody decides about rights, the insurer makes one administrator."""
    by = _member(request)
    data = AskedAdministrator(by.membership or 0)
    try:
        return page_of(open_request(by=by, kind=ADMINISTRATOR.name, data=data))
    except BrokenRule as error:
        messages.error(request, str(error.message))
        return redirect("access:mine")


@require_POST
def relation_number(request: MemberRequest) -> HttpResponse:
    """Of the branch worked in, or of the one that a refusal named; asking once more leads to what was asked."""
    by = _member(request)
    branch = relation_numbers.place_of(by, _branch(request))
    if branch is None:
        raise NotVisible(_("There is nothing here"))
    try:
        found = open_request(by=by, kind=RELATION_NUMBER.name, data=AskedNumber(branch.id, branch.name))
    except BrokenRule as error:
        messages.error(request, str(error.message))
        return redirect(reverse("home"))
    return page_of(found)


def _branch(request: MemberRequest) -> int | None:
    return whole_number(request.GET.get("branch", ""))


def _member(request: MemberRequest) -> Actor:
    if request.actor.kind is not ActorKind.MEMBER:
        raise NotVisible(_("There is nothing here"))
    return request.actor
