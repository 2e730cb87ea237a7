from django import forms
from django.utils.translation import gettext_lazy as _

from remise.green_cards.models import Shipment


class ReturnForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why did it come back?"),
        choices=Shipment.ReturnReason.choices,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose why it came back.")},
    )
