"""What we say otherwise than the sign-in library: brand, words, limits, encryption, and what is written down."""

from email.utils import formataddr, parseaddr
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress, get_emailconfirmation_model
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from remise.accounts import blocking, devices, lost_phone, open_sessions, renewing
from remise.accounts.access import say_unsent
from remise.accounts.activation import waiting
from remise.accounts.assurance import assurance_of
from remise.accounts.hashers import spend_on_others
from remise.accounts.journal import note
from remise.accounts.language import remember_first, written_to
from remise.accounts.models import Account
from remise.core.actor import Assurance
from remise.core.identifiers import IdentifierError, mail_address
from remise.core.keys import cipher
from remise.core.limits import TooOften, give_back
from remise.portals.desks import Desk, own_desk, sign_in_desk
from remise.portals.models import Portal
from remise.portals.requests import address_of, portal_of
from remise.ui.theme import Palette

HOUSE_COLOUR = "#33475b"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {  # the library's own shape
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        # To whom the password shows to be the person: nobody else reads this.
        "account_blocked": _(
            "Your password is right, but this account is blocked for browsers that it does not know: a wrong password"
            " was typed too often. Your administrator or the insurer can lift that, or choose a new password."
        ),
        "old_password_refused": _(
            "Your password is right, but it is the one of the former portal and works no more. Choose a new one with"
            " “Forgotten your password?”."
        ),
        "email_password_mismatch": _("The e-mail address, the account number or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right."),
        "invalid_password_reset": _("This link does not work any more."),
        "too_many_login_attempts": _("That was too often. Wait five minutes and try again."),
        "rate_limited": _("That was too often. Wait five minutes and try again."),
    }

    def clean_email(self, email: str) -> str:
        """A mail will be sent there."""
        try:
            return mail_address(super().clean_email(email))
        except IdentifierError as error:
            raise ValidationError(str(error), code=error.code) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """With an address and a password; wrong ones are counted by one rule (`blocking`)."""
        try:
            account = blocking.judge(request, credentials["email"], partial(_check, request, credentials))
        except TooOften:
            raise self.validation_error("too_many_login_attempts") from None
        except blocking.Blocked:
            raise self.validation_error("account_blocked") from None
        portal = portal_of(request)
        if account is not None and (renewing.is_unproven(account, portal) or renewing.refused_since(account, portal)):
            raise self.validation_error("old_password_refused")
        return account

    def set_password(self, user: Account, password: str) -> None:
        """Chosen here, whatever it replaces."""
        user.old_password = False
        super().set_password(user, password)

    def reauthenticate(self, user: Account, password: str) -> bool:
        """In a session that is open already: whoever sits there guesses five times, and blocks nobody."""
        try:
            slot = blocking.AGAIN.take(user.pk)
        except TooOften:
            raise self.validation_error("too_many_login_attempts") from None
        is_right = user.check_password(password)
        if is_right:
            give_back(slot)
        return is_right

    def pre_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse | None:
        """The password is right; the code of the app comes next."""
        if not more.get("signup"):  # a sign-up takes no longer for an address that is new
            lost_phone.settle(request, user)
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer

    def login(self, request: HttpRequest, user: Account) -> None:
        has_signed_in_before = user.last_login is not None
        super().login(request, user)
        open_sessions.begin(request, user)
        if assurance_of(request) is Assurance.TWO_FACTORS:
            if has_signed_in_before:
                open_sessions.tell_of_new_device(request, user)
            devices.remember(request, user)
            blocking.begin_anew(user.pk)
            lost_phone.stop(request, user)
        note(request, "account.signed_in", user)
        remember_first(user)
        say_unsent(request)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            note(request, "account.signed_out", request.user)
            open_sessions.forget(request)
        super().logout(request)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            note(request, "account.confirmed", email_address.user)
        return confirmed

    def send_account_already_exists_mail(self, email: str) -> None:
        """Who asked for an account before and did not make it yet gets the link once more."""
        address = waiting(email)
        if address is None:
            known = Account.objects.filter(email=email.lower()).first()
            links = {name: reverse(f"account_{name}") for name in ("signup", "reset_password")}
            said = {"signup_url": links["signup"], "password_reset_url": links["reset_password"], "user": known}
            self.send_mail("account/email/account_already_exists", email, said)
        else:
            self.send_confirmation_mail(context.request, get_emailconfirmation_model().create(address), signup=True)

    def is_safe_url(self, url: str) -> bool:
        """Within this portal only: the library also goes to every other host of the installation."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Fresh proof is fresh proof: who signed in a moment ago is not asked for the password once more."""
        return super().is_reauthentication_required(app=app, **kwargs) and not _proven_just_now(self.request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    # ---- mail -----------------------------------------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Drawn now, in the reader's language and the portal's colours, and put in the outbox: it goes when what it
        tells has come to stand, and what the mail server says of it changes no answer."""
        portal = portal_of(self.request)
        brand = {
            "portal": portal,
            "brand": portal.name if portal else "Remise",
            "palette": Palette.of(portal.brand if portal else HOUSE_COLOUR),
            "desk": _desk(portal, template_prefix) if portal else None,
            "email": email,
            "password_reset_url": reverse("account_reset_password"),
        }
        said = {**brand, **context}
        links = {name: self._link(str(address)) for name, address in said.items() if name.endswith("_url")}
        with translation.override(written_to(email, portal)):
            message = self.render_mail(template_prefix, email, said | links)
            if portal:
                message.reply_to = [portal.desk_email]
            message.send()

    def _link(self, address: str) -> str:
        """The library takes the host and port of links from the request's header."""
        parts = urlsplit(address)
        return address_of(self.request, parts.path + (f"?{parts.query}" if parts.query else ""))

    def get_from_email(self) -> str:
        """The portal's name on the installation's address: the one that its mail server may send for."""
        portal = portal_of(self.request)
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return formataddr((portal.name, address)) if portal else settings.DEFAULT_FROM_EMAIL


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it was used already. Type the code that your app shows now."),
        "incorrect_recovery_code": _(
            "This code is not right, or it was used already. Type another one from the list that you kept."
        ),
        "unverified_email": _("Confirm your e-mail address first: the link is in your mail."),
        "cannot_generate_recovery_codes": _("Couple an authenticator app first."),
    }

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """The library has one form for both kinds of code; the page knows which it asks for."""
        if code == "incorrect_code" and "recovery" in context.request.GET:
            code = "incorrect_recovery_code"
        error: ValidationError = super().validation_error(code, *args)
        return error

    def get_totp_issuer(self) -> str:
        """Beside the e-mail address this is all that the app learns."""
        portal = portal_of(context.request)
        return portal.name if portal else "Remise"

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            message = "An authenticator's secret was encrypted with a key that is no longer in FIELD_KEYS"
            raise RuntimeError(message) from error


def _desk(portal: Portal, template_prefix: str) -> Desk:
    """Mails about signing in tell the number of the door."""
    is_about_signing_in = template_prefix.startswith(("account/", "mfa/"))
    return sign_in_desk(portal) if is_about_signing_in else own_desk(portal)


def _check(request: HttpRequest, credentials: dict[str, Any], account: Account) -> Account | None:
    """Whose password this is, of a closed account too: that one is told so. For nobody's address a password is hashed
    all the same."""
    AuthenticationBackend.unstash_authenticated_user()
    found: Account | None = authenticate(request, **credentials)
    spend_on_others(credentials["password"], account.password)
    return found or AuthenticationBackend.unstash_authenticated_user()


def _proven_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    age = timezone.now().timestamp() - max((record["at"] for record in records), default=0)
    return age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
