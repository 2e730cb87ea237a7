"""What a line may say of a vehicle, by what is to be done with it and by what its policy's product asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.words import Text, language_now
from remise.fleet.changing import CLEARED
from remise.organisations.models import Branch
from remise.policies.fields import limits
from remise.policies.rules import FieldKind, FieldRule, Misfit, ProductRules, TradePlates
from remise.runs.kinds import Column
from remise.ui.formats import in_language

PLATE = Column(
    "plate",
    gettext_lazy("Plate"),
    is_needed=True,
    hint=gettext_lazy("With or without dashes."),
    example="GB-001-B",
    is_own=True,
    also=frozenset({"kenteken", "kennzeichen", "plate", "license plate"}),
    width=12,
)
# How a day is written in a file, by who reads the page; each of them is read in each language.
WRITTEN = {"nl": "%d-%m-%Y", "de": "%d.%m.%Y", "en": "%Y-%m-%d"}
CHECK_CODE = Column(
    "check_code",
    gettext_lazy("Check code"),
    hint=gettext_lazy("The last four of the chassis number; a trade plate has none."),
    example="0413",
    also=frozenset({"meldcode", "vin", "chassisnummer", "code"}),
    is_own=True,
    width=12,
)


def for_registering(rules: ProductRules, branches: Sequence[Branch], today: date) -> list[Column]:
    return [
        _plate(rules),
        CHECK_CODE,
        _day(gettext_lazy("Insured from"), _("Empty: the day that you give for all lines."), today, "ingangsdatum"),
        *_with_branch(branches, [_field(rule) for rule in rules.fields]),
        *_sure(rules),
    ]


def _plate(rules: ProductRules) -> Column:
    """With an example that the policy takes."""
    return replace(PLATE, example="HA-01-23") if rules.trade_plates is TradePlates.ONLY else PLATE


def _sure(rules: ProductRules) -> list[Column]:
    """Asked where the product asks once about another kind of vehicle."""
    if rules.other_kinds is not Misfit.ASKED or not rules.kinds:
        return []
    hint = _("Yes: also where the register says another kind than the policy is for.")
    return [Column("sure", gettext_lazy("This kind of vehicle is right"), hint=hint, choices=_yes_no(), width=18)]


def _yes_no() -> list[tuple[str, str]]:
    return [("yes", _("yes")), ("no", _("no"))]


def for_deregistering(rules: ProductRules, today: date) -> list[Column]:
    label = gettext_lazy("Last day insured") if rules.last_day_covered else gettext_lazy("First day without cover")
    return [_plate(rules), _day(label, _("Empty: the day that you give for all lines."), today, "einddatum")]


def for_changing(rules: ProductRules, branches: Sequence[Branch], today: date) -> list[Column]:
    cleared = _("Empty: stays as it is. %(sign)s: becomes empty.") % {"sign": CLEARED}
    changed = _with_branch(branches, [_field(rule, cleared) for rule in rules.fields])
    return [
        _plate(rules),
        _day(gettext_lazy("Changes from"), _("Empty: the day that you give for all lines."), today),
        *changed,
    ]


def _day(label: Text, hint: Text, today: date, *also: str) -> Column:
    names = frozenset({"datum", "date", "day", "dag", "tag", *also})
    example = today.strftime(WRITTEN[language_now()])
    return Column("day", label, hint=hint, example=example, also=names, width=14)


def _with_branch(branches: Sequence[Branch], fields: list[Column]) -> list[Column]:
    """First where there is something to choose. Else behind the others: nobody needs it, but who names another branch
    reads that it is not theirs, instead of having it passed over."""
    if not branches:
        return fields
    branch = Column(
        "branch",
        gettext_lazy("Branch"),
        hint=_("Its name or its number."),
        example=branches[0].name,
        choices=[(branch.name, branch.name) for branch in branches],
        width=18,
    )
    return [branch, *fields] if len(branches) > 1 else [*fields, branch]


def _field(rule: FieldRule, hint: Text = "") -> Column:
    label = in_language(rule.labels)
    if rule.kind is FieldKind.PARTY:
        return Column(rule.name, label, hint=hint or _("A name."), also=_named(rule), width=24)
    choices = [(value, in_language(labels)) for value, labels in rule.choices]
    if rule.kind is FieldKind.YES_NO:
        choices = _yes_no()
    told = hint if choices else " ".join(filter(None, (limits(rule), str(hint))))
    return Column(rule.name, label, hint=told, choices=choices, also=_named(rule), width=18)


def _named(rule: FieldRule) -> frozenset[str]:
    return frozenset(label.lower() for label in rule.labels.values())
