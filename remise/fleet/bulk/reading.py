"""A line of a file as the actions take it. What reads cleanly is taken as it is, many times sooner than by a form; of
all else the page's own form says what is wrong, so that a file and the page give one verdict in the same words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.forms import CheckCodeField
from remise.core.identifiers import CheckCode, IdentifierError, Plate, Vin, number_key
from remise.fleet.access import branches_for
from remise.fleet.changing import Change
from remise.fleet.ending import Leaver
from remise.fleet.rights import FleetRight
from remise.fleet.sent import form_sent
from remise.fleet.wanted import Wanted, detail
from remise.organisations.models import Branch
from remise.policies.fields import YES
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, ProductRules
from remise.policies.selectors import policy_of, rules_of
from remise.runs.kinds import Row

# What every line may have; the rest is what the product asks per vehicle.
USUAL = frozenset({"plate", "check_code", "day", "branch", "sure"})
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%m-%y", "%d.%m.%y", "%d/%m/%y")
type Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all lines of one file are read by. `day` and `branch` hold where a line says none."""

    by: Actor
    policy: Policy
    rules: ProductRules
    branches: Sequence[Branch]
    day: date | None
    branch: int | None
    named: Mapping[str, int]  # what a branch may be called -> its number
    choices: Mapping[str, Texts]  # field -> what a choice may be called -> the choice

    @classmethod
    def of(cls, by: Actor, inputs: Mapping[str, Any]) -> "Reading":
        policy = policy_of(by, inputs["policy"])
        rules = rules_of(policy, on=clock.today(by))
        branches = branches_for(by, FleetRight.REGISTER)
        given = inputs.get("branch")
        return cls(
            by=by,
            policy=policy,
            rules=rules,
            branches=branches,
            day=date.fromisoformat(inputs["day"]) if inputs.get("day") else None,
            branch=int(given) if given else (branches[0].id if len(branches) == 1 else None),
            named=_names_of(branches),
            choices={rule.name: rule.spellings for rule in rules.fields if rule.kind is FieldKind.CHOICE},
        )

    def wanted(self, row: Row) -> Wanted:
        line = _texts(row)
        details = self._details(line)
        typed = line.get("check_code", "")
        line["check_code"] = CheckCode.completed(typed)
        try:
            self._require_clean(details)
            plate = read_plate(line)
            code, vin = _check_code(line) if plate.needs_check_code else (None, None)
            sure = line.get("sure", "").casefold() in YES
            completed = code is not None and line["check_code"] != typed
            return Wanted(plate, code, self._day(line), self._branch_of(line), details, vin, sure, completed)
        except BrokenRule:
            day = self.day.isoformat() if self.day and not line.get("day") else _iso(line.get("day", ""))
            form_sent(self.by, self.policy, {**line, "day": day, "details": details}, ())
            raise  # what no form knows, such as the branch

    def for_the_page(self, row: Row) -> dict[str, Any]:
        """What a line says, as the page of one vehicle begins with it; where that cannot be read, as it was typed."""
        line = _texts(row)
        return {
            **self._details(line),
            "plate": line.get("plate", ""),
            "check_code": CheckCode.completed(line.get("check_code", "")),
            "day": read_day(line.get("day", "")) or self.day,
            "branch": self.named.get(_as_named(line.get("branch", "")), self.branch),
        }

    def leaver(self, row: Row) -> Leaver:
        line = _texts(row)
        return Leaver(read_plate(line), self._day(line))

    def change(self, row: Row) -> Change:
        line = _texts(row)
        branch = self._branch_of(line) if line.get("branch") else None
        return Change(read_plate(line), self._day(line), self._details(line), branch)

    def _day(self, line: Texts) -> date:
        given = line.get("day", "")
        day = read_day(given) if given else self.day
        if day is None:
            message = _("Choose a day.") if not given else _("Write the day as 2026-01-31 or 31-01-2026.")
            raise BrokenRule(message, code="invalid" if given else "required", field="day")
        return day

    def _branch_of(self, line: Texts) -> int:
        given = line.get("branch", "")
        found = self.named.get(_as_named(given)) if given else self.branch
        if found is None:
            message = (
                _("There is no branch “%(name)s” where you may do this.") % {"name": given}
                if given
                else _("Choose the branch to which the vehicle belongs.")
            )
            raise BrokenRule(message, code="branch" if given else "required", field="branch")
        return found

    def _details(self, line: Texts) -> dict[str, str]:
        """Also what the product does not ask, to be refused. A choice may be named as the page names it, in any of
        our languages."""
        return {
            name: self.choices.get(name, {}).get(text.casefold(), text)
            for name, text in line.items()
            if name not in USUAL
        }

    def _require_clean(self, details: Texts) -> None:
        for rule in self.rules.fields:
            detail(rule, details.get(rule.name, ""))


def read_plate(line: Mapping[str, Any]) -> Plate:
    given = line.get("plate", "")
    if not given:
        raise BrokenRule(_("Fill in the plate."), code="required", field="plate")
    try:
        return Plate.parse(given)
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="plate") from error


def key_of(row: Mapping[str, Any]) -> str:
    """A vehicle stands in a file once."""
    try:
        return Plate.parse(str(row.get("plate", ""))).value
    except IdentifierError:
        return ""


@lru_cache(maxsize=10_000)  # a file has few days
def read_day(text: str) -> date | None:
    try:
        return forms.DateField(input_formats=DAYS).to_python(text)
    except ValidationError:
        return None


def _iso(text: str) -> str:
    """As the form reads it; what is no day stays as it was typed."""
    day = read_day(text)
    return day.isoformat() if day else text


def _check_code(line: Texts) -> tuple[CheckCode | None, Vin | None]:
    given = line.get("check_code", "")
    if not given:
        raise BrokenRule(_("Fill in the check code."), code="required", field="check_code")
    try:
        code = CheckCodeField.parser(given)
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="check_code") from error
    try:
        return code, Vin.parse(given) if len(given) > len(code.value) else None
    except IdentifierError:
        return code, None


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value).strip() for name, value in row.items()}


def _names_of(branches: Sequence[Branch]) -> dict[str, int]:
    found: dict[str, int] = {}
    for branch in branches:
        for name in (branch.name, branch.establishment_number, branch.relation_number):
            if name:
                found.setdefault(_as_named(name), branch.id)
    return found


def _as_named(text: str) -> str:
    return number_key(text) or text.casefold()
