"""Whom a company lets act for it, with which rights, where and until when; and what an insurer says of an office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.core.errors import BrokenRule
from remise.core.rights import RightLabel
from remise.mandates.actions.giving import addressed
from remise.mandates.models import Tier
from remise.organisations.fields import FieldGroup
from remise.organisations.models import Branch
from remise.ui.forms import CardTicks, ChipSelect, DayInput


@dataclass(frozen=True, slots=True)
class Frame:
    """What a mandate of this company may hold, at this insurer, today."""

    rights: Sequence[RightLabel]
    branches: Sequence[Branch]
    today: date
    must_end: bool


class MandateForm(forms.Form):
    """What can be changed later too."""

    rights = forms.MultipleChoiceField(
        label=_("What may they do?"),
        widget=CardTicks,
        error_messages={"required": _("Choose what the office may do.")},
    )
    branches = forms.TypedMultipleChoiceField(
        label=_("In which branches?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: in the whole company."),
    )
    fields_seen = forms.MultipleChoiceField(
        label=_("Which particulars do they see?"),
        choices=FieldGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: these are left out on every page, whatever the rights open."),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput,
        error_messages={"invalid": _("This is no day.")},
    )

    def __init__(self, *args: object, frame: Frame, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._today = frame.today
        offered = [(str(each.right), f"{each.label}|{each.explanation}") for each in frame.rights]
        cast("forms.ChoiceField", self.fields["rights"]).choices = offered
        places = cast("forms.ChoiceField", self.fields["branches"])
        places.choices = [(str(branch.id), branch.name) for branch in frame.branches]
        day = self.fields["last_day"]
        day.required = frame.must_end
        day.error_messages["required"] = _("Fill in the last day: at this insurer every mandate has one.")
        day.help_text = "" if frame.must_end else _("Empty: until you end it. You can end it at any moment.")
        cast("DayInput", day.widget).earliest = frame.today
        if len(frame.branches) < 2:
            del self.fields["branches"]

    def clean_last_day(self) -> date | None:
        """Told together with what else is wrong; the action asks it again."""
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < self._today:
            raise forms.ValidationError(_("This day is over."), code="ends_in_the_past")
        return day

    @property
    def chosen_branches(self) -> list[int] | None:
        return self.cleaned_data.get("branches") or None


class OfferForm(MandateForm):
    to = forms.CharField(
        label=_("Whom do you let act for you?"),
        max_length=254,
        help_text=_(
            "The office's KvK number, relation number or intermediary number, or the e-mail address of the person."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Fill in a number or an e-mail address.")},
    )
    purpose = forms.CharField(
        label=_("What for?"),
        max_length=120,
        help_text=_("Such as “the yearly accounts 2026”. It stands on the receipt: name no persons."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what the mandate is for.")},
    )

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        try:
            addressed(to)
        except BrokenRule as error:
            raise forms.ValidationError(str(error.message), code=error.code) from error
        return to

    field_order = ("to", "purpose", "rights", "fields_seen", "branches", "last_day")


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Why?"),
        max_length=300,
        required=False,
        help_text=_("The other party reads it. You may leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OfficeForm(forms.Form):
    """For which of one's offices a mandate is accepted; empty = for oneself."""

    office = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(self, *args: object, offices: Sequence[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cast("forms.ChoiceField", self.fields["office"]).choices = [("", ""), *offices]


class ActForm(forms.Form):
    """A client, and perhaps the page at which to go on: `12` or `12 /requests/7`."""

    client = forms.RegexField(r"^[1-9]\d{0,17}( /\S*)?$")

    def clean_client(self) -> tuple[int, str]:
        number, _space, page = self.cleaned_data["client"].partition(" ")
        return int(number), page


class IntermediaryForm(forms.Form):
    tier = forms.TypedChoiceField(label=_("Tier"), coerce=int, widget=ChipSelect)
    contact = forms.CharField(label=_("Whom customers ask for"), max_length=160)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)

    def __init__(self, *args: object, tiers: Sequence[Tier], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cast("forms.ChoiceField", self.fields["tier"]).choices = [(tier.id, tier.name) for tier in tiers]


class WishForm(forms.Form):
    """Which right an office asks for."""

    right = forms.RegexField(r"^[a-z_.]{1,40}$")
