"""For who manages colleagues: whom we invited and how it stands."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.core.errors import BrokenRule
from remise.organisations.access import asks_proof_for, require, require_fresh_proof
from remise.organisations.invitations import actions, selectors
from remise.organisations.invitations.forms import InviteForm
from remise.organisations.invitations.letters import teller
from remise.organisations.proof_first import decides
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import OrganisationRight
from remise.organisations.selectors import branches, roles_here
from remise.ui.forms import add_refusal


@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Who was invited: who is waited for, whose link expired, and what became of the others."""
    require(request, OrganisationRight.MANAGE_USERS)
    company = request.actor.company
    return render(
        request,
        "organisations/invitations.html",
        {"invitations": selectors.invitations(company, branches(company)), "days": request.portal.invitation_days},
    )


@asks_proof_for(gettext_lazy("invite somebody who may decide for your company"))
@require_http_methods(["GET", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    """With rights that decide for the company, as giving them to a colleague: after fresh proof."""
    require(request, OrganisationRight.MANAGE_USERS)
    by = request.actor
    form = InviteForm(request.POST or None, roles=roles_here(by), branches=branches(by.company))
    if request.method == "POST" and form.is_valid():
        if decides(right for right, _branch in form.rights):
            require_fresh_proof(request)
        try:
            made = actions.invite_colleague(
                by=by,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                rights=form.rights,
                days=request.portal.invitation_days,
                tell=teller(request),
            )
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": made.email})
            return redirect("invitations:overview")
    context = {"form": form, "days": request.portal.invitation_days}
    return render(request, "organisations/invite.html", context, status=422 if form.errors else 200)


@require_POST
def again(request: MemberRequest, invitation: int) -> HttpResponse:
    try:
        sent = actions.send_again(
            by=request.actor, invitation=invitation, days=request.portal.invitation_days, tell=teller(request)
        )
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        words = _("A new invitation is on its way to %(email)s. The old link does not work any more.")
        messages.success(request, words % {"email": sent.email})
    return redirect("invitations:overview")


@require_POST
def withdraw(request: MemberRequest, invitation: int) -> HttpResponse:
    try:
        gone = actions.withdraw(by=request.actor, invitation=invitation)
    except BrokenRule as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The invitation of %(name)s is withdrawn.") % {"name": gone.display_name})
    return redirect("invitations:overview")
