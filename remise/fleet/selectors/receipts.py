"""The receipts of what was done to vehicles: an entry as it is shown on the page and on paper."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.errors import NotVisible
from remise.core.identifiers import Plate
from remise.core.ledger.operations import Set, Start, Terms, decode
from remise.core.models import Entry
from remise.desk.models import DeskRequest
from remise.desk.selectors import requests_of
from remise.fleet.details import answers, emptied, in_entry
from remise.fleet.entries import (
    by_desk,
    doer_of,
    made_on,
    right_to_correct,
    right_to_correct_online,
    what_happened,
)
from remise.fleet.models import RegistrationVersion
from remise.fleet.selectors.branches import branches_of_entries, works_in
from remise.organisations.fields import party_names
from remise.organisations.models import Branch
from remise.organisations.names import doers
from remise.policies.models import Policy
from remise.policies.rules import FieldRule, ProductRules, day_to_show
from remise.policies.selectors import rules_of
from remise.vehicles.models import Vehicle


@dataclass(frozen=True, slots=True)
class FixedValue:
    """The catalogue value that an entry fixed, and who said it on which day."""

    amount: Decimal
    source: str
    said_on: date | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`undone` is the entry that this one corrects, `corrected_by` the one that corrects it."""

    entry: Entry
    done_by: str  # as this reader may know it
    what: str  # as entries.what_happened says it
    plate: Plate
    policy: Policy
    rules: ProductRules  # those of the day of the entry
    register: Vehicle | None
    undone: Entry | None
    corrected_by: Entry | None
    may_correct: bool
    may_ask_correction: bool  # of the insurer's desk
    request: DeskRequest | None  # on which the desk decided
    value: FixedValue | None  # fixed by the entry; None where it fixed none, or undid one
    branch: str
    branch_id: int | None
    check_code: str
    details: tuple[tuple[str, str], ...]  # what the product asks besides: label, answer
    emptied: tuple[str, ...]  # labels of what a change made empty

    @property
    def undone_what(self) -> str | None:
        return what_happened(self.undone) if self.undone else None

    @property
    def day(self) -> date | None:
        """The day it is about, in the sense in which the user gave it."""
        subject = self.undone or self.entry
        if subject.starts is not None and what_happened(subject) == "deregistered":
            return day_to_show(self.rules, subject.starts)
        return subject.starts


def receipt_of(by: Actor, number: int) -> Receipt:
    """Raises NotVisible for an entry of another company, or of a branch where this actor does nothing."""
    return receipts_of(by, [number])[0]


def receipts_of(by: Actor, numbers: Sequence[int]) -> list[Receipt]:
    """In this order; as many queries for many as for one."""
    entries = _entries(by, numbers)
    policies = Policy.objects.filter(organisation=by.company).select_related("product")
    policy_of = policies.in_bulk({entry.item.policy for entry in entries})
    branch_of: dict[int, int | None] = {}
    for policy in policy_of:
        branch_of |= branches_of_entries(policy, {entry.item.key for entry in entries if entry.item.policy == policy})
    if not all(works_in(by, branch_of.get(number)) for number in numbers):
        raise NotVisible(_("There is no such receipt."))
    days = {(entry.item.policy, made_on(entry)) for entry in entries}
    rules = {(policy, day): rules_of(policy_of[policy], on=day) for policy, day in days}
    register = Vehicle.objects.known().in_bulk([entry.item.key for entry in entries])
    corrections = {correction.undoes_id: correction for correction in Entry.objects.filter(undoes__in=entries)}
    today = clock.today(by)
    branches = dict(Branch.objects.filter(organisation=by.company).values_list("id", "name"))
    terms = {entry.id: terms_of(entry.undoes or entry) for entry in entries}
    parties = _parties(by, terms.values())
    asked = requests_of(by, [entry.id for entry in entries if by_desk(entry)])

    def made(entry: Entry, done_by: str) -> Receipt:
        stands = entry.undoes_id is None and entry.id not in corrections
        of_today = stands and not entry.by_system and made_on(entry) == today
        may_correct = of_today and bool(can(by, right_to_correct(entry), branch=branch_of.get(entry.id)))
        may_ask = bool(can(by, right_to_correct_online(entry), branch=branch_of.get(entry.id)))
        return Receipt(
            entry=entry,
            done_by=done_by,
            what=what_happened(entry),
            plate=Plate(entry.item.key),
            policy=policy_of[entry.item.policy],
            rules=rules[entry.item.policy, made_on(entry)],
            register=register.get(entry.item.key),
            undone=entry.undoes,
            corrected_by=corrections.get(entry.id),
            may_correct=may_correct,
            may_ask_correction=stands and not may_correct and may_ask,
            request=asked.get(entry.id),
            value=_value_fixed_by(entry),
            branch=branches.get(branch_of.get(entry.id) or 0, ""),
            branch_id=branch_of.get(entry.id),
            check_code=str(terms[entry.id].get("check_code") or ""),
            details=tuple(answered(rules[entry.item.policy, made_on(entry)].fields, terms[entry.id], parties)),
            emptied=emptied_by(entry, rules[entry.item.policy, made_on(entry)]),
        )

    who = doers(by, [doer_of(entry, by) for entry in entries])
    return [made(entry, name) for entry, name in zip(entries, who, strict=True)]


def terms_of(entry: Entry) -> Terms:
    """What a registration or a change says; the end of one says nothing but its day, and a value is told apart."""
    is_change = what_happened(entry) == "changed"
    for operation in decode(entry.operations or [], RegistrationVersion.SCHEMA):
        if isinstance(operation, Start) or (isinstance(operation, Set) and is_change):
            return operation.terms
    return {}


def emptied_by(entry: Entry, rules: ProductRules) -> tuple[str, ...]:
    """Of a change alone: what a registration leaves open was never filled in."""
    return tuple(emptied(rules.fields, terms_of(entry))) if what_happened(entry) == "changed" else ()


def _value_fixed_by(entry: Entry) -> FixedValue | None:
    for operation in decode(entry.operations or [], RegistrationVersion.SCHEMA):
        if isinstance(operation, Start | Set) and operation.terms.get("value") is not None:
            said = operation.terms
            on = said.get("value_date")
            return FixedValue(
                Decimal(str(said["value"])), str(said.get("value_source") or ""), on if isinstance(on, date) else None
            )
    return None


def _parties(by: Actor, terms: Iterable[Terms]) -> dict[int, str]:
    named = {party for said in terms for name in ("lessee", "driver") if isinstance(party := said.get(name), int)}
    return party_names(by, named)


def answered(fields: Sequence[FieldRule], terms: Terms, parties: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """What the product asked and what this entry says to it."""
    return answers(fields, {field.name: in_entry(terms, field) for field in fields}, parties)


def _entries(by: Actor, numbers: Sequence[int]) -> list[Entry]:
    entries = Entry.objects.filter(organisation=by.company, item__kind=RegistrationVersion.KIND)
    found = entries.select_related("item", "undoes").in_bulk(numbers)
    if len(found) != len(set(numbers)):
        raise NotVisible(_("There is no such receipt."))
    return [found[number] for number in numbers]
