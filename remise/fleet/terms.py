"""The terms of one vehicle, as they stand in a form, and what would become of them from a day on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.identifiers import Plate
from remise.core.rights import Right
from remise.fleet.access import branches_for
from remise.fleet.actions import Changed, change_vehicle
from remise.fleet.changing import Change, Changes, PlannedChange
from remise.fleet.details import in_version, in_words, term_of
from remise.fleet.forms import ChangeForm
from remise.fleet.models import RegistrationVersion
from remise.fleet.offers import change_notes
from remise.fleet.premium import change_line
from remise.fleet.rights import FleetRight
from remise.fleet.rules import nothing_changes
from remise.fleet.selectors.covers import covers_of
from remise.fleet.selectors.history import History
from remise.organisations.fields import FieldGroup, party_names
from remise.organisations.models import Branch
from remise.policies.fields import Given, label, shown
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, FieldRule, ProductRules
from remise.policies.selectors import rules_of
from remise.ui.formats import day as shown_day
from remise.ui.forms import refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One term: what holds on that day, and what comes instead; until when, where another was entered before."""

    label: str
    before: str
    after: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    lines: Sequence[Line]
    premium: str
    notes: Sequence[str]  # what it does to the card


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was entered for a day to come: each term that becomes different, with what comes instead."""

    day: date
    changes: Sequence[tuple[str, str]]

    @property
    def words(self) -> str:
        return ", ".join(f"{label}: {value or _('empty')}" for label, value in self.changes)


def can_change(by: Actor, rules: ProductRules) -> bool:
    """Is there anything that can become different?"""
    return bool(_fields(by, rules)) or len(branches_for(by, FleetRight.REGISTER)) > 1


def form_of(by: Actor, found: History, data: Mapping[str, Any] | None, **more: Any) -> ChangeForm:
    """With the terms of now in it, as far as this actor sees them."""
    policy, today = _policy(found), clock.today(by)
    rules = rules_of(policy, on=today)
    more.setdefault("branches", branches_for(by, FleetRight.REGISTER))
    form = ChangeForm(data, rules=rules, today=today, present=_present(by, found, rules), **more)
    if found.shown and found.shown.starts > today:
        form.fields["day"].initial = found.shown.starts
    return form


def read_sent(
    by: Actor, found: History, *, day: str, details: Mapping[str, str | None], branch: int | None
) -> Change:
    """As a program sends it: only what is to become different."""
    typed = {name: value or "" for name, value in details.items()} | {"day": day}
    form = form_of(by, found, typed, asked=list(details), branches=())
    if not form.is_valid():
        raise refusal(form)
    read = form.change(Plate(found.item.key))
    return Change(read.plate, read.day, read.details, branch)


def change_sent(
    *, by: Actor, found: History, day: str, details: Mapping[str, str | None], branch: int | None
) -> Changed:
    change = read_sent(by, found, day=day, details=details, branch=branch)
    return change_vehicle(by=by, policy=_policy(found), change=change)


def preview(by: Actor, found: History, change: Change, *, lifting: Collection[Right] = ()) -> Preview:
    """What would come of it now, before anything happens; raises why it cannot be. `lifting` as in `day_allowed`."""
    policy, today = _policy(found), clock.today(by)
    judge = Changes(by, policy, [change.plate.value], lifting=lifting)
    timeline = covers_of(policy, [change.plate.value])[found.item.key]
    (planned,) = judge.knowing([judge.verdict(change, timeline)])
    if isinstance(planned, DomainError):
        raise planned
    rules = rules_of(policy, on=today)
    lines = [line for line in _lines(by, found, planned, rules) if line.before != line.after]
    if not lines:
        raise nothing_changes()
    notes = [words for note in change_notes if (words := note.build(by, found))]
    return Preview(lines, change_line(rules, change.day, today=today), notes)


def ahead(by: Actor, found: History, rules: ProductRules) -> list[Ahead]:
    """Of the cover that the page shows, after what it shows."""
    if found.shown is None:
        return []
    names = party_names(by, {party for one in found.versions for party in (one.lessee, one.driver) if party})
    branches = dict(Branch.objects.filter(organisation=found.item.organisation).values_list("id", "name"))

    def said(version: RegistrationVersion) -> list[tuple[str, str]]:
        terms = [(label(one), in_words(one, in_version(version, one), names)) for one in _fields(by, rules)]
        return [(_("Branch"), branches.get(version.branch or 0, "")), *terms]

    coming = []
    for before, after in pairwise(one for one in found.versions if one.starts >= found.shown.starts):
        changes = [now for then, now in zip(said(before), said(after), strict=True) if then != now]
        if before.ends == after.starts and changes:
            coming.append(Ahead(after.starts, changes))
    return coming


def _policy(found: History) -> Policy:
    policies = Policy.objects.select_related("product")
    return policies.get(organisation=found.item.organisation, id=found.item.policy)


def _fields(by: Actor, rules: ProductRules) -> list[FieldRule]:
    """Who does not see people does not change them either."""
    withheld = FieldGroup.PEOPLE in by.withheld
    return [field for field in rules.fields if not (withheld and field.kind is FieldKind.PARTY)]


def _present(by: Actor, found: History, rules: ProductRules) -> dict[str, str]:
    """As it would be typed, by field; and the branch."""
    held = found.shown
    if held is None:
        return dict.fromkeys((field.name for field in _fields(by, rules)), "")
    names = party_names(by, [party for party in (held.lessee, held.driver) if party])
    typed = {field.name: _typed(in_version(held, field), field, names) for field in _fields(by, rules)}
    return typed | {"branch": str(held.branch or "")}


def _typed(value: Given, field: FieldRule, names: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind is FieldKind.PARTY and isinstance(value, int):
        return names.get(value, "")
    return str(value)


def _lines(by: Actor, found: History, planned: PlannedChange, rules: ProductRules) -> list[Line]:
    day = planned.change.day
    held = next((one for one in found.versions if _holds(one, day)), None)
    later = [one for one in found.versions if one.starts > day]
    parties = {party for one in found.versions for party in (one.lessee, one.driver) if party}
    names = party_names(by, parties)
    lines = []
    for field in _fields(by, rules):
        if field.name not in planned.change.details:
            continue
        before = in_words(field, in_version(held, field), names) if held else ""
        meant = planned.parties.get(field.name)
        after = meant.name if meant else shown(field, planned.terms.get(term_of(field)))  # type: ignore[arg-type]
        others = ((one.starts, in_words(field, in_version(one, field), names)) for one in later)
        lines.append(Line(label(field), before, after, _until(before, others)))
    if planned.change.branch is not None:
        branches = dict(Branch.objects.filter(organisation=found.item.organisation).values_list("id", "name"))
        before = branches.get(held.branch or 0, "") if held else ""
        moved = ((one.starts, branches.get(one.branch or 0, "")) for one in later)
        lines.append(Line(_("Branch"), before, branches[planned.change.branch], _until(before, moved)))
    return lines


def _holds(version: RegistrationVersion, day: date) -> bool:
    return version.starts <= day and (version.ends is None or day < version.ends)


def _until(before: str, later: Any) -> str:  # noqa: ANN401
    """What was entered before for a later day stays."""
    for starts, words in later:
        if words != before:
            said = {"day": shown_day(starts), "value": words or _("empty")}
            return _("From %(day)s it is: %(value)s. That was entered before.") % said
    return ""
