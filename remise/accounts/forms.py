"""The sign-in library's forms in our words, without its placeholders."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from remise.accounts import codes, passkeys, recovery_codes, second_factor
from remise.accounts.journal import note_lasting
from remise.accounts.models import Account
from remise.core.identifiers import AccountNumber, IdentifierError, mail_address
from remise.portals.requests import portal_of
from remise.ui.forms import CodeInput

RESET_ASKED = "reset_asked"  # in the session: for which address a link was asked last
PASSWORD_HELP = _("At least 12 characters. A short sentence is easy to remember and hard to guess.")


def words(**said: Any) -> Mapping[str, Any]:  # texts, translated when they are shown
    return said


# Where a field was left empty: what to fill in.
ASKS = words(
    login=_("Fill in your e-mail address or your account number."),
    email=_("Fill in your e-mail address."),
    password=_("Fill in your password."),
    oldpassword=_("Fill in your current password."),
    password1=_("Choose a password."),
    code=_("Fill in the code."),
)


LONGEST_CODE = 9  # a recovery code, with the space in it


def code_input(*, digits: int = 6) -> CodeInput:
    """Room for the space with which apps and our own lists write a code; and for a recovery code, which is taken
    wherever a code is asked."""
    return CodeInput(digits=digits, one_time=digits == 6, attrs={"maxlength": str(LONGEST_CODE)})


class Plain(forms.Form):
    """Labels instead of placeholders, help as one sentence, and the cursor in the first field that is wrong."""

    labels = words()
    helps = words()
    unused: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.unused:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            if name in ASKS:
                field.error_messages = {**field.error_messages, "required": ASKS[name]}
            field.widget.attrs.pop("placeholder", None)
        if not self.is_bound:
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    def add_error(self, field: str | None, error: Any) -> None:  # noqa: ANN401
        if field and not self.errors:
            self.fields[field].widget.attrs["autofocus"] = True
        super().add_error(field, error)


class SignInForm(Plain, account_forms.LoginForm):
    """By e-mail address or account number; each leads to the same account."""

    labels = words(login=_("E-mail address or account number"), password=_("Password"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        typed = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = forms.CharField(
            label=self.labels["login"],
            max_length=254,
            widget=forms.TextInput(attrs=self.fields["login"].widget.attrs | typed),
            error_messages={"required": ASKS["login"]},
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """What is neither is said beside the field, by its form alone: nobody is looked up (row 27)."""
        typed = " ".join(self.cleaned_data["login"].split())
        if "@" in typed:
            try:
                return mail_address(typed)
            except IdentifierError as error:
                raise forms.ValidationError(str(error), code=error.code) from None
        if not any(character.isdigit() for character in typed) or any(character.isalpha() for character in typed):
            raise forms.ValidationError(
                _("Sign in with your e-mail address, such as name@company.nl. A user name of before does not work."),
                code="user_name",
            )
        try:
            return AccountNumber.parse(typed).value
        except IdentifierError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    def user_credentials(self) -> dict[str, str]:
        """The library knows addresses only; a number that is nobody's becomes an address that is nobody's."""
        typed = self.cleaned_data["login"]
        if "@" not in typed:
            found = Account.objects.filter(number=typed).values_list("email", flat=True).first()
            typed = found or f"{typed}@number.invalid"
        return {"email": typed, "password": self.cleaned_data["password"]}


class SignUpForm(Plain, account_forms.SignupForm):
    labels = words(email=_("E-mail address"))
    helps = words(email=_("We send a link to this address. Behind it you choose your password."))
    unused = ("password1",)

    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> tuple[Account | None, HttpResponse | None]:
        """The answer, and the work behind it, are the same whether the address had an account or not: for one that
        had, an account of nobody is made and undone."""
        email = self.cleaned_data["email"]
        try:
            with transaction.atomic():
                if self.account_already_exists:
                    self.cleaned_data["email"] = f"{uuid4().hex}@nobody.invalid"
                account = self._save(request)
                if self.account_already_exists:
                    transaction.set_rollback(True)
        except IntegrityError:  # somebody else's sign-up with this address came in between
            self.account_already_exists = True
        if self.account_already_exists:
            return None, flows.signup.prevent_enumeration(request, email=email)
        return account, None

    def _save(self, request: HttpRequest) -> Account:
        """What the library's `save` does, which refuses an address that has an account."""
        account: Account = get_adapter().save_user(request, Account(), self)
        setup_user_email(request, account, [EmailAddress(email=self.cleaned_data["email"])])
        return account


