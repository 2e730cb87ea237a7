from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from remise.green_cards.models import Shipment


class UntilForm(forms.Form):
    """The last day whose letters go in a batch."""

    until = forms.DateField(
        label=_("To be posted up to and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"until": today})


class ReturnForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why did it come back?"),
        choices=Shipment.ReturnReason.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose why it came back.")},
    )
