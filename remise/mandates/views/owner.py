"""For who gives mandates: whom we let act for us, how that stands, and what they did."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.mandates import selectors
from remise.mandates.actions import giving, wishing
from remise.mandates.documents import draw_up_given
from remise.mandates.forms import Frame, MandateForm, OfferForm, WhyForm, WishForm
from remise.mandates.letters import teller
from remise.mandates.models import Mandate
from remise.mandates.rights import MandateRight, mandatable
from remise.mandates.rules import last_day_of
from remise.organisations.access import asks_proof_for, require, require_fresh_proof
from remise.organisations.requests import MemberRequest
from remise.organisations.selectors import branches
from remise.ui.forms import add_refusal


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    require(request, MandateRight.MANAGE)
    return render(request, "mandates/overview.html", {"mandates": selectors.given(request.actor)})


@asks_proof_for(gettext_lazy("let an office act for your company"))
@require_http_methods(["GET", "POST"])
def offer(request: MemberRequest) -> HttpResponse:
    require(request, MandateRight.MANAGE)
    require_fresh_proof(request)
    form = OfferForm(request.POST or None, frame=_frame(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = giving.offer_mandate(
                by=request.actor,
                to=said["to"],
                purpose=said["purpose"],
                rights=said["rights"],
                branches=form.chosen_branches,
                fields=form.cleaned_data["fields_seen"],
                starts=clock.today(request.actor),
                last_day=said["last_day"],
                days=request.portal.invitation_days,
                must_end=request.portal.mandates_must_end,
                tell=teller(request),
            )
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The mandate is offered to %(to)s.") % {"to": made.addressed_to})
            return redirect("mandates:overview")
    context = {"form": form, "days": request.portal.invitation_days}
    return render(request, "mandates/offer.html", context, status=422 if form.errors else 200)


@require_GET
def show(request: MemberRequest, mandate: int) -> HttpResponse:
    """One mandate: what it allows, what was done with it, and how to change or end it."""
    require(request, MandateRight.MANAGE)
    row, shown = selectors.given_one(request.actor, mandate)
    return _page(request, row, shown, _form_of(request, row))


@asks_proof_for(gettext_lazy("let an office act for your company"))
@require_POST
def change(request: MemberRequest, mandate: int) -> HttpResponse:
    require(request, MandateRight.MANAGE)
    require_fresh_proof(request)
    row, shown = selectors.given_one(request.actor, mandate)
    form = MandateForm(request.POST, frame=_frame(request))
    if form.is_valid():
        try:
            giving.change_mandate(
                by=request.actor,
                mandate=mandate,
                rights=form.cleaned_data["rights"],
                branches=form.chosen_branches,
                fields=form.cleaned_data["fields_seen"],
                last_day=form.cleaned_data["last_day"],
                must_end=request.portal.mandates_must_end,
            )
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The mandate is changed. It holds from now on."))
            return redirect("mandates:show", mandate)
    return _page(request, row, shown, form, status=422)


@asks_proof_for(gettext_lazy("let an office act for your company"))
@require_POST
def grant_wish(request: MemberRequest, mandate: int) -> HttpResponse:
    """What the office asked for, added as it is."""
    require(request, MandateRight.MANAGE)
    require_fresh_proof(request)
    form = WishForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        wishing.grant_wish(
            by=request.actor,
            mandate=mandate,
            right=form.cleaned_data["right"],
            must_end=request.portal.mandates_must_end,
        )
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The mandate is changed. It holds from now on."))
    return redirect("mandates:show", mandate)


@require_POST
def decline_wish(request: MemberRequest, mandate: int) -> HttpResponse:
    form = WishForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        wishing.decline_wish(by=request.actor, mandate=mandate, right=form.cleaned_data["right"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Not given. The office reads that in a mail."))
    return redirect("mandates:show", mandate)


@require_POST
def end(request: MemberRequest, mandate: int) -> HttpResponse:
    form = WhyForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        ended = giving.end_mandate(by=request.actor, mandate=mandate, why=form.cleaned_data["why"])
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("This mandate of %(office)s is ended.") % {"office": ended.office_name})
    return redirect("mandates:show", mandate)


@require_POST
def again(request: MemberRequest, mandate: int) -> HttpResponse:
    try:
        giving.offer_again(
            by=request.actor, mandate=mandate, days=request.portal.invitation_days, tell=teller(request)
        )
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The mandate is offered again. An older link does not work any more."))
    return redirect("mandates:overview")


@require_POST
def withdraw(request: MemberRequest, mandate: int) -> HttpResponse:
    try:
        giving.withdraw_offer(by=request.actor, mandate=mandate)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The offer is withdrawn."))
    return redirect("mandates:overview")


@require_GET
def receipt(request: MemberRequest, mandate: int) -> HttpResponse:
    """As PDF, in the reader's language."""
    require(request, MandateRight.MANAGE)
    document = draw_up_given(by=request.actor, mandate=mandate)
    return redirect("documents:show", document.id)


def _frame(request: MemberRequest) -> Frame:
    by = request.actor
    return Frame(mandatable(), branches(by.company), clock.today(by), request.portal.mandates_must_end)


def _form_of(request: MemberRequest, row: Mandate) -> MandateForm:
    """As it is now."""
    said = {
        "rights": row.rights,
        "fields_seen": row.fields,
        "branches": row.branches or [],
        "last_day": last_day_of(row.ends),
    }
    return MandateForm(initial=said, frame=_frame(request))


def _page(
    request: MemberRequest, row: Mandate, shown: selectors.Shown, form: MandateForm, status: int = 200
) -> HttpResponse:
    context = {
        "mandate": shown,
        "form": form if shown.stands or shown.is_unanswered else None,
        "why": WhyForm(),
        "wishes": selectors.wishes(request.actor, row.id) if shown.stands else [],
        "deeds": selectors.deeds(request.actor, row.office_id) if row.office_id else [],
    }
    return render(request, "mandates/mandate.html", context, status=status)
