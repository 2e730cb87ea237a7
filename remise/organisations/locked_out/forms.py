from django import forms
from django.utils.translation import gettext_lazy as _

from remise.organisations.locked_out.rules import Verified
from remise.ui.forms import CardSelect


class VerifiedForm(forms.Form):
    """The desk says how it knew whom it helps, before it does."""

    verified = forms.ChoiceField(
        label=_("How do you know who it is?"),
        choices=Verified.choices,
        widget=CardSelect,
        error_messages={"required": _("Say first how you know who it is.")},
    )
