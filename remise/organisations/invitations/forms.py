"""Whom to invite and with what."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.organisations.models import Branch
from remise.organisations.rights import Role, divisible
from remise.ui.forms import CardSelect

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
