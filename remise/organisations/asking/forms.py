from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Which right, where, and in one line why."""

    right = forms.RegexField(r"^[a-z_.]{1,40}$")
    branch = forms.IntegerField(min_value=1, required=False)
    why = forms.CharField(max_length=300, required=False)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"),
        max_length=300,
        required=False,
        help_text=_("Your colleague reads it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
