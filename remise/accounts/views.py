"""The sign-in library's pages, each with what we do besides."""

import contextlib
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as account_views
from allauth.account.decorators import reauthentication_required
from allauth.account.internal import flows
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import stash_login, unstash_login
from allauth.account.stages import LoginStage
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as mfa_views
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn import views as webauthn_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic.edit import FormView

from remise.accounts import (
    access,
    activation,
    blocking,
    changing_address,
    devices,
    lost_phone,
    open_sessions,
    passkeys,
    recovery_codes,
    renewing,
    second_factor,
)
from remise.accounts.assurance import assurance_of, coupled_at
from remise.accounts.ended_sessions import Why
from remise.accounts.forms import (
    RESET_ASKED,
    CoupleForm,
    FirstPasswordForm,
    NewAddressForm,
    NewPasskeyForm,
    PasskeyAgainForm,
)
from remise.accounts.journal import note
from remise.core.actor import Assurance
from remise.core.errors import BrokenRule
from remise.core.limits import Limit, TooOften
from remise.portals.requests import portal_of

ADDRESSES = Limit("address.asked", times=5, seconds=24 * 3600)  # a mail goes to whichever address is typed
FRESH = "recovery_codes"  # in the session, enciphered, until the next page has shown them

# Signing out empties the browser too: pages kept for the back button, and whatever a script left behind.
CLEAR_SITE_DATA = '"cache", "storage"'


class SignOut(account_views.LogoutView):
    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
        return response


class SignIn(account_views.LoginView):
    def get_initial(self) -> dict[str, Any]:
        """Who just made an account need not type its address once more."""
        return {**super().get_initial(), "login": self.request.session.get(activation.JUST_MADE, "")}

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
        """Who opened a page between the password and the code goes on to that page, and not to an earlier one."""
        wanted = get_next_redirect_url(request)
        if wanted:
            stage.login.redirect_url = wanted
            stash_login(request, stage.login)
        way: HttpResponse | None = super()._redirect_to_pending_stage(request, stage)
        return way


class LookInYourMail(account_views.EmailVerificationSentView):
    """After signing up, and after signing in with an address that was not confirmed yet."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        login = unstash_login(self.request, peek=True)
        # The address as it was typed, whether it has an account or not.
        address = login and (login.email or login.user.email)
        return {**super().get_context_data(**kwargs), "address": address, "is_new": not login or login.signup}


@login_not_required
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """The same mail once more, at most every three minutes; the answer does not say which."""
    login = unstash_login(request, peek=True)
    if login is None:
        return redirect("account_login")
    flows.email_verification.send_verification_email_at_login(request, login)
    messages.info(request, _("A new mail is on its way, if the last one is more than three minutes old."))
    return redirect("account_email_verification_sent")


class Activate(account_views.ConfirmEmailView):
    """Behind the link in the mail: whoever holds the mailbox chooses the password, and that makes the account."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        form = kwargs.pop("form", None)
        if form is None and self.object:
            form = FirstPasswordForm(user=self.object.email_address.user)
        return {**super().get_context_data(**kwargs), "form": form}

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        try:
            self.object = self.get_object()
        except Http404:  # a second click, or the link is too old: as for who only looks
            self.object = None
            return self._page()
        account = self.object.email_address.user
        form = FirstPasswordForm(self.request.POST, user=account)
        if not form.is_valid():
            return self._page(form=form)
        if activation.prove_mailbox(self.request, account):
            form.save()
            self.logout_other_user(self.object)
            self.request.session[activation.JUST_MADE] = account.email
        return redirect("account_login")

    def _page(self, **context: object) -> HttpResponse:
        page: HttpResponse = self.render_to_response(self.get_context_data(**context))
        return page


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def phone_lost(request: HttpRequest) -> HttpResponse:
    """After the password, instead of a code: neither the app nor a recovery code is there."""
    account = request._login_stage.login.user  # type: ignore[attr-defined]
    if request.method == "POST":
        lost_phone.ask(request, account)
        return redirect("account_lost_phone")
    return render(request, "accounts/phone_lost.html", {"asked": lost_phone.open_one(account.pk), "account": account})


