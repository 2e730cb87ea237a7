"""Sending in many vehicles: pasted or as a file, with what holds for those that do not say it themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from remise.core.forms import whole_number
from remise.fleet.bulk.described import MOST_ROWS
from remise.organisations.models import Branch
from remise.ui.forms import DayInput

# Characters that are pasted; and no more lines than a program sends, for they are looked through while one waits.
LONGEST = 500_000
TOO_MUCH = _("This is too much to paste. Send it as a file.")


class SeveralForm(forms.Form):
    lines = forms.CharField(
        label=_("Paste the lines"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("A plate on each line, or what you copied out of a spreadsheet, with or without its first line."),
        error_messages={"max_length": TOO_MUCH},
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
        help_text=_("CSV or XLSX, up to 25 MB. The first line names the columns, in any order."),
    )
    day = forms.DateField(label=_("Day for lines without one"), required=False, widget=DayInput())

    def __init__(
        self, *args: Any, today: date, day_label: str, branches: Sequence[Branch], branch: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.branches = branches
        field = self.fields["day"]
        field.label = day_label
        field.initial = today
        widget = field.widget
        assert isinstance(widget, DayInput)
        widget.today = today
        if len(branches) > 1:
            self.fields["branch"] = forms.ChoiceField(
                label=_("Branch for lines without one"),
                required=False,
                choices=[("", _("Choose…")), *((str(one.id), one.name) for one in branches)],
                initial=branch,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pasted, file = (cleaned.get("lines") or "").strip(), cleaned.get("file")
        if sum(bool(line.strip()) for line in pasted.splitlines()) > 1 + MOST_ROWS:  # the first may name the columns
            self.add_error("lines", TOO_MUCH)
        if pasted and file is not None:
            self.add_error("file", _("You pasted lines and chose a file. Leave one of the two."))
        elif not pasted and file is None and not self.errors:
            self.add_error("lines", _("Paste at least one line, or choose a file."))
        return cleaned

    @property
    def pasted(self) -> str:
        return str(self.cleaned_data.get("lines") or "").strip("\r\n")

    @property
    def attached(self) -> "UploadedFile[Any] | None":
        found: UploadedFile[Any] | None = self.cleaned_data.get("file")
        return found

    @property
    def asks_branch(self) -> bool:
        return "branch" in self.fields

    @property
    def chosen_branch(self) -> int | None:
        return whole_number(self.cleaned_data.get("branch") or "")
