from django import forms
from django.utils.translation import gettext_lazy as _

from remise.core.forms import CheckCodeField
from remise.notices.register.as_file import MOST_BYTES


class CodeForm(forms.Form):
    check_code = CheckCodeField(
        label=_("Right check code"), help_text=_("The last four characters of the chassis number.")
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
