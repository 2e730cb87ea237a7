from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from remise.core.errors import BrokenRule
from remise.core.forms import CheckCodeField, PlateField, whole_number
from remise.core.identifiers import IdentifierError, Plate, Vin
from remise.fleet.changing import CLEARED, Change
from remise.fleet.rules import KIND_DOUBTFUL, LIFTED_BY, DoubtfulValue
from remise.organisations.models import Branch
from remise.policies.fields import LONGEST_NAME, label, read_field
from remise.policies.rules import (
    FieldKind,
    FieldRule,
    Limit,
    Misfit,
    ProductRules,
    Window,
    deregistering_window,
    registering_window,
)
from remise.ui.formats import day as shown_day
from remise.ui.formats import in_language
from remise.ui.forms import CodeInput, DayInput, MoneyField, MoneyInput, PlateInput


class BranchField(forms.TypedChoiceField):
    """Offers the branches where it may be done. Shape only: of another one the action says what is the matter."""

    def valid_value(self, value: object) -> bool:
        return whole_number(str(value)) is not None


class RegisterForm(forms.Form):
    """Plate, check code, day, and what the product asks besides. Shape only: the action judges."""

    plate = PlateField(
        label=_("Plate"),
        widget=PlateInput(attrs={"data-focus": True}),
        error_messages={"required": _("Fill in the plate.")},
    )
    check_code = CheckCodeField(
        label=_("Check code"),
        # What is typed while the register answers stays typed: the answer replaces everything around it.
        widget=CodeInput(digits=17, one_time=False, attrs={"data-width": "s", "hx-preserve": True, "size": "4"}),
        help_text=_("The last four characters of the chassis number, on the registration card."),
        error_messages={"required": _("Fill in the check code: the last four characters of the chassis number.")},
    )
    day = forms.DateField(label=_("Insured from"), widget=DayInput(), error_messages={"required": _("Choose a day.")})

    def __init__(
        self,
        *args: Any,
        rules: ProductRules,
        window: Window,
        today: date,
        branches: Sequence[Branch],
        branch: int | None,
        plate: Plate | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.branches = branches
        if plate is not None and not plate.needs_check_code:
            del self.fields["check_code"]
        draw_days(self.fields["day"], window, today=today, rules=rules)
        self.fields["day"].widget.drawn_from = registering_window(rules, today=today, in_name_since=None).earliest
        for rule in rules.fields:
            self.fields[rule.name] = DetailField(rule)
        if rules.other_kinds is Misfit.ASKED:
            self.fields["sure"] = forms.CharField(
                label=_("This kind of vehicle is right"), required=False, widget=forms.HiddenInput
            )
        if len(branches) > 1:
            self.fields["branch"] = BranchField(
                label=_("Branch"),
                choices=[("", _("Choose…")), *((branch.id, branch.name) for branch in branches)],
                coerce=int,
                initial=branch,
                error_messages={"required": _("Choose the branch to which the vehicle belongs.")},
            )

    @property
    def branch(self) -> int:
        """The branch chosen, or the only one there is to choose."""
        chosen = self.cleaned_data.get("branch")
        return int(chosen) if chosen else self.branches[0].id

    @property
    def vin(self) -> Vin | None:
        """The whole chassis number, where that was filled in instead of its end."""
        try:
            return Vin.parse(str(self.data.get("check_code", "")))
        except IdentifierError:
            return None

    @property
    def sure(self) -> bool:
        """Was it asked about the kind of this very vehicle, and said to be right?"""
        plate = self.cleaned_data.get("plate")
        return plate is not None and self.data.get("sure") == plate.value

    def add_error(self, field: str | None, error: Any) -> None:  # noqa: ANN401  # Django takes many things
        plate = self.cleaned_data.get("plate")
        super().add_error(field, error)
        if getattr(error, "code", "") == KIND_DOUBTFUL and plate is not None:
            self.fields["sure"].widget = forms.CheckboxInput(attrs={"value": plate.value})

    @property
    def details(self) -> dict[str, str]:
        return {rule.name: self.cleaned_data[rule.name] for rule in self.rules.fields}


class ChangeForm(forms.Form):
    """What the product asks, filled in with the terms of now, and from which day on it becomes different. What was
    not touched is neither judged nor changed: it may have become otherwise meanwhile, or never have been asked.

    `present` is what stands in the fields at first, `asked` the names of what a program sends; a page says beside
    each field what it showed."""

    SHOWN: ClassVar[str] = "shown-"

    day = forms.DateField(
        label=_("Changes from"),
        widget=DayInput(),
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Write the day as 2026-01-31 or 31-01-2026."),
        },
    )

    def __init__(
        self,
        *args: Any,
        rules: ProductRules,
        today: date,
        present: dict[str, str],
        branches: Sequence[Branch] = (),
        asked: Collection[str] | None = None,
        shown: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        draw_days(self.fields["day"], deregistering_window(rules, today=today), today=today, rules=rules)
        self.rules = {rule.name: rule for rule in rules.fields if rule.name in present}
        self._asked = asked
        for rule in self.rules.values():
            self.fields[rule.name] = ChangedField(rule)
        if len(branches) > 1:
            none = [] if present["branch"] else [("", _("Choose…"))]
            choices = [*none, *((str(branch.id), branch.name) for branch in branches)]
            self.fields["branch"] = forms.CharField(
                label=_("Branch"), required=not none, widget=forms.Select(choices=choices)
            )
        before = present | dict(shown or {})
        self.shown = {
            name: str(self.data.get(f"{self.SHOWN}{name}", before[name])) for name in self.fields if name in present
        }
        for name, text in present.items():
            if name in self.fields:
                self.fields[name].initial = text

    @property
    def touched(self) -> list[str]:
        """Of what the product asks, and the branch: a page's by what it showed before."""
        if self._asked is not None:
            return list(self._asked)
        return [name for name, before in self.shown.items() if not self._is_same(name, before)]

    def _is_same(self, name: str, before: str) -> bool:
        typed = str(self.data.get(name, before)).strip()
        if name not in self.rules:
            return typed == before
        try:
            return read_field(self.rules[name], typed) == read_field(self.rules[name], before)
        except BrokenRule:
            return typed == before

    def clean(self) -> dict[str, Any]:
        for name in self.touched:
            if name in self.rules:
                try:
                    read_field(self.rules[name], self.cleaned_data.get(name, ""))
                except BrokenRule as refusal:
                    self.add_error(name, forms.ValidationError(str(refusal.message), code=refusal.code))
        return self.cleaned_data

    def change(self, plate: Plate) -> Change:
        """The form is valid."""
        details = {name: str(self.data.get(name) or "").strip() for name in self.touched if name != "branch"}
        branch = whole_number(self.data.get("branch", "")) if "branch" in self.touched else None
        return Change(
            plate, self.cleaned_data["day"], {name: text or CLEARED for name, text in details.items()}, branch
        )


class DeregisterForm(forms.Form):
    day = forms.DateField(widget=DayInput())

    def __init__(self, *args: Any, rules: ProductRules, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("Last day insured") if rules.last_day_covered else _("First day without cover")
        draw_days(self.fields["day"], deregistering_window(rules, today=today), today=today, rules=rules)


LONGEST = 1000  # of an explanation, in characters


class ValueForm(forms.Form):
    """The catalogue value as the customer knows it. It changes nothing: the desk looks at it."""

    value = MoneyField(
        label=_("What should it be?"),
        widget=MoneyInput(attrs={"data-width": "m", "data-focus": True}),
        help_text=_("The catalogue value when it was new, with tax."),
        error_messages={"required": _("Fill in the value that you think is right.")},
    )
    why = forms.CharField(
        label=_("How do you know?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: the price list, the invoice, the options on this car."),
        error_messages={"required": _("Say how you know: the desk looks at that.")},
    )


class OverrideForm(forms.Form):
    """What the desk makes of it. Of a value that looks like a slip it is asked to say so once more: of this value,
    and not of another that is typed after the question."""

    value = MoneyField(
        label=_("Value from the first day of this cover"),
        widget=MoneyInput(attrs={"data-width": "m"}),
        error_messages={"required": _("Fill in the value.")},
    )
    sure = forms.CharField(label=_("This value is right"), required=False, widget=forms.HiddenInput)

    def clean_sure(self) -> bool:
        return is_sure(self.data)

    def add_error(self, field: str | None, error: Any) -> None:  # noqa: ANN401  # Django takes many things
        super().add_error(field, error)
        if getattr(error, "code", "") == DoubtfulValue.code:
            self.fields["sure"].widget = forms.CheckboxInput(attrs={"value": self.data.get("value", "")})


def is_sure(sent: Mapping[str, Any]) -> bool:
    """Was this very value asked about, and said to be right?"""
    return bool(sent.get("sure")) and sent.get("sure") == sent.get("value")


class CorrectionForm(forms.Form):
    why = forms.CharField(
        label=_("What is wrong?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "data-focus": True}),
        error_messages={"required": _("Say what is wrong: the desk looks at that.")},
    )


class AgreementForm(forms.Form):
    """One's own side of an agreement to compare cover with another insurer."""

    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
        help_text=_("For example: article 6(1)(f) of Regulation (EU) 2016/679, and why it applies."),
        error_messages={"required": _("Name the legal basis: without one nothing is compared.")},
    )
    document = forms.CharField(
        label=_("Laid down in"),
        max_length=120,
        help_text=_("The number of the agreement or assessment. No names of people."),
        error_messages={"required": _("Say in which document it is laid down.")},
    )
    starts = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "m"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "data-width": "m"}, format="%Y-%m-%d"),
        help_text=_("Empty: until one of both ends it."),
        error_messages={"invalid": _("Choose a day.")},
    )


