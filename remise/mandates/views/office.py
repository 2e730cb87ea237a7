"""For who works at an office: the mandates it is offered and has taken on, and acting for a client."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.actor import can
from remise.core.errors import BrokenRule, NotVisible
from remise.core.scope import ActorKind, Scope, switch
from remise.mandates import acting, inbox, selectors
from remise.mandates.acting import of_the_office, over_all_clients
from remise.mandates.actions import answering, wishing
from remise.mandates.documents import draw_up_received
from remise.mandates.forms import ActForm, WhyForm, WishForm
from remise.mandates.rights import ClientRight
from remise.organisations.access import require
from remise.organisations.requests import MemberRequest, own_page, safe_next


@over_all_clients
@require_GET
def clients(request: MemberRequest) -> HttpResponse:
    """All clients by name, with what waits for each; and what waits by kind and day over all of them."""
    if request.actor.kind is not ActorKind.AGENT:
        require(request, ClientRight.ACT)
        raise NotVisible(_("There is nothing here"))
    asked = {name: request.GET.get(name, "") for name in ("q", "kind", "after", "before")}
    page = inbox.clients(
        request.actor, search=asked["q"], kind=asked["kind"], after=asked["after"], before=asked["before"]
    )
    own = selectors.own_tier()
    is_empty = not page.rows and not (asked["q"] or asked["kind"])
    context = {
        "page": page,
        "groups": inbox.groups(request.actor) if not is_empty else [],
        "total": inbox.count(request.actor),
        "search": asked["q"],
        "kind": asked["kind"],
        "is_empty": is_empty,
        "own": own,
        "is_closed": own is not None and not own.tier.opens,
        "manages": (ClientRight.MANAGE, None) in request.actor.grants,
    }
    return render(request, "mandates/clients.html", context)


@of_the_office
@require_GET
def received(request: MemberRequest) -> HttpResponse:
    """What is offered to us, and what we have taken on."""
    require(request, ClientRight.MANAGE)
    found = selectors.received(request.actor)
    context = {
        "offered": [one for one in found if one.mandate.is_unanswered],
        "taken_on": sorted((one for one in found if one.mandate.is_taken_on), key=lambda one: not one.mandate.stands),
        "why": WhyForm(),
    }
    return render(request, "mandates/received.html", context)


@require_POST
def ask(request: MemberRequest) -> HttpResponse:
    """By who acts for a client: one right more, of who gives mandates there."""
    form = WishForm(request.GET.dict() | request.POST.dict())
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        wishing.wish_for_right(by=request.actor, right=form.cleaned_data["right"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your request is on its way. A mail tells you what becomes of it."))
    return redirect("access:mine")


@of_the_office
@require_POST
def accept(request: MemberRequest, offer: int) -> HttpResponse:
    _known(request, offer)
    try:
        answering.accept_offer(by=request.actor, mandate=offer)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your office acts for this company now."))
    return redirect("clients:received")


@of_the_office
@require_POST
def decline(request: MemberRequest, offer: int) -> HttpResponse:
    _known(request, offer)
    answering.decline_offer(by=request.actor, mandate=offer)
    messages.success(request, _("You declined the mandate."))
    return redirect("clients:received")


@of_the_office
@require_POST
def hand_back(request: MemberRequest, offer: int) -> HttpResponse:
    _known(request, offer)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    answering.hand_back(by=request.actor, mandate=offer, why=form.cleaned_data["why"])
    messages.success(request, _("The mandate is handed back."))
    return redirect("clients:received")


@of_the_office
@require_GET
def receipt(request: MemberRequest, offer: int) -> HttpResponse:
    _known(request, offer)
    document = draw_up_received(by=request.actor, mandate=offer)
    acting.stop_acting(request.session)  # the document is the office's own
    return redirect("documents:show", document.id)


@of_the_office
@require_POST
def act(request: MemberRequest) -> HttpResponse:
    """Go on for this client, at the page that was asked for."""
    require(request, ClientRight.ACT)
    form = ActForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    client, page = form.cleaned_data["client"]
    if not _is_client(request, client):
        raise NotVisible(_("Your office does not act for this company."))
    acting.act_for(request.session, office=request.actor.company, client=client)
    return redirect(own_page(request, page, safe_next(request, reverse("home"))))


@of_the_office
@require_POST
def stop(request: MemberRequest) -> HttpResponse:
    acting.stop_acting(request.session)
    return redirect("clients:inbox" if can(request.actor, ClientRight.ACT) else "home")


def _known(request: MemberRequest, offer: int) -> None:
    require(request, ClientRight.MANAGE)
    selectors.received_one(request.actor, offer)


def _is_client(request: MemberRequest, client: int) -> bool:
    """Asked as the account, as each later request does."""
    by = request.actor
    switch(Scope(ActorKind.ACCOUNT, by.portal, by.account))
    told = acting.acts_for(by.account, office=by.company, client=client)
    switch(by.scope)
    return told is not None
