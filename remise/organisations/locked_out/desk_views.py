"""At the insurer's desk: administrators of customers who cannot sign in, or are to be signed out."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from remise.core.errors import BrokenRule, NotVisible
from remise.organisations.access import require
from remise.organisations.locked_out import actions, selectors
from remise.organisations.locked_out.forms import VerifiedForm
from remise.organisations.locked_out.rules import Verified
from remise.organisations.locked_out.views import signed_out
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import LetInRight, is_staff

SEARCH_FROM = 2  # letters


@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    _require(request)
    return _page(request)


@require_POST
def unblock(request: MemberRequest, membership: int) -> HttpResponse:
    return _help(request, membership, actions.lift_block_at_desk, _("Done: the person can sign in everywhere again."))


@require_POST
def phone_lost(request: MemberRequest, membership: int) -> HttpResponse:
    done = _("Confirmed. The wait has begun, and the person was told by mail.")
    return _help(request, membership, actions.confirm_lost_phone_at_desk, done)


@require_POST
def sign_out(request: MemberRequest, membership: int) -> HttpResponse:
    _require(request)
    try:
        ended = actions.sign_out_at_desk(by=request.actor, membership=membership)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, signed_out(membership, ended=ended))
    return redirect("locked_out:queue")


def _help(request: MemberRequest, membership: int, act: Callable[..., object], done: str) -> HttpResponse:
    """Not before it is said how one knows whom one helps."""
    _require(request)
    form = VerifiedForm(request.POST)
    if membership not in {line.person.membership for line in selectors.at_desk()}:
        raise NotVisible(_("This colleague does not exist."))
    if not form.is_valid():
        return _page(request, wrong=membership, form=form)
    try:
        act(by=request.actor, membership=membership, verified=Verified(form.cleaned_data["verified"]))
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect("locked_out:queue")


def _page(request: MemberRequest, *, wrong: int | None = None, form: VerifiedForm | None = None) -> HttpResponse:
    lines = [
        (line, form if form is not None and line.person.membership == wrong else VerifiedForm())
        for line in selectors.at_desk()
    ]
    for line, one in lines:
        one.auto_id = f"id_%s_{line.person.membership}"
    search = request.GET.get("q", "").strip()
    found = selectors.found_at_desk(request.actor, search) if len(search) >= SEARCH_FROM else []
    context = {"lines": lines, "search": search, "searched": len(search) >= SEARCH_FROM, "found": found}
    return render(request, "organisations/locked_out.html", context, status=422 if form else 200)


def _require(request: MemberRequest) -> None:
    if not is_staff(request.actor):
        raise NotVisible(_("There is nothing here"))
    require(request, LetInRight.LET_IN)
