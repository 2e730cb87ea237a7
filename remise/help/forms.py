from django import forms
from django.utils.translation import gettext_lazy as _

from remise.help.capacities import Capacity, Topic
from remise.help.models import LONGEST_COMMENT


class WhoForm(forms.Form):
    """About what, and as whom; neither has to be said."""

    topic = forms.ChoiceField(label=_("What is it about?"), required=False)
    capacity = forms.ChoiceField(label=_("Who are you?"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        anything, anybody = ("", _("Anything")), ("", _("Not said"))
        for name, first, choices in (("topic", anything, Topic.choices), ("capacity", anybody, Capacity.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [first, *choices]


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("What was missing?"),
        help_text=_("Leave out names, plates and numbers. We cannot answer you here; we correct the article."),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea,
        error_messages={"required": _("Say in a few words what was missing.")},
    )
