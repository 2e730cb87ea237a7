from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.identifiers import IdentifierError, Plate
from remise.core.words import language_now
from remise.green_cards.territory import every_country, name_in
from remise.green_cards.trips.rules import Trip
from remise.green_cards.trips.tables import EARLIEST
from remise.ui.formats import day as shown_day
from remise.ui.forms import ChipSelect, PlateInput

ALONE = "none"  # without a trailer
LONGEST = timedelta(days=3 * 366)  # no trip: a slip in the year
LAST_YEAR = 2100  # nor is that


class CountryPicks(forms.SelectMultiple):
    """One list for each country, and an empty one for the next: quick on a telephone, and usable before scripts load.
    trip.js adds another when the last is filled."""

    template_name = "green_cards/trips/_picks.html"
    use_fieldset = True

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["slots"] = [*value, ""] if isinstance(value, list) else [""]
        context["countries"] = list(self.choices)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[str]:
        return [one for one in super().value_from_datadict(data, files, name) or [] if one]

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0"


class TripForm(forms.Form):
    """Shape only: what holds for the trip is the advice."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("Where do you go?"),
        widget=CountryPicks(),
        error_messages={"required": gettext_lazy("Choose at least one country.")},
    )
    via = forms.MultipleChoiceField(
        label=gettext_lazy("Through which countries?"), widget=CountryPicks(), required=False
    )
    first = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Fill in when you leave.")},
    )
    last = forms.DateField(
        label=gettext_lazy("Up to and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Fill in when you are back.")},
    )
    plate = forms.CharField(
        label=gettext_lazy("Plate"),
        required=False,
        max_length=11,
        widget=PlateInput(),
        help_text=gettext_lazy("Of a vehicle that you insured here. Without it the advice is general."),
    )
    pulls = forms.ChoiceField(
        label=gettext_lazy("Does a trailer or caravan go along?"),
        choices=[
            (ALONE, gettext_lazy("No")),
            ("trailer", gettext_lazy("A trailer")),
            ("caravan", gettext_lazy("A caravan")),
        ],
        widget=ChipSelect(),
        initial=ALONE,
    )
    mass = forms.IntegerField(
        label=gettext_lazy("Maximum mass in kg"),
        error_messages={"required": gettext_lazy("Fill in how much it may weigh.")},
        min_value=1,
        max_value=60_000,
        help_text=gettext_lazy("What it may weigh when loaded: it stands on its type plate."),
    )
    trailer = forms.CharField(
        label=gettext_lazy("Its own plate"),
        required=False,
        max_length=11,
        widget=PlateInput(),
        help_text=gettext_lazy("Leave it empty where it carries the plate of the car."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and (self.data.get("pulls") or ALONE) == ALONE:
            self.fields["mass"].required = False  # what was typed is kept, for who changes the answer
        language = language_now()
        names = sorted((name_in(iso, language), iso) for iso in every_country())
        for field in ("to", "via"):
            countries = self.fields[field]
            assert isinstance(countries, forms.MultipleChoiceField)
            countries.choices = [(iso, name) for name, iso in names]

    def clean_plate(self) -> Plate | None:
        return self._plate("plate")

    def clean_trailer(self) -> Plate | None:
        return self._plate("trailer")

    def _plate(self, name: str) -> Plate | None:
        given = self.cleaned_data[name].strip()
        try:
            return Plate.parse(given) if given else None
        except IdentifierError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < EARLIEST:
            words = _("Of trips before %(day)s nothing is known here.") % {"day": shown_day(EARLIEST)}
            raise forms.ValidationError(words, code="too_early")
        if first.year > LAST_YEAR:
            raise forms.ValidationError(_("Look at the year once more."), code="too_late")
        return first

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", forms.ValidationError(_("You are back before you leave."), code="order"))
        elif first and last and last - first > LONGEST:
            self.add_error("last", forms.ValidationError(_("Look at the year once more."), code="too_long"))
        return said

    @property
    def trip(self) -> Trip:
        said = self.cleaned_data
        pulls = said["pulls"] != ALONE
        return Trip(
            frozenset(said["to"]),
            frozenset(said["via"]),
            said["first"],
            said["last"],
            mass=said["mass"] if pulls else None,
            trailer=said["trailer"] if pulls else None,
        )
