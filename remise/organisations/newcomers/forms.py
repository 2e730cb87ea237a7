"""What somebody tells who makes an account behind a mailed link."""

from collections.abc import Sequence
from typing import cast

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from remise.accounts import person_fields
from remise.accounts.forms import PASSWORD_HELP
from remise.accounts.models import Account
from remise.ui.forms import ChipSelect


class PersonForm(forms.Form):
    """Who one is. Colleagues see the name by which one was invited; these are one's own particulars."""

    given_name = person_fields.given_name()
    infix = person_fields.infix()
    surname = person_fields.surname()
    phone = person_fields.own_phone()


class PasswordForm(forms.Form):
    """Kept as it is stored, and enciphered besides, until the last step makes the account."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: object, email: str, own_words: Sequence[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._email, self._own_words = email, own_words

    def clean_password(self) -> str:
        person = Account(email=self._email)
        person.own_words = list(self._own_words)  # type: ignore[attr-defined]
        chosen: str = get_adapter().clean_password(self.cleaned_data["password"], user=person)
        return make_password(chosen)


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("In which language do we write to you?"), widget=ChipSelect)

    def __init__(self, *args: object, languages: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = dict(settings.LANGUAGES)
        cast("forms.ChoiceField", self.fields["language"]).choices = [(code, names[code]) for code in languages]
