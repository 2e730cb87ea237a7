from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from remise.core.words import language_now
from remise.portals.languages import spoken
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is likely to get it, as the room knows whose thing it is; `may_keep`: another address may be kept."""

    number: int
    name: str
    address: str
    may_keep: bool


class MailForm(forms.Form):
    """To whom, and in which language. `key` comes from the page, so that a form that is sent twice is one mail."""

    recipient = forms.CharField(  # the action says which addresses there are
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": _("Fill in the e-mail address.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), error_messages={"required": _("Choose the language of the mail.")}
    )
    key = forms.UUIDField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, portal: Portal, to: Recipient | None = None) -> None:
        offered = spoken(portal)
        current = language_now()
        first = {"language": current if current in offered else offered[0], "key": uuid4()}
        super().__init__(data, initial=first | ({"recipient": to.address} if to else {}), auto_id="id_mail_%s")
        if to is not None and to.may_keep:
            words = _("Remember this address for %(name)s")
            self.fields["remember"] = forms.BooleanField(label=words % {"name": to.name}, required=False)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, get_language_info(code)["name_local"].capitalize()) for code in offered]

    def once(self, *about: object) -> UUID:
        """The same for the same form sent twice; another one where something in it was changed in between."""
        said = self.cleaned_data
        content = (said["key"] or uuid4(), said["recipient"].lower(), said["language"], *about)
        return uuid5(NAMESPACE_OID, repr(content))
