from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.organisations.models import Party
from remise.organisations.naming import LONGEST_REFERENCE


class PartyForm(forms.Form):
    """Who somebody is. Shape only: the action judges."""

    kind = forms.ChoiceField(label=_("Person or company"), choices=Party.Kind.choices)
    name = forms.CharField(
        label=_("Name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-focus": True}),
        error_messages={"required": _("Fill in the name.")},
    )
    reference = forms.CharField(
        label=_("Your own number"),
        required=False,
        max_length=LONGEST_REFERENCE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "m"}),
        help_text=_("Of staff or of a customer. It tells two people of one name apart."),
    )
    kvk = forms.CharField(
        label=_("KvK number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "data-width": "m"}),
        help_text=_("Of a company alone."),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=_("Offered when you mail a receipt or a green card to the driver."),
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "data-width": "m"}),
    )

    def __init__(self, data: Any = None, *, party: Party | None = None, name: str = "") -> None:  # noqa: ANN401
        first = {field: getattr(party, field) or "" for field in self.base_fields} if party else {"name": name}
        super().__init__(data, initial=first)
