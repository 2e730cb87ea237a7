from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.accounts import person_fields
from remise.core.keeping import showable


class DetailsForm(forms.Form):
    """One's own particulars, and how colleagues in this company see one."""

    given_name = person_fields.given_name()
    infix = person_fields.infix()
    surname = person_fields.surname()
    phone = person_fields.own_phone()
    display_name = forms.CharField(
        label=_("Your name for colleagues"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Fill in the name.")},
    )

    def __init__(self, *args: object, company: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if company:
            self.fields["display_name"].help_text = _("As they see it at %(company)s.") % {"company": company}
        else:
            del self.fields["display_name"]

    def clean(self) -> dict[str, Any]:
        """Before either of the two rows is written: neither changes where the other is refused."""
        for name, said in list(self.cleaned_data.items()):
            if not showable(said):
                self.add_error(name, _("This name holds characters that no screen shows."))
        return self.cleaned_data


class CloseForm(forms.Form):
    """One tick: what it does stands beside it."""

    sure = forms.BooleanField(
        label=_("I have read what goes and what stays. Close my account."),
        error_messages={"required": _("Tick this first: it cannot be undone.")},
    )


class TermForm(forms.Form):
    days = forms.IntegerField(
        label=_("Keep it for so many days"),
        min_value=1,
        error_messages={"required": _("Fill in a number of days."), "invalid": _("Fill in a number of days.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )
    starts = forms.DateField(
        label=_("From"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=_("Which law or policy says so?"),
        max_length=200,
        help_text=_("The reader of this list must be able to look it up."),
        error_messages={"required": _("Say which law or policy it is.")},
    )


class HoldForm(forms.Form):
    whom = forms.CharField(
        label=_("Whom"),
        max_length=254,
        help_text=_("A company by its KvK number or name, a person by the e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Say whom it is about.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("The number of a case or a letter, without anybody's particulars."),
        error_messages={"required": _("Say why.")},
    )