def draw_days(field: forms.Field, window: Window, *, today: date, rules: ProductRules) -> None:
    """Show which days can be chosen; the action refuses the others whatever the browser sends."""
    widget = field.widget
    assert isinstance(widget, DayInput)
    widget.today, widget.earliest, widget.latest = today, window.earliest, window.latest
    yesterday = today - timedelta(days=1)
    shortcuts = [(_("today"), today), (_("yesterday"), yesterday)]
    widget.shortcuts = [(str(words), day) for words, day in shortcuts if window.earliest <= day]
    limited_by_name = window.early is Limit.BEFORE_NAME_DATE
    widget.too_early = (
        str(_("In its owner's name since %(day)s.")) % {"day": shown_day(window.earliest)}
        if limited_by_name
        else str(_("Online up to %(days)s days back.")) % {"days": rules.back_date_days}
    )
    if LIFTED_BY.get(window.early):
        widget.beyond = (str(_("You can ask the insurer's desk to allow it.")), str(_("Type an earlier day")))
    widget.too_late = str(_("Online up to %(days)s days ahead.")) % {"days": rules.ahead_days}
    field.initial = today


class DetailField(forms.Field):
    """What a product asks besides. The cleaned value is what was typed, once `read_field` could read it: the action
    reads it by the same rule."""

    def __init__(self, rule: FieldRule) -> None:
        hint = in_language(rule.hints) if rule.hints else ""
        super().__init__(label=label(rule), required=rule.required, widget=_widget_of(rule), help_text=hint)
        self.rule = rule

    def clean(self, value: object) -> str:
        typed = "" if value is None else str(value).strip()
        try:
            read_field(self.rule, typed)
        except BrokenRule as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from None
        return typed


