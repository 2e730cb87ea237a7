import ipaddress
from datetime import timedelta
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.organisations.models import Branch
from remise.organisations.rights import catalogue
from remise.organisations.tokens.rules import LIFETIMES
from remise.ui.formats import duration
from remise.ui.forms import CardTicks, ChipSelect

MOST_ADDRESSES = 20


class MakeForm(forms.Form):
    """What a key is for, what it opens, where and until when."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=60,
        help_text=_("The program or the supplier, so that a colleague recognises it later."),
        error_messages={"required": _("Say which program the key is for.")},
    )
    rights = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=CardTicks,
        error_messages={"required": _("Choose at least one right.")},
    )
    branches = forms.TypedMultipleChoiceField(
        label=_("In which branches?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: wherever you may do it yourself."),
    )
    lifetime = forms.TypedChoiceField(label=_("How long does it hold?"), coerce=int, initial=90, widget=ChipSelect)
    addresses = forms.CharField(
        label=_("From which network addresses?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One on a line, such as 203.0.113.7 or 203.0.113.0/24. Empty: from anywhere."),
    )

    def __init__(self, *args: object, rights: list[str], branches: list[Branch], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offered = [catalogue[right] for right in rights]
        _choices(self, "rights", [(each.right, f"{each.label}|{each.explanation}") for each in offered])
        _choices(self, "branches", [(str(branch.id), branch.name) for branch in branches])
        _choices(self, "lifetime", [(str(days), duration(days)) for days in LIFETIMES])
        if len(branches) < 2:
            del self.fields["branches"]

    def clean_addresses(self) -> list[str]:
        found = self.cleaned_data["addresses"].replace(",", " ").split()
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(_("These are too many addresses. Use a network such as 203.0.113.0/24."))
        return [_network(text) for text in found]

    @property
    def chosen_branches(self) -> list[int] | None:
        return self.cleaned_data.get("branches") or None

    @property
    def chosen_lifetime(self) -> timedelta:
        return timedelta(days=self.cleaned_data["lifetime"])


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = choices


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise forms.ValidationError(
            _("“%(text)s” is no network address. Write it like 203.0.113.7 or 203.0.113.0/24."),
            code="address",
            params={"text": text[:40]},
        ) from None
