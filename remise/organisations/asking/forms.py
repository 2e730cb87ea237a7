from django import forms
from django.utils.translation import gettext_lazy as _

from remise.organisations.asking.missed import PERIODS


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


class PeriodForm(forms.Form):
    """Over how many days is looked back; what is no period is the one that is shown at first."""

    days_back = forms.TypedChoiceField(choices=[(str(days), "") for days in PERIODS], coerce=int)

    @property
    def days(self) -> int:
        return int(self.cleaned_data["days_back"]) if self.is_valid() else PERIODS[1]
