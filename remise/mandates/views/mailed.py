"""For who was mailed an offer: the page behind the link. The secret in the address is all that is asked; accepting
asks for an account with both factors, and for which office one accepts."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.accounts.access import second_factor_url
from remise.core import clock
from remise.core.actor import Assurance
from remise.core.errors import BrokenRule
from remise.core.keys import fingerprint
from remise.core.limits import Rate
from remise.mandates import acting, selectors
from remise.mandates.acting import of_the_office
from remise.mandates.actions import answering
from remise.mandates.forms import OfficeForm
from remise.mandates.rights import ClientRight
from remise.mandates.rules import State
from remise.mandates.selectors import Mailed
from remise.organisations.behind_links import Page, View, behind_link
from remise.organisations.models import Organisation
from remise.organisations.newcomers import making
from remise.organisations.newcomers.making import Newcomer
from remise.organisations.requests import MemberRequest, work_at


def _offer(request: MemberRequest, secret: str) -> Mailed | None:
    return selectors.mailed(fingerprint(secret), clock.today(request.portal)) if request.portal else None


_behind_link = behind_link(
    _offer, unknown="mandates/unknown.html", noise=Rate("mandate.unknown", times=30, seconds=60)
)


def answering_to(page: Page[Mailed]) -> View:
    """A page about one offer, also while its reader acts for another client."""
    return of_the_office(_behind_link(page))


@require_GET
@answering_to
def show(request: MemberRequest, secret: str, offer: Mailed) -> HttpResponse:
    """Who lets whom act, for what; and for which office one accepts. Who has signed in by half goes through the
    second factor first, and is back here by itself."""
    if request.user.is_authenticated and request.actor.assurance < Assurance.TWO_FACTORS:
        return redirect(second_factor_url(request))
    return _show(request, secret, offer)


@require_POST
@answering_to
def accept(request: MemberRequest, secret: str, offer: Mailed) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("mandates:mailed", secret)
    if request.actor.assurance < Assurance.TWO_FACTORS:
        return redirect(second_factor_url(request))
    form = OfficeForm(request.POST, offices=_offices(request))
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        taken = answering.accept_mailed(account=request.user.pk, secret=secret, office=form.cleaned_data["office"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
        taken = None
    if taken is None:
        return _show(request, secret, _offer(request, secret) or offer)
    work_at(request.session, membership=taken.membership, branch=None)
    acting.act_for(request.session, office=taken.office, client=taken.client)
    messages.success(request, _("You act for %(company)s now.") % {"company": offer.client})
    return redirect("home")


@require_POST
@answering_to
def decline(request: MemberRequest, secret: str, _offer: Mailed) -> HttpResponse:
    answering.decline_mailed(secret)
    return redirect("mandates:mailed", secret)


@require_POST
@answering_to
def ask_again(request: MemberRequest, secret: str, offer: Mailed) -> HttpResponse:
    answering.ask_again(secret)
    words = _("%(company)s sees that you ask for a new link.") % {"company": offer.client}
    messages.success(request, words)
    return redirect("mandates:mailed", secret)


def _newcomer(secret: str, offer: Mailed) -> Newcomer:
    return Newcomer(
        secret=secret,
        email=offer.email,
        company=offer.client,
        may_make=offer.state is State.OFFERED and not offer.has_account,
        show="mandates:mailed",
        prefix="mandates:mailed_",
    )


person, account, preferences = making.step_views(answering_to, _newcomer)


@require_http_methods(["GET", "POST"])
@answering_to
def check(request: MemberRequest, secret: str, offer: Mailed) -> HttpResponse:
    """Accepting needs both factors and a choice for whom: after signing in one is back at the offer."""
    who = _newcomer(secret, offer)
    return making.check(request, who, lambda _made: None, then=who.back)


def _show(request: MemberRequest, secret: str, offer: Mailed) -> HttpResponse:
    context = {
        "offer": offer,
        "secret": secret,
        "state": offer.state.value,
        "offices": _offices(request),
        "sign_in": making.sign_in_url(_newcomer(secret, offer).back),
    }
    return render(request, "mandates/mailed.html", context)


def _offices(request: MemberRequest) -> list[tuple[int, str]]:
    """Where this person may take mandates on; for oneself one does without an office."""
    no_office = (Organisation.Kind.INSURER, Organisation.Kind.PERSON)
    return [
        (own.organisation, own.company)
        for own in request.memberships
        if (ClientRight.MANAGE, None) in own.grants and own.kind not in no_office
    ]
