from django import forms
from django.utils.translation import gettext_lazy as _

from remise.desk.actions import LONGEST


class SayForm(forms.Form):
    """A line to the other side."""

    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what you want to say.")},
    )


class DecideForm(forms.Form):
    """The reason that goes to the customer; which of the two buttons was pressed says the outcome."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The customer reads this."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason: the customer reads it.")},
    )