class ChangedField(DetailField):
    """Judged with the others, and only where it was touched."""

    def clean(self, value: object) -> str:
        return "" if value is None else str(value).strip()


# Its list is that of the page, filled anew while somebody types.
SUGGESTS = {
    "autocomplete": "off",
    "hx-get": reverse_lazy("drivers:suggest"),
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#parties",
    "hx-swap": "innerHTML",
    "hx-sync": "this:replace",
}


def _widget_of(rule: FieldRule) -> forms.Widget:
    match rule.kind:
        case FieldKind.PARTY:
            return forms.TextInput(attrs={"list": "parties", "maxlength": LONGEST_NAME, **SUGGESTS})
        case FieldKind.CHOICE:
            choices = [(value, in_language(labels)) for value, labels in rule.choices]
            return forms.Select(choices=[("", _("Choose…")), *choices])
        case FieldKind.YES_NO:
            return forms.Select(choices=[("", _("Choose…")), ("yes", _("yes")), ("no", _("no"))])
        case FieldKind.TEXT:
            return forms.TextInput(attrs={"maxlength": rule.longest, "autocomplete": "off"})
        case FieldKind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "s"})
        case FieldKind.MONEY:
            return MoneyInput(attrs={"data-width": "m"})
        case FieldKind.DATE:
            return forms.DateInput(attrs={"type": "date", "data-width": "m"}, format="%Y-%m-%d")
