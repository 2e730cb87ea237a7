"""For who was invited: the page behind the mailed link, and the way from there to work.

The secret in the address is all that is asked: who holds it holds the mailbox.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.accounts.access import second_factor_url
from remise.accounts.journal import as_account
from remise.accounts.models import Account
from remise.core.actor import Assurance
from remise.core.limits import Rate
from remise.organisations.behind_links import behind_link
from remise.organisations.invitations import actions, selectors
from remise.organisations.invitations.rules import State
from remise.organisations.invitations.selectors import Shown
from remise.organisations.newcomers import making
from remise.organisations.newcomers.making import Newcomer
from remise.organisations.requests import MemberRequest, work_at

answering = behind_link(
    lambda _request, secret: selectors.shown_to_holder(secret),
    unknown="organisations/invitation_unknown.html",
    noise=Rate("invitation.unknown", times=30, seconds=60),
)


@require_GET
@answering
def show(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    """Who asks, and the two ways to say yes: a new account, or the one that one has."""
    return _show(request, secret, invitation)


@require_POST
@answering
def accept(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    """With the account one is signed in with."""
    if not request.user.is_authenticated:
        return redirect("invitations:show", secret)
    if request.actor.assurance < Assurance.TWO_FACTORS:
        return redirect(second_factor_url(request))
    joined = actions.accept(account=request.user.pk, secret=secret)
    if joined is None:
        return _show(request, secret, selectors.shown_to_holder(secret) or invitation)
    work_at(request.session, membership=joined.membership, branch=None)
    messages.success(request, _("You work for %(company)s now.") % {"company": invitation.company})
    return redirect("/")


@require_POST
@answering
def decline(request: MemberRequest, secret: str, _invitation: Shown) -> HttpResponse:
    actions.decline(secret)
    return redirect("invitations:show", secret)


@require_POST
@answering
def ask_again(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    actions.ask_again(secret)
    words = _("%(company)s sees that you ask for a new invitation.") % {"company": invitation.company}
    messages.success(request, words)
    return redirect("invitations:show", secret)


def _newcomer(secret: str, invitation: Shown) -> Newcomer:
    return Newcomer(
        secret=secret,
        email=invitation.email,
        company=invitation.company,
        may_make=invitation.state is State.PENDING and not invitation.has_account,
        show="invitations:show",
        prefix="invitations:",
        own_words=[invitation.name],
    )


person, account, preferences = making.step_views(answering, _newcomer)


@require_http_methods(["GET", "POST"])
@answering
def check(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    """Who makes the account works for the company at once."""

    def join(made: Account) -> None:
        with as_account(request, made):
            actions.accept(account=made.pk, secret=secret)

    return making.check(request, _newcomer(secret, invitation), join)


def _show(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    context = {
        "secret": secret,
        "invitation": invitation,
        "state": invitation.state.value,
        "is_other": str(request.user).lower() != invitation.email.lower(),
        "sign_in": making.sign_in_url(_newcomer(secret, invitation).back),
    }
    return render(request, "organisations/invitation.html", context)
