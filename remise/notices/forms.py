from django import forms
from django.utils.translation import gettext_lazy as _

from remise.core.forms import CheckCodeField
from remise.notices.models import RegisterSettings
from remise.notices.register.as_file import MOST_BYTES
from remise.ui.forms import CardSelect

Way = RegisterSettings.Way


class CodeForm(forms.Form):
    check_code = CheckCodeField(
        label=_("Right check code"), help_text=_("The last four characters of the chassis number.")
    )


class WayForm(forms.Form):
    """Shape only: the action judges."""

    way = forms.ChoiceField(
        label=_("How do notices go?"),
        choices=[
            (Way.HTTP, _("By a connection|By themselves, a few moments after each change.")),
            (Way.FILE, _("By file|Somebody makes a file, uploads it and takes in the answer.")),
            (Way.NONE, _("Not at all|They are written and wait; the days of the law run on.")),
        ],
        widget=CardSelect(),
        error_messages={"required": _("Choose how notices go.")},
    )
    insurer_code = forms.CharField(
        label=_("Your code at the register"),
        required=False,
        max_length=10,
        help_text=_("By which the register knows you; it stands in each batch."),
    )
    starts = forms.DateField(
        label=_("From which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )


class AnswerFileForm(forms.Form):
    file = forms.FileField(
        label=_("Answer of the register"),
        help_text=_("CSV with a line for each notice: batch, line, verdict, code, words. Twice does no harm."),
    )

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: at most 5 MB."), code="too_large")
        content: bytes = sent.read()
        return content
