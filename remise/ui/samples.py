"""Made-up data for the gallery, in the size and shape of the real pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.ui.decisions import Refusal
from remise.ui.forms import CardSelect, ChipSelect, CodeInput, DayInput, MoneyInput, PlateInput
from remise.ui.shell import Choice, Item, Link, Person, Place

TODAY = dt.date(2026, 10, 21)
EARLIEST = TODAY - dt.timedelta(days=27)
AT = dt.datetime(2026, 10, 21, 9, 42, tzinfo=dt.UTC)

PORTALS = {
    "koetspoort": SimpleNamespace(name="Koetspoort", logo="ui/logos/koetspoort.svg"),
    "werkbank": SimpleNamespace(name="Werkbank", logo="ui/logos/werkbank.svg"),
    "remise": SimpleNamespace(name="Remise", logo="ui/logos/remise.svg"),
}

REFUSAL = Refusal(
    title=_("You cannot register vehicles in this branch"),
    text=_("You may see the vehicles of this branch, but not change them."),
    who="Sanne de Vries, Garage De Brug, Meppel",
    missing=_("Register vehicles"),
    granters=["Gerard Brug", "Mila Jansen"],
    button=Link(_("Ask for this right"), "#", "send"),
    others=[Link(_("Switch to Garage De Brug, Zwolle"), "#")],
)


def frame(portal: str) -> dict[str, object]:
    return {
        "portal": PORTALS[portal],
        "portal_key": portal,
        "navigation": [
            Item(_("Home"), "#home", "home", active=True, phone=True),
            Item(_("Vehicles"), "#vehicles", "car", phone=True),
            Item(_("Register"), "#register", "plus", phone=True, side=False),
            Item(_("Green cards"), "#cards", "file-certificate"),
            Item(_("Insurances"), "#insurances", "shield-check"),
            Item(_("Claims"), "#claims", "alert-triangle", phone=True, count=2),
            Item(_("Insight"), "#insight", "chart-bar"),
            Item(_("My company"), "#company", "building-store"),
        ],
        "place": Place(
            "Garage De Brug",
            "Zwolle",
            [
                Choice("1", "Garage De Brug", "Zwolle", current=True),
                Choice("2", "Garage De Brug", "Meppel"),
                Choice("3", "Autobedrijf Van der Heijden-Schuurmans & Zonen Occasions B.V.", "Kampen"),
            ],
            "#switch",
        ),
        "person": Person(
            "Gerard Brug",
            "gerard.brug@garagedebrug.example",
            [Link(_("My sign-in"), "#", "key"), Link(_("Users and rights"), "#", "users")],
            "#sign-out",
        ),
        "search_url": "#search",
        "messages_url": "#messages",
        "help_url": "#help",
    }


class Register(forms.Form):
    plate = forms.CharField(label=_("Plate"), widget=PlateInput)
    check_code = forms.CharField(
        label=_("Check code"),
        help_text=_("The last four characters of the chassis number."),
        widget=CodeInput(digits=4, one_time=False),
    )
    starts = forms.DateField(
        label=_("Insured from"),
        help_text=_("Online up to 28 days back."),
        widget=DayInput,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        picker = self.fields["starts"].widget
        assert isinstance(picker, DayInput)
        picker.today, picker.earliest, picker.latest = TODAY, EARLIEST, TODAY
        yesterday = TODAY - dt.timedelta(days=1)
        picker.shortcuts = [(str(_("today")), TODAY), (str(_("yesterday")), yesterday)]
        picker.too_early = str(_("More than 28 days back cannot be done online."))
        picker.too_late = str(_("A day to come cannot be chosen here."))


class Everything(forms.Form):
    name = forms.CharField(label=_("Name of the company"))
    note = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea)
    value = forms.DecimalField(label=_("Catalogue value"), widget=MoneyInput)
    state = forms.ChoiceField(
        label=_("State"), choices=[("a", _("Insured")), ("b", _("Ended")), ("c", _("To come"))], widget=ChipSelect
    )
    reach = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=[
            ("see", _("Look|Sees vehicles and documents, changes nothing.")),
            ("work", _("Work|Registers and deregisters vehicles, asks for green cards.")),
        ],
        widget=CardSelect,
    )
    branch = forms.ChoiceField(label=_("Branch"), choices=[("1", "Zwolle"), ("2", "Meppel")])
    file = forms.FileField(label=_("List of vehicles"), required=False, help_text=_("CSV or XLSX, at most 5 MB."))
    agree = forms.BooleanField(label=_("I have read what changes"))


class SignIn(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput({"autocomplete": "current-password"}))


ROWS = [
    ("GBB-01-B", "Volvo EX30", "ZWART", dt.date(2026, 9, 24), Decimal("41495.00"), "good", _("Insured")),
    (
        "TT-601-D",
        "Renault Clio Estate Initiale Paris",
        "GRIJS",
        dt.date(2025, 3, 3),
        Decimal("23883.50"),
        "warn",
        _("Sold, still insured"),
    ),
    ("HA-12-34", _("Trade plate"), "", dt.date(2024, 1, 1), None, "good", _("Insured")),
    (
        "12-AB-CD",
        "Opel Corsa",
        "BLAUW",
        dt.date(2023, 6, 30),
        Decimal("18990.00"),
        "bad",
        _("Refused by the register"),
    ),
    ("X-999-XX", "Citroën ë-Berlingo Van XL", "WIT", dt.date(2022, 11, 5), Decimal("34120.00"), "", _("Ended")),
]


def components(query: Mapping[str, str]) -> dict[str, object]:
    filled = {"plate": "GBB01B", "check_code": "0413", "starts": TODAY}
    wrong = Register({"wrong-plate": "GB", "wrong-check_code": "04", "wrong-starts": "2026-09-22"}, prefix="wrong")
    wrong.errors  # noqa: B018 - asks for validation before the errors below
    wrong.add_error("plate", _("This is not a Dutch plate. Look at the registration card."))
    wrong.add_error("starts", _("29 days back can no longer be done online: the limit is 28 days."))
    return {
        "today": TODAY,
        "at": AT,
        "register": Register(initial=filled, prefix="good"),
        "wrong": wrong,
        "everything": Everything(prefix="all"),
        "everything_wrong": Everything({}, prefix="not"),
        "rows": ROWS,
        "refusal": REFUSAL,
        "trend": [382, 390, 388, 397, 401, 409, 412],
        "claims": [0, 0, 1, 1, 2, 2, 3],
        "flat": [5, 5, 5],
        "steps": [_("Vehicles"), _("Countries"), _("Delivery"), _("Check and send")],
        "total": Decimal("9840796.00"),
        "query": query,
    }
