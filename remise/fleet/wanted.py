"""What somebody wants on a policy, and the verdict of each: the terms it would get, or why it may not. The page, the
API and a file of a hundred thousand are judged here; what is asked of the database is asked for all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, DomainError, refusal_of
from remise.core.identifiers import CheckCode, Doubt, Plate, Vin
from remise.core.ledger.operations import Segment, Value
from remise.core.rights import Right
from remise.fleet.access import Branches
from remise.fleet.details import term_of
from remise.fleet.parties.meaning import Parties, People, Typed
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.rules import (
    check_code_given,
    day_allowed,
    not_covered_from,
    only_what_is_asked,
    policy_in_force,
    vehicle_fits,
)
from remise.fleet.selectors.covers import covers_of
from remise.organisations.fields import FieldGroup, require_seen
from remise.policies import rules as product_rules
from remise.policies.fields import Given, read_field, with_label
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, FieldRule
from remise.policies.selectors import days_held, rules_of
from remise.vehicles import chassis
from remise.vehicles.models import Vehicle
from remise.vehicles.register import client
from remise.vehicles.register.lookup import LookedUp, stored_all

type Details = Mapping[str, str]  # what the product asks besides; a lessee or driver by name or number


@dataclass(frozen=True, slots=True)
class Wanted:
    """`vin`: the whole chassis number, where it was given instead of the code at its end. `sure`: somebody said that
    the kind of vehicle is right. `code_completed`: the code had fewer digits, as a spreadsheet leaves noughts out."""

    plate: Plate
    check_code: CheckCode | None
    starts: date
    branch: int
    details: Details = field(default_factory=dict)
    vin: Vin | None = None
    sure: bool = False
    code_completed: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A vehicle that may come on the policy, as far as its own cover does not stand in the way: with these terms, and
    those of `parties` once each has a row."""

    wanted: Wanted
    known: LookedUp
    terms: Mapping[str, Value]
    typed: Typed  # what stands in the fields of parties
    parties: Parties = field(default_factory=dict)


type Verdict = Planned | DomainError


def plan(by: Actor, policy: Policy, wanted: Sequence[Wanted], *, on_request: bool = False) -> list[Verdict]:
    """In the order in which they came. Each wrong check code is counted as an attempt. `on_request`: the desk decides
    on what a customer asked."""
    plates = [one.plate for one in wanted]
    judge = _Judge(by, policy, UnderwritingRight.ALLOW_LATE if on_request else FleetRight.REGISTER, plates)
    known = stored_all(plates)
    return judge.knowing([judge.verdict(one, known[one.plate.value]) for one in wanted])


def check(by: Actor, policy: Policy, wanted: Sequence[Wanted]) -> list[DomainError | Doubt | None]:
    """What would come of each now, before anything happens."""
    covers = covers_of(policy, [one.plate.value for one in wanted])
    named: set[int] = set()
    return [_said(verdict, covers, named) for verdict in plan(by, policy, wanted)]


def _said(verdict: Verdict, covers: Mapping[str, Sequence[Segment]], named: set[int]) -> DomainError | Doubt | None:
    if isinstance(verdict, DomainError):
        return verdict
    plate, starts = verdict.wanted.plate, verdict.wanted.starts
    return refusal_of(lambda: not_covered_from(plate, covers.get(plate.value, ()), starts)) or _doubt(verdict, named)


def _doubt(planned: Planned, named: set[int]) -> Doubt | None:
    """What the page shows while one vehicle is filled in, of a line in a file: allowed, and worth a look. Whom nobody
    knows is told where they are `named` first."""
    plate, known = planned.wanted.plate, planned.known
    fresh = [one for one in planned.parties.values() if one.id is None and id(one) not in named]
    named.update(map(id, fresh))
    told = [_("%(name)s is new here.") % {"name": one.name} for one in fresh]
    if planned.wanted.code_completed and planned.wanted.check_code:
        read_as = _("The check code is read as %(code)s: a spreadsheet leaves out noughts in front.")
        told.append(read_as % {"code": planned.wanted.check_code.value})
    if known.found is None and known.is_fresh:
        told.append(_("The register does not know this plate. Compare it with the registration card."))
    elif known.found is None and client.is_reachable() and not plate.is_trade:
        told.append(_("The register's answer is not here yet. It is asked again afterwards."))
    return Doubt("look_again", " ".join(told)) if told else None


