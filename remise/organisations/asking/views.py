from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule, NotVisible
from remise.organisations import selectors, ways
from remise.organisations.access import require
from remise.organisations.asking import actions
from remise.organisations.asking.forms import AskForm, DeclineForm
from remise.organisations.asking.letters import teller
from remise.organisations.asking.selectors import mandated, my_access, wanted
from remise.organisations.explaining import giving_oneself
from remise.organisations.models import AccessRequest
from remise.organisations.proof_first import proof_first
from remise.organisations.requests import MemberRequest, safe_next
from remise.organisations.rights import OrganisationRight


@require_GET
def mine(request: MemberRequest) -> HttpResponse:
    """What I may do, where, and what I asked for. Who acts for a client reads what the mandate says."""
    if request.client is not None:
        return render(request, "organisations/my_mandate.html", {"grounds": mandated(request.client)})
    company = _company(request)
    branches = selectors.branches(company)
    actions.note_read(by=request.actor)
    context = {
        "rooms": my_access(request.actor, branches),
        "oneself": giving_oneself(request),
        "branch": request.actor.branch,
        "works_in": selectors.place_name(request.actor, branches),
        "administrators": (administrators := selectors.administrators(company)),
        "way": None if administrators else ways.way(ways.WITHOUT_ADMINISTRATOR, request),
    }
    return render(request, "organisations/my_access.html", context)


@require_POST
def ask(request: MemberRequest) -> HttpResponse:
    """One click, from a refusal or from the page of one's own rights."""
    _company(request)
    form = AskForm(request.GET.dict() | request.POST.dict())
    if not form.is_valid():
        return HttpResponseBadRequest()
    said = form.cleaned_data
    try:
        actions.ask_for_right(by=request.actor, tell=teller(request), **said)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your request is on its way. You see the answer here."))
    return redirect("access:mine")


@require_GET
def inbox(request: MemberRequest) -> HttpResponse:
    """Which rights colleagues ask for."""
    require(request, OrganisationRight.MANAGE_USERS)
    company = request.actor.company
    context = {
        "wanted": wanted(company, selectors.branches(company)),
        "besides": ways.asked_besides(request.actor),
        "form": DeclineForm(),
    }
    return render(request, "organisations/access_inbox.html", context)


@require_POST
def approve(request: MemberRequest, access: int) -> HttpResponse:
    require(request, OrganisationRight.MANAGE_USERS)
    asked = AccessRequest.objects.filter(organisation=request.actor.company, id=access).first()
    if asked and (first := proof_first(request, [asked.right], to=asked.membership_id, back=reverse("access:inbox"))):
        return first
    try:
        given = actions.approve(by=request.actor, request=access)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(name)s has the right now.") % {"name": given.membership.display_name})
    return redirect("access:inbox")


@require_POST
def decline(request: MemberRequest, access: int) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        actions.decline(by=request.actor, request=access, reason=form.cleaned_data["reason"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
    return redirect("access:inbox")


@require_POST
def withdraw(request: MemberRequest, access: int) -> HttpResponse:
    actions.withdraw(by=request.actor, request=access)
    return redirect(safe_next(request, reverse("access:mine")))


def _company(request: MemberRequest) -> int:
    """Of who works for one; programs and people without a company have nobody to ask."""
    if request.actor.organisation is None or request.actor.membership is None:
        raise NotVisible(_("There is nothing here"))
    return request.actor.organisation
