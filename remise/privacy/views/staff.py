"""For the insurer's people: for how long what is kept, what went last night, and what is held."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule, NotVisible
from remise.organisations.requests import MemberRequest
from remise.privacy import selectors
from remise.privacy.actions.holding import lift_hold, set_hold
from remise.privacy.actions.terms import set_term
from remise.privacy.forms import HoldForm, TermForm
from remise.privacy.rights import require
from remise.ui.forms import add_refusal


@require_GET
def terms(request: MemberRequest) -> HttpResponse:
    require(request.actor)
    return _page(request, HoldForm())


@require_http_methods(["GET", "POST"])
def term(request: MemberRequest, category: str) -> HttpResponse:
    """One category: what holds, what is to come, and a new term."""
    require(request.actor)
    shown = next((one for one in selectors.terms(request.actor) if one.category.name == category), None)
    if shown is None:
        raise NotVisible(_("There is nothing here"))
    begin = {"days": shown.days, "starts": clock.today(request.actor), "source": ""}
    form = TermForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            set_term(by=request.actor, category=category, **form.cleaned_data)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Laid down. The nights from that day on go by it."))
            return redirect("keeping:terms")
    context = {"one": shown, "form": form}
    return render(request, "privacy/term.html", context, status=422 if form.errors else 200)


@require_POST
def hold(request: MemberRequest) -> HttpResponse:
    require(request.actor)
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            set_hold(by=request.actor, **form.cleaned_data)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Held: nothing about it is let go of or erased until you lift it."))
            return redirect("keeping:terms")
    return _page(request, form, status=422)


@require_POST
def lift(request: MemberRequest, hold: int) -> HttpResponse:
    lift_hold(by=request.actor, hold=hold)
    messages.success(request, _("Lifted. What is past its term goes with the next night."))
    return redirect("keeping:terms")


def _page(request: MemberRequest, form: HoldForm, status: int = 200) -> HttpResponse:
    context = {"terms": selectors.terms(request.actor), "holds": selectors.held_now(request.actor), "form": form}
    return render(request, "privacy/terms.html", context, status=status)
