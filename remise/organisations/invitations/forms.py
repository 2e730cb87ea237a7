"""Whom to invite and with what; and what somebody tells who makes an account from an invitation."""

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
from remise.organisations.models import Branch
from remise.organisations.rights import Role, divisible
from remise.ui.forms import CardSelect, ChipSelect

NO_RIGHTS = "none"
EVERYWHERE = 0  # no branch has this number


class InviteForm(forms.Form):
    """Rights that go together to begin with; each can be changed once the colleague is there."""

    name = forms.CharField(
        label=_("Name of your colleague"),
        max_length=160,
        help_text=_("As your other colleagues will see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Fill in the name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Your colleague's own address, not one that several people read. The link goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Fill in the e-mail address."),
            "invalid": _("This is no e-mail address. Write it like name@company.nl."),
        },
    )
    role = forms.ChoiceField(
        label=_("What may your colleague do?"),
        widget=CardSelect,
        error_messages={"required": _("Choose what your colleague may do. You can change it later.")},
    )
    branch = forms.TypedChoiceField(label=_("Where?"), coerce=int, initial=EVERYWHERE)

    def __init__(self, *args: object, roles: Sequence[Role], branches: Sequence[Branch], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._roles = {role.name: role for role in roles}
        choices = [(role.name, f"{role.label}|{_means(role)}") for role in roles]
        later, means = _("Nothing yet"), _("You give rights later, on the page of your colleague.")
        last = (NO_RIGHTS, f"{later}|{means}")
        cast("forms.ChoiceField", self.fields["role"]).choices = [*choices, last]
        places = cast("forms.TypedChoiceField", self.fields["branch"])
        places.choices = [(EVERYWHERE, _("All branches")), *((branch.id, branch.name) for branch in branches)]
        if len(branches) < 2:
            del self.fields["branch"]

    @property
    def rights(self) -> list[tuple[str, int | None]]:
        role = self._roles.get(self.cleaned_data["role"])
        branch = self.cleaned_data.get("branch") or None
        entries = role.entries() if role else []
        return [(entry.right, branch if divisible(entry.right) else None) for entry in entries]


def _means(role: Role) -> str:
    return ", ".join(str(entry.label) for entry in role.entries())


class PersonForm(forms.Form):
    """Who one is. The colleagues see the name by which one was invited; these are one's own particulars."""

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