class AskResetForm(Plain, account_forms.ResetPasswordForm):
    """Known or not, a mail goes out; an unknown address costs the look-ups of a link too. Where the portal asks for
    the account's number as well, a pair that does not belong together is as unknown (row 22)."""

    labels = words(email=_("E-mail address"))

    users: list[Account]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        portal = portal_of(context.request)
        if portal and portal.reset_asks_number:
            self.fields["number"] = forms.CharField(
                label=_("Account number"),
                max_length=20,
                help_text=_("Eight digits. It is in the mail with which you made your account."),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={"required": _("Fill in your account number.")},
            )
        # To be corrected: what was typed before, kept in the session and not in an address.
        self.fields["email"].initial = context.request.session.get(RESET_ASKED, "")

    def clean_number(self) -> str:
        try:
            return AccountNumber.parse(self.cleaned_data["number"]).value
        except IdentifierError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if "number" in said:
            self.users = [user for user in self.users if user.number == said["number"]]
        return said

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        if not self.users:
            nobodys = EmailAddress.objects.filter(user_id=0)
            nobodys.exists()
            list(nobodys.values_list("email", flat=True))
        email: str = super().save(request, **kwargs)
        request.session[RESET_ASKED] = email
        return email


class NewPasswordForm(Plain, account_forms.ResetPasswordKeyForm):
    labels = words(password1=_("New password"))
    helps = words(password1=PASSWORD_HELP)
    unused = ("password2",)


class FirstPasswordForm(NewPasswordForm):
    labels = words(password1=_("Password"))


class ChangePasswordForm(Plain, account_forms.ChangePasswordForm):
    labels = words(oldpassword=_("Current password"), password1=_("New password"))
    helps = words(password1=PASSWORD_HELP)
    unused = ("password2",)


class NewAddressForm(Plain):
    labels = words(email=_("New e-mail address"))
    helps = words(email=_("We send a link to this address. Until you open it nothing changes."))
    email = forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"]).lower()
        if email == context.request.user.email:
            raise forms.ValidationError(_("This is your address already."), code="same")
        return str(email)


class PasswordAgainForm(Plain, account_forms.ReauthenticateForm):
    labels = words(password=_("Password"))


class OneCode(Plain):
    """A refused code is gone from its field: it never becomes right, and what is typed next has room."""

    def add_error(self, field: str | None, error: Any) -> None:  # noqa: ANN401
        super().add_error(field, error)
        self.data = {**dict(self.data.items()), "code": ""}
        self.fields["code"].widget.attrs["autofocus"] = True


class SecondFactorForm(OneCode, mfa_forms.AuthenticateForm):
    """A code of the app, or a recovery code; each is accepted once."""

    labels = words(code=_("Code"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        recovery = "recovery" in context.request.GET
        self.fields["code"].widget = code_input(digits=8) if recovery else code_input()
        self.fields["code"].label = _("Recovery code") if recovery else _("Code from your app")
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        # One at a time, so that each is counted before the next is looked at.
        second_factor.hold(self.user)
        theirs = Authenticator.objects.filter(user=self.user).exclude(type=passkeys.PASSKEY)
        authenticators = list(theirs.select_for_update().order_by("pk"))
        forget_attempts = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        for authenticator in authenticators:
            kept = codes if authenticator.type == Authenticator.Type.TOTP else recovery_codes
            if kept.accept(authenticator, code):
                forget_attempts()
                authenticator.user = self.user
                self.authenticator = authenticator
                return code
        note_lasting(context.request, "account.second_factor_failed", self.user)
        raise get_mfa_adapter().validation_error("incorrect_code")


class PasskeyForm(forms.Form):
    """What the browser answered, for a second factor without a code."""

    credential = forms.JSONField(widget=forms.HiddenInput)
    authenticator: Authenticator

    def __init__(self, *args: Any, user: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Counted as a code is: of many at once each before the next is looked at."""
        second_factor.hold(self.user)
        forget_attempts = check_rate_limit(self.user)
        found = passkeys.judge(self.user, self.cleaned_data.get("credential"))
        if found is None:
            note_lasting(context.request, "account.second_factor_failed", self.user)
            raise forms.ValidationError(_("That passkey was not accepted. Try again, or use the code from your app."))
        forget_attempts()
        self.authenticator = found
        return self.cleaned_data

    def save(self) -> None:
        post_authentication(context.request, self.authenticator)


class PasskeyAgainForm(PasskeyForm):
    """For a session that is open already."""

    def save(self) -> None:
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class NewPasskeyForm(Plain):
    """What the browser made, and a name to know it by."""

    labels = words(name=_("Name"))
    helps = words(name=_("Something to know it by later, such as “Laptop at the desk”."))
    name = forms.CharField(max_length=40)
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if "name" in self.cleaned_data and not passkeys.is_made(self.cleaned_data.get("credential")):
            raise forms.ValidationError(_("No passkey was made. Try again, or with another device."))
        return self.cleaned_data


class SecondFactorAgainForm(SecondFactorForm, mfa_forms.ReauthenticateForm):
    """For a session that is open already."""


class CoupleForm(OneCode, totp_forms.ActivateTOTPForm):
    """The secret stays the same while the page is looked at again: it may have been scanned already."""

    labels = words(code=_("Type the six digits that the app shows"))
    secret: str

    def __init__(self, *args: object, **kwargs: object) -> None:
        session = context.request.session
        shown = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        self.secret = session[SECRET_SESSION_KEY] = shown or self.secret
        self.fields["code"].widget = code_input()
