"""Making an account behind a mailed link: who holds the secret holds the mailbox, so that no second mail is needed.

What the link is about says what the steps show, and what follows once the account is there (docs/adr/0020).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from remise.accounts.activation import JUST_MADE, NewAccount, make_account
from remise.accounts.models import Account
from remise.organisations.behind_links import Page, View
from remise.organisations.newcomers.forms import PasswordForm, PersonForm, PreferencesForm
from remise.organisations.newcomers.steps import Answers, Step
from remise.organisations.requests import MemberRequest


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom the link was mailed to. `show` is the page behind it; the steps are named `prefix` and the step."""

    secret: str
    email: str
    company: str
    may_make: bool  # it is open, and there is no account with this address
    show: str
    prefix: str
    own_words: Sequence[str] = ()

    def address(self, step: Step) -> str:
        return reverse(f"{self.prefix}{step.name.lower()}", args=[self.secret])

    @property
    def back(self) -> str:
        return reverse(self.show, args=[self.secret])


def step_views[Found](
    behind: Callable[[Page[Found]], View], newcomer: Callable[[str, Found], Newcomer]
) -> tuple[View, View, View]:
    """The pages of the three steps: who one is, the account, and how one wants to be written to. `behind` makes a
    page one of those behind this kind of link, `newcomer` says of what the secret opens whom it was mailed to."""

    def view_of(now: Step) -> View:
        def page(request: MemberRequest, secret: str, found: Found) -> HttpResponse:
            return _step(request, newcomer(secret, found), now)

        hidden = sensitive_post_parameters("password")(behind(page))
        view: View = require_http_methods(["GET", "POST"])(hidden)
        return view

    return view_of(Step.PERSON), view_of(Step.ACCOUNT), view_of(Step.PREFERENCES)


def _step(request: MemberRequest, who: Newcomer, now: Step) -> HttpResponse:
    """Going back shows what was typed; a password is not shown, and stays unless another one is typed."""
    if not who.may_make:
        return redirect(who.back)
    answers = Answers(request.session, who.secret)
    form = _form(request, now, who, request.POST or None, answers[now])
    if request.method == "POST" and form.is_valid():
        answers.keep(now, form.cleaned_data)
        return redirect(who.address(now.following))
    context = _about(who, now) | {"form": form}
    return render(request, "organisations/newcomer_step.html", context, status=422 if form.errors else 200)


def check(request: MemberRequest, who: Newcomer, made: Callable[[Account], None], *, then: str = "") -> HttpResponse:
    """All that was answered, to look at once more; then the account is made, `made` does what follows, and who signs
    in goes on to `then`."""
    if not who.may_make:
        return redirect(who.back)
    answers = Answers(request.session, who.secret)
    if answers.missing:
        return redirect(who.address(answers.missing))
    if request.method == "POST":
        return _make(request, who, answers, made, then)
    context = _about(who, Step.CHECK) | {
        "person": answers[Step.PERSON],
        "writes_in": dict(settings.LANGUAGES)[answers[Step.PREFERENCES]["language"]],
    }
    return render(request, "organisations/newcomer_check.html", context)


def _make(
    request: MemberRequest, who: Newcomer, answers: Answers, made: Callable[[Account], None], then: str
) -> HttpResponse:
    """A second click finds the account made, and is told what the first one was."""
    new = {**answers[Step.PERSON], **answers[Step.ACCOUNT], **answers[Step.PREFERENCES]}
    account = make_account(request, NewAccount(email=who.email, **new))
    if account is not None:
        made(account)
        answers.forget()
        request.session[JUST_MADE] = account.email
        words = _("Your account is made. Sign in with it; then you couple an app on your phone.")
        messages.success(request, words)
    return redirect(sign_in_url(then))


def sign_in_url(then: str = "") -> str:
    """Through both factors, and on from there."""
    return reverse("account_login", query={"next": then} if then else None)


def _form(request: MemberRequest, now: Step, who: Newcomer, sent: QueryDict | None, given: dict[str, Any]) -> Form:
    match now:
        case Step.PERSON:
            return PersonForm(sent, initial=given)
        case Step.ACCOUNT:
            return PasswordForm(sent, email=who.email, own_words=[who.company, *who.own_words])
        case _:
            chosen = {"language": get_language(), **given}
            return PreferencesForm(sent, languages=request.portal.languages, initial=chosen)


def _about(who: Newcomer, now: Step) -> dict[str, Any]:
    before = [one for one in Step if one is not Step.CHECK]
    addresses = {one.name.lower(): who.address(one) for one in before}
    back = {Step.ACCOUNT: addresses["person"], Step.PREFERENCES: addresses["account"]}.get(now, who.back)
    return {"who": who, "step": now, "steps": list(Step), "addresses": addresses, "back": back}