class _Judge:
    """What is the same for all of one policy is read once."""

    def __init__(self, by: Actor, policy: Policy, right: Right, plates: Sequence[Plate]) -> None:
        self.by, self.policy, self.right = by, policy, right
        self.today = clock.today(by)
        self.rules = rules_of(policy, on=self.today)
        self.days = days_held(policy)
        self._branches = Branches(by, policy, right)
        self._chassis_known = chassis.known_of(policy.organisation, plates)

    def verdict(self, wanted: Wanted, known: LookedUp) -> Verdict:
        try:
            return self._planned(wanted, known)
        except DomainError as refusal:
            return refusal

    def knowing(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The same, with whom each names: read for all at once."""
        planned = [one for one in verdicts if isinstance(one, Planned)]
        people = People(self.by, self.policy, (one.typed for one in planned))
        return [_named(people, one) if isinstance(one, Planned) else one for one in verdicts]

    def _planned(self, wanted: Wanted, known: LookedUp) -> Planned:
        self._branches.require(wanted.branch)
        vehicle = known.found
        check_code_given(wanted.plate, wanted.check_code)
        if wanted.plate.needs_check_code and wanted.plate in self._chassis_known:
            chassis.judge(self.by, self.policy.organisation, wanted.plate, wanted.check_code, wanted.vin)
        kind = vehicle.kind if vehicle else ""
        vehicle_fits(self.rules, wanted.plate, kind, sure=wanted.sure, lifting=(self.right,))
        day_allowed(
            product_rules.registering_window(
                self.rules, today=self.today, in_name_since=vehicle.in_name_since if vehicle else None
            ),
            wanted.starts,
            today=self.today,
            rules=self.rules,
            lifting=(self.right,),
        )
        policy_in_force(self.policy.number, *self.days, wanted.starts)
        terms, typed = self._terms(wanted.details)
        terms |= _said_by_register(self.by, vehicle)
        terms |= {"branch": wanted.branch, "check_code": wanted.check_code.value if wanted.check_code else None}
        return Planned(wanted, known, terms, typed)

    def _terms(self, details: Details) -> tuple[dict[str, Value], dict[str, str]]:
        only_what_is_asked(self.rules, details)
        terms: dict[str, Value] = {}
        typed: dict[str, str] = {}
        for asked in self.rules.fields:
            given = detail(asked, details.get(asked.name, ""))
            if asked.kind is FieldKind.PARTY and given is not None:
                require_seen(self.by, FieldGroup.PEOPLE, field=asked.name)
                typed[asked.name] = str(given)
            else:
                terms[term_of(asked)] = given
        return terms, typed


def _named(people: People, planned: Planned) -> Verdict:
    try:
        parties = people.of(planned.typed)
    except DomainError as refusal:
        return refusal
    return replace(planned, parties=parties) if parties else planned


def detail(asked: FieldRule, typed: str) -> Given:
    """What a field gives, empty as None; raises BrokenRule beside the field. People are given by name or number, and
    read for all of a file at once."""
    try:
        return read_field(asked, typed)
    except BrokenRule as refusal:
        raise with_label(asked, refusal) from None


def _said_by_register(by: Actor, vehicle: Vehicle | None) -> dict[str, Value]:
    if vehicle is None:
        return {}
    terms: dict[str, Value] = {"make": vehicle.make, "model": vehicle.model}
    if vehicle.sure_value is not None:
        terms |= {"value": vehicle.sure_value, "value_source": vehicle.source, "value_date": vehicle.said_on(by)}
    return terms
