"""How forms are drawn, and the inputs that are more than a text box.

`{{ form.plate.as_field_group }}` gives label, hint, input and error; `{{ form }}` adds the error summary on top.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule, DomainError
from remise.ui.components.forms import introducing
from remise.ui.formats import number, plate_text


class Renderer(DjangoTemplates):
    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """Put an action's refusal beside its field, or on top where it has none in this form."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, forms.ValidationError(str(error.message), code=error.code))


def carried_out(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form is in order and the action did it; else it says beside its fields why not."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except BrokenRule as error:
        add_refusal(form, error)
        return False
    return True


def refusal(form: forms.Form) -> BrokenRule:
    """The other way round, for who has no page: one refusal with all that is wrong, so that it is mended at once.
    Code and field are the first one's."""
    first = next(iter(form.errors))
    labels = {name: introducing(str(form.fields[name].label)) for name in form.errors}
    found = [f"{labels[name]} {text}" for name, texts in form.errors.items() for text in texts]
    code = form.errors.as_data()[first][0].code
    return BrokenRule(" ".join(found), code=code, field=first)


def valid[F: forms.Form](form: F) -> F:
    """What a program sent, in the page's own form; raises what is wrong with it."""
    if not form.is_valid():
        raise refusal(form)
    return form


class PlateInput(forms.TextInput):
    """A text box drawn as a plate. Dashes come while typing (plate.js) and do not matter when posted."""

    template_name = "ui/widgets/plate.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        plain = {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": "11",
            "data-plate": True,
        }
        super().__init__({**plain, **(attrs or {})})

    def format_value(self, value: object) -> str | None:
        return plate_text(value) if value else None


class CodeInput(forms.TextInput):
    """A short code from an app, a text message or a registration card: wide, not remembered, no spelling help."""

    template_name = "ui/widgets/code.html"

    def __init__(self, *, digits: int = 6, one_time: bool = True, attrs: dict[str, Any] | None = None) -> None:
        plain = {
            "autocomplete": "one-time-code" if one_time else "off",
            "inputmode": "numeric" if one_time else "text",
            "maxlength": str(digits),
            "size": str(digits),
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
        super().__init__({**plain, **(attrs or {})})


class MoneyInput(forms.TextInput):
    """An amount in euros; the sign stands in the box, the number is typed the way the reader writes it."""

    template_name = "ui/widgets/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class MoneyField(forms.Field):
    """An amount in euros as people type it: 41495, 41.495, 41.495,00, 41.495,- or 41,495.00. The cleaned
    value has cents."""

    def to_python(self, value: object) -> Decimal | None:
        text = re.sub(r"[€\s]|,[-–—]{1,2}\s*$", "", str(value)) if value is not None else ""
        if not text:
            return None
        # A comma or a dot with one or two digits behind it at the end parts the cents; any other parts thousands.
        found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})*|\d{1,9})(?:[.,](\d{1,2}))?", text, re.ASCII)
        if found is None:
            raise forms.ValidationError(_("Type an amount in euros, such as 41.495,00."), code="amount")
        whole, cents = re.sub(r"[.,]", "", found[1]), (found[2] or "").ljust(2, "0")
        return Decimal(f"{whole}.{cents}")

    def prepare_value(self, value: object) -> object:
        return number(value, 2) if isinstance(value, Decimal) else value


class DayInput(forms.DateInput):
    """A day between two days. The native date field holds the truth; day.js draws the days around it.

    Set `today`, `earliest`, `latest`, `shortcuts` ((words, day) pairs) and the reasons why days outside are not
    to be had on the widget of the form's own field: `self.fields["starts"].widget.earliest = ...`.
    """

    input_type = "date"
    template_name = "ui/widgets/day.html"
    today: dt.date | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    drawn_from: dt.date | None = None  # where days before the earliest are drawn too, to be seen in grey
    shortcuts: Sequence[tuple[str, dt.date]] = ()
    too_early: str = ""
    too_late: str = ""
    # Where somebody may allow an earlier day: what is said of one that is chosen, and the button to type any.
    beyond: tuple[str, str] | None = None

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        limits = {"min": None if self.beyond else self.earliest, "max": self.latest}
        context["widget"]["attrs"].update({k: v.isoformat() for k, v in limits.items() if v})
        context["picker"] = {
            "today": self.today,
            "drawn_from": self.drawn_from,
            "shortcuts": self.shortcuts,
            "too_early": self.too_early,
            "too_late": self.too_late,
            "earliest": self.earliest,
            "beyond": self.beyond,
        }
        return context


class ChipSelect(forms.RadioSelect):
    """One of a few, as chips in a row."""

    template_name = "ui/widgets/chips.html"


class CardSelect(forms.RadioSelect):
    """One of a few that need a line of explanation: a label may be written as "Name|what it means"."""

    template_name = "ui/widgets/cards.html"


class CardTicks(forms.CheckboxSelectMultiple):
    """The same, of which several may be chosen."""

    template_name = "ui/widgets/cards.html"
