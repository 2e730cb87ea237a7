"""For who was invited: the page behind the mailed link, and the way from there to work.

The secret in the address is all that is asked: who holds it holds the mailbox.
"""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from remise.accounts.access import second_factor_url
from remise.accounts.activation import NewAccount, make_account
from remise.accounts.journal import as_account
from remise.core.actor import Assurance
from remise.core.limits import Rate
from remise.organisations.behind_links import behind_link
from remise.organisations.invitations import actions, selectors
from remise.organisations.invitations.forms import PasswordForm, PersonForm, PreferencesForm
from remise.organisations.invitations.rules import State
from remise.organisations.invitations.selectors import Shown
from remise.organisations.invitations.steps import Answers, Step
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


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@answering
def person(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    return _step(request, secret, invitation, Step.PERSON)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@answering
def account(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    return _step(request, secret, invitation, Step.ACCOUNT)


@require_http_methods(["GET", "POST"])
@answering
def preferences(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    return _step(request, secret, invitation, Step.PREFERENCES)


@require_http_methods(["GET", "POST"])
@answering
def check(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    """All that was answered, to look at once more; then the account is made and works for the company."""
    answers = Answers(request.session, secret)
    if not _may_make_account(invitation):
        return redirect("invitations:show", secret)
    if answers.missing:
        return redirect(f"invitations:{answers.missing.name.lower()}", secret)
    if request.method == "POST":
        return _make(request, secret, invitation, answers)
    context = _about(secret, invitation) | {
        "person": answers[Step.PERSON],
        "language": _form(request, Step.PREFERENCES, invitation, None, answers[Step.PREFERENCES]),
        "step": Step.CHECK,
        "steps": list(Step),
    }
    return render(request, "organisations/invitation_check.html", context)


def _show(request: MemberRequest, secret: str, invitation: Shown) -> HttpResponse:
    here = reverse("invitations:show", args=[secret])
    sign_in = f"{reverse('account_login')}?{urlencode({'next': here})}"
    context = _about(secret, invitation) | {"state": invitation.state.value, "sign_in": sign_in}
    return render(request, "organisations/invitation.html", context)


def _step(request: MemberRequest, secret: str, invitation: Shown, step: Step) -> HttpResponse:
    """Going back shows what was typed; a password is not shown, and stays unless another one is typed."""
    if not _may_make_account(invitation):
        return redirect("invitations:show", secret)
    answers = Answers(request.session, secret)
    form = _form(request, step, invitation, request.POST or None, answers[step])
    if request.method == "POST" and form.is_valid():
        answers.keep(step, form.cleaned_data)
        return redirect(f"invitations:{step.following.name.lower()}", secret)
    context = _about(secret, invitation) | {"form": form, "step": step, "steps": list(Step)}
    return render(request, "organisations/invitation_step.html", context, status=422 if form.errors else 200)


def _form(
    request: MemberRequest,
    step: Step,
    invitation: Shown,
    sent: QueryDict | None,
    given: dict[str, Any],
) -> Form:
    match step:
        case Step.PERSON:
            return PersonForm(sent, initial=given)
        case Step.ACCOUNT:
            return PasswordForm(sent, email=invitation.email, own_words=[invitation.company, invitation.name])
        case _:
            chosen = {"language": get_language(), **given}
            return PreferencesForm(sent, languages=request.portal.languages, initial=chosen)


def _make(request: MemberRequest, secret: str, invitation: Shown, answers: Answers) -> HttpResponse:
    """A second click finds the account made, and is told what the first one was."""
    made = make_account(
        request,
        NewAccount(
            email=invitation.email, **answers[Step.PERSON], **answers[Step.ACCOUNT], **answers[Step.PREFERENCES]
        ),
    )
    if made is not None:
        with as_account(request, made):
            actions.accept(account=made.pk, secret=secret)
        answers.forget()
        words = _("Your account is made. Sign in with it; then you couple an app on your phone.")
        messages.success(request, words)
    return redirect("account_login")


def _may_make_account(invitation: Shown) -> bool:
    return invitation.state is State.PENDING and not invitation.has_account


def _about(secret: str, invitation: Shown) -> dict[str, Any]:
    return {"secret": secret, "invitation": invitation}
