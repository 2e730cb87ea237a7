"""On the page of a colleague, for who gives rights in the company."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from remise.core.errors import BrokenRule
from remise.organisations.locked_out import actions
from remise.organisations.models import Membership
from remise.organisations.requests import MemberRequest
from remise.ui.formats import moment


@require_POST
def unblock(request: MemberRequest, membership: int) -> HttpResponse:
    try:
        found = actions.lift_block(by=request.actor, membership=membership)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(name)s can sign in everywhere again.") % {"name": found.display_name})
    return redirect("organisations:person", membership)


@require_POST
def sign_out(request: MemberRequest, membership: int) -> HttpResponse:
    try:
        ended = actions.sign_out(by=request.actor, membership=membership)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, signed_out(membership, ended=ended))
    return redirect("organisations:person", membership)


def signed_out(membership: int, *, ended: int) -> str:
    """Of whom the caller just signed out, or found signed in nowhere."""
    words = _("%(name)s is signed out everywhere.") if ended else _("%(name)s is signed in nowhere.")
    return words % {"name": Membership.objects.get(id=membership).display_name}


@require_POST
def phone_lost(request: MemberRequest, membership: int) -> HttpResponse:
    try:
        due = actions.confirm_lost_phone(by=request.actor, membership=membership)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        words = _("From %(moment)s your colleague couples a new app at signing in.") % {"moment": moment(due)}
        messages.success(request, words)
    return redirect("organisations:person", membership)