@login_not_required
@require_http_methods(["GET", "POST"])
def stop_lost_phone(request: HttpRequest, secret: str) -> HttpResponse:
    """Behind the link in the mail; looking at the page stops nothing, for mail programs look too."""
    found = lost_phone.of_link(secret)
    if found is None:
        return render(request, "accounts/phone_lost_over.html", {"stopped": False}, status=404)
    if request.method == "GET":
        return render(request, "accounts/phone_lost_stop.html", {"asked": found})
    lost_phone.stop(request, found.account)
    return render(request, "accounts/phone_lost_over.html", {"stopped": True})


class ResetAsked(account_views.PasswordResetDoneView):
    """The address once more as it was typed, to be looked at: whether it has an account is not told."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "address": self.request.session.get(RESET_ASKED, "")}


class ResetPassword(account_views.PasswordResetFromKeyView):
    def form_valid(self, form: Form) -> HttpResponse:
        """The link came from the mailbox: that confirms the address too. All sessions end, and this one goes on to
        the second factor."""
        activation.prove_mailbox(self.request, self.reset_user)
        blocking.lift_by_mailbox(self.reset_user)
        lost_phone.begin_anew(self.reset_user.pk)
        note(self.request, "account.password_reset", self.reset_user)
        if self.request.user.is_authenticated:
            open_sessions.forget(self.request)
        open_sessions.end_all(self.reset_user, Why.PASSWORD)
        self.reset_user.vouched_by = None
        self.request.session.pop(RESET_ASKED, None)
        response: HttpResponse = super().form_valid(form)
        return response


class ChangePassword(account_views.PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        # Where there is an app, a password alone does not change the password.
        account = authenticated_user(request)
        if coupled_at(account.pk) and assurance_of(request) < Assurance.TWO_FACTORS:
            return redirect(access.second_factor_url(request))
        if not account.has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        portal = portal_of(self.request)
        renews = portal is not None and renewing.is_due(authenticated_user(self.request), portal)
        return {**super().get_context_data(**kwargs), "renews": renews}

    def form_valid(self, form: Form) -> HttpResponse:
        account = authenticated_user(self.request)
        second_factor.hold(account)
        with open_sessions.taking_along(self.request):
            response: HttpResponse = super().form_valid(form)
        open_sessions.end_others(self.request, account, Why.PASSWORD)
        if assurance_of(self.request) is Assurance.TWO_FACTORS:  # this browser stays a known one
            devices.remember(self.request, account)
            lost_phone.stop(self.request, account)
        note(self.request, "account.password_changed", account)
        return response


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ChangeAddress(FormView):  # type: ignore[type-arg]  # generic for the type checker only
    """Asked with fresh proof, by who has proven both factors."""

    form_class = NewAddressForm
    template_name = "accounts/change_address.html"

    def form_valid(self, form: NewAddressForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        try:
            ADDRESSES.take(self.request.user.pk)
        except TooOften as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        account = authenticated_user(self.request)
        lost_phone.stop_by_both_factors(self.request, account)
        changing_address.ask(self.request, account, email)
        words = _("A link is on its way to %(address)s. Until it is opened, you sign in with your old address.")
        messages.success(self.request, words % {"address": email})
        return redirect("mfa_index")


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm_address(request: HttpRequest, secret: str) -> HttpResponse:
    """Behind the link that the new address was mailed; looking at it changes nothing."""
    change = changing_address.of_link(secret)
    if change is None:
        return render(request, "accounts/confirm_address.html", {"change": None}, status=404)
    if request.method == "POST":
        done = changing_address.confirm(request, change)
        if done:
            lost_phone.tell_new_mailbox(request, change.account.pk, change.email)
            messages.success(request, _("From now on you sign in with your new address."))
        return redirect("mfa_index")
    return render(request, "accounts/confirm_address.html", {"change": change})


class SecondStep(mfa_views.AuthenticateView):
    """A code, or a passkey where one was made at this portal."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        account = self.stage.login.user
        if not passkeys.works_here(self.request, account.pk):
            self.webauthn_form = None
        said: dict[str, Any] = super().get_context_data(**kwargs)
        return said


