from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.mandates.models import Intermediary


class AssignForm(forms.Form):
    """Whose a policy is from now on."""

    number = forms.CharField(
        label=_("Policy number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Fill in the policy number.")},
    )
    intermediary = forms.TypedChoiceField(label=_("Intermediary"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: object, intermediaries: Sequence[Intermediary], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        chosen = cast("forms.ChoiceField", self.fields["intermediary"])
        named = [(one.id, f"{one.office.name} ({one.number})") for one in intermediaries]
        chosen.choices = [("", _("None: the insurer itself")), *named]
