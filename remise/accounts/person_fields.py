"""The fields in which people say who they are, alike wherever they are asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PHONE, MOBILE = r"^[+0-9 ()./-]{6,30}$", _("Mobile number")


def given_name() -> forms.CharField:
    return forms.CharField(
        label=_("First name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Fill in your first name.")},
    )


def infix() -> forms.CharField:
    """What browsers keep as a middle name is none."""
    return forms.CharField(
        label=_("Infix"),
        max_length=20,
        required=False,
        help_text=_("Such as “de” or “van der”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": "10"}),
    )


def surname() -> forms.CharField:
    return forms.CharField(
        label=_("Surname"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Fill in your surname.")},
    )


def phone(label: Any = MOBILE, *, required: bool = True, **more: Any) -> forms.RegexField:  # noqa: ANN401
    return forms.RegexField(
        PHONE,
        label=label,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={
            "required": _("Fill in the number at which we reach you."),
            "invalid": _("This is no telephone number."),
        },
        **more,
    )


def own_phone() -> forms.RegexField:
    """Of who has an account, and need not tell it."""
    return phone(
        required=False,
        help_text=_("Only so that we can reach you about your account. You may leave it empty."),
    )