class PasswordAgain(account_views.ReauthenticateView):
    def get_context_data(self, **said: Any) -> dict[str, Any]:
        """With what is about to be done, where the page that was asked for says it."""
        wanted = urlsplit(self.request.POST.get("next") or self.request.GET.get("next") or "").path
        with contextlib.suppress(Resolver404):
            said["proof_for"] = getattr(resolve(wanted).func, "proof_for", "")
        found: dict[str, Any] = super().get_context_data(**said)
        return found

    def form_valid(self, form: Form) -> HttpResponse:
        open_sessions.rotate(self.request)
        if assurance_of(self.request) < Assurance.TWO_FACTORS:
            access.drop_kept_form(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class CodeAgain(mfa_views.ReauthenticateView):
    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        said: dict[str, Any] = super().get_context_data(**kwargs)
        account = authenticated_user(self.request)
        if passkeys.works_here(self.request, account.pk):
            said |= {"webauthn_form": True, "js_data": {"request_options": passkeys.begin_use(account)}}
        return said

    def form_valid(self, form: Form) -> HttpResponse:
        open_sessions.rotate(self.request)
        lost_phone.stop(self.request, authenticated_user(self.request))
        response: HttpResponse = super().form_valid(form)
        return response


class PasskeyAgain(webauthn_views.ReauthenticateWebAuthnView):
    """What the button on the page of the code sends."""

    http_method_names = ("post",)

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(self.request, " ".join(map(str, form.non_field_errors())))
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate")))

    def form_valid(self, form: PasskeyAgainForm) -> HttpResponse:
        form.save()
        open_sessions.rotate(self.request)
        lost_phone.stop(self.request, authenticated_user(self.request))
        response: HttpResponse = account_views.BaseReauthenticateView.form_valid(self, form)
        return response


class Security(mfa_views.IndexView):
    """What one proves oneself with."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        account = authenticated_user(self.request)
        theirs = passkeys.all_of(account.pk)
        return {
            **super().get_context_data(**kwargs),
            "passkeys": theirs,
            "may_add_passkey": len(theirs) < passkeys.MOST,
            "codes_left": recovery_codes.left(account),
        }


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class AddPasskey(FormView):  # type: ignore[type-arg]  # generic for the type checker only
    form_class = NewPasskeyForm
    template_name = "accounts/add_passkey.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """After the form was judged: each page is given a challenge of its own."""
        said = super().get_context_data(**kwargs)
        return {**said, "js_data": passkeys.begin(authenticated_user(self.request))}

    def form_valid(self, form: NewPasskeyForm) -> HttpResponse:
        try:
            passkeys.add(self.request, authenticated_user(self.request), **form.cleaned_data)
        except BrokenRule as error:
            form.add_error(None, str(error.message))
            return self.form_invalid(form)
        messages.success(self.request, _("From now on you can sign in with this passkey instead of a code."))
        return redirect("mfa_index")


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@require_POST
def remove_passkey(request: HttpRequest, passkey: int) -> HttpResponse:
    if not passkeys.remove(request, authenticated_user(request), passkey):
        raise Http404("No passkey of this account")
    messages.success(request, _("The passkey is removed. What it opened asks for another proof now."))
    return redirect("mfa_index")


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    account = authenticated_user(request)
    context = {
        "sessions": open_sessions.lines(request, account),
        "in_two_places": open_sessions.is_in_two_places(account),
        "idle": settings.SESSION_IDLE,
        "longest": settings.SESSION_LONGEST,
    }
    return render(request, "accounts/sessions.html", context)


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    account = authenticated_user(request)
    if session not in {line.id for line in open_sessions.lines(request, account)}:
        raise Http404("No session of this account")
    open_sessions.end(account, session)
    note(request, "account.session_ended", account)
    messages.success(request, _("That session has ended."))
    return redirect("account_sessions")


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """All others, or all of them with this one; then no browser is known any more either."""
    account = authenticated_user(request)
    if request.POST.get("which") != "all":
        open_sessions.end_others(request, account)
        note(request, "account.session_ended", account)
        messages.success(request, _("All other sessions have ended."))
        return redirect("account_sessions")
    open_sessions.end_all(account)
    note(request, "account.sessions_ended", account)
    request.session.flush()
    answer = redirect("account_login")
    answer.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
    return answer


class CoupleApp(totp_views.ActivateTOTPView):
    """The first app of an account, or the one of a new phone, which replaces it."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.replaced = coupled_at(request.user.pk) if request.user.is_authenticated else None
        if self.replaced and assurance_of(request) < Assurance.TWO_FACTORS:
            return redirect(access.second_factor_url(request))
        return self._couple(request, *args, **kwargs)

    @method_decorator(redirect_if_add_not_allowed)
    @method_decorator(reauthentication_required(app="allauth.mfa"))
    def _couple(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        # Past the library's own check, which would have the old app taken away before the new one is there.
        return FormView.dispatch(self, request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        has_passkeys = bool(passkeys.all_of(self.request.user.pk))
        return {**super().get_context_data(**kwargs), "replaced": self.replaced, "has_passkeys": has_passkeys}

    def form_valid(self, form: CoupleForm) -> HttpResponse:
        code = form.cleaned_data["code"]
        try:
            made = second_factor.couple(self.request, authenticated_user(self.request), secret=form.secret, code=code)
        except BrokenRule as error:
            messages.error(self.request, str(error.message))
            return redirect("mfa_activate_totp")
        lost_phone.stop_by_both_factors(self.request, authenticated_user(self.request))
        if self.replaced:
            return _to_codes(self.request, made) if made else redirect("mfa_index")
        return _to_codes(self.request, made, first="", next=get_next_redirect_url(self.request) or "/")


class UncoupleApp(totp_views.DeactivateTOTPView):
    def form_valid(self, form: Form) -> HttpResponse:
        lost_phone.stop_by_both_factors(self.request, authenticated_user(self.request))  # as long as there is an app
        second_factor.uncouple(self.request, self.request.user)
        return redirect("mfa_activate_totp")


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class NewRecoveryCodes(FormView):  # type: ignore[type-arg]  # generic for the type checker only
    """How many are left; with fresh proof, ten new ones."""

    form_class = GenerateRecoveryCodesForm
    template_name = "mfa/recovery_codes/generate.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "left": recovery_codes.left(authenticated_user(self.request))}

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            made = second_factor.renew_recovery_codes(self.request, authenticated_user(self.request))
        except BrokenRule as error:
            messages.error(self.request, str(error.message))
            return redirect("mfa_activate_totp")
        return _to_codes(self.request, made)


@require_GET
def fresh_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that were made just now, this once. The file stands in its link: nothing else has it."""
    made = request.session.pop(FRESH, "")
    if not made:
        return redirect("mfa_generate_recovery_codes")
    codes = decrypt(made).split()
    text = render_to_string("mfa/recovery_codes/download.txt", {"codes": codes}, request)
    context = {
        "codes": codes,
        "file": f"data:text/plain;charset=utf-8;base64,{b64encode(text.encode()).decode()}",
        "first": "first" in request.GET,
        "onwards": get_next_redirect_url(request) or reverse("mfa_index"),
    }
    return render(request, "mfa/recovery_codes/made.html", context)


def _to_codes(request: HttpRequest, codes: list[str], **how: str) -> HttpResponse:
    """From the form that made them to the page that shows them: no answer to a form, which the back button would send
    once more."""
    request.session[FRESH] = encrypt(" ".join(codes))
    return redirect(reverse("mfa_view_recovery_codes", query=how))
