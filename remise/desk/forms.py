from collections.abc import Iterable

from django import forms
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from remise.desk.actions import LONGEST
from remise.desk.answers import actions as answers
from remise.desk.answers.rules import Placeholder
from remise.desk.kinds import kinds
from remise.desk.models import AnswerTemplate


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


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only the desk reads this, never the customer."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what your colleagues should know.")},
    )


class HandOverForm(forms.Form):
    """To whom, and why; `had` is who had it when the page was made."""

    to = forms.TypedChoiceField(
        label=_("To whom"), coerce=int, error_messages={"required": _("Choose a colleague who may handle requests.")}
    )
    why = forms.CharField(label=_("Why"), max_length=LONGEST, required=False)
    had = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, *args: object, handlers: Iterable[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].choices = [("", _("Choose a colleague")), *handlers]  # type: ignore[attr-defined]


def _placeholders() -> str:
    return ", ".join(f"{{{one.value}}} {one.label}" for one in Placeholder)


class TemplateForm(forms.Form):
    use = forms.ChoiceField(label=_("What is it for?"), choices=AnswerTemplate.Use.choices)
    kind = forms.ChoiceField(label=_("Kind of request"), required=False)
    language = forms.ChoiceField(label=_("Language"), help_text=_("Offered first to who answers a customer in it."))
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Colleagues choose by it; the customer does not read it."),
        max_length=80,
        error_messages={"required": _("Give it a title: colleagues choose by it.")},
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=format_lazy(_("Filled in by itself: {placeholders}."), placeholders=lazy(_placeholders, str)()),
        max_length=answers.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the text.")},
    )

    def __init__(self, *args: object, languages: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offered = [("", _("All kinds")), *((kind.name, kind.label) for kind in kinds)]
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]
        spoken = [(code, get_language_info(code)["name_local"].capitalize()) for code in languages]
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]
