"""Other terms for a vehicle on a policy, from a day on: its branch, and what the product asks per vehicle."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, DomainError
from remise.core.identifiers import Plate
from remise.core.ledger.operations import Segment, Terms, Value
from remise.core.rights import Right
from remise.fleet.access import Branches
from remise.fleet.details import term_of
from remise.fleet.parties.meaning import Parties, People, Typed
from remise.fleet.remedies import RequestName
from remise.fleet.rights import FleetRight
from remise.fleet.rules import day_allowed, no_longer_insured, nothing_changes, only_what_is_asked
from remise.fleet.selectors.branches import branches_of
from remise.fleet.selectors.covers import covers_of
from remise.fleet.wanted import detail
from remise.organisations.fields import FieldGroup, require_seen
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.rules import FieldKind
from remise.policies.selectors import rules_of
from remise.ui.formats import day as shown_day

CLEARED = "-"  # what stands in a cell that is to become empty; an empty one changes nothing


@dataclass(frozen=True, slots=True)
class Change:
    """From `day` on; what is not in `details` stays as it is. `branch` None = where it is."""

    plate: Plate
    day: date
    details: Mapping[str, str]
    branch: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedChange:
    change: Change
    terms: Terms
    typed: Typed  # what stands in the fields of parties
    parties: Parties = field(default_factory=dict)


class Changes:
    """What is the same for all of one policy is read once."""

    def __init__(
        self,
        by: Actor,
        policy: Policy,
        plates: Sequence[str],
        *,
        right: Right = FleetRight.REGISTER,
        lifting: Collection[Right] = (),
    ) -> None:
        """With which right; `lifting` as in `day_allowed`."""
        self.by, self.policy, self.lifting = by, policy, lifting
        self.today = clock.today(by)
        self.rules = rules_of(policy, on=self.today)
        # A change goes as far back as an end does: both tell the insurer what was so already.
        self.window = product_rules.deregistering_window(self.rules, today=self.today)
        self._branches = branches_of(policy.id, plates)
        self._allowed = Branches(by, policy, right)

    def verdict(self, change: Change, timeline: Sequence[Segment]) -> PlannedChange | DomainError:
        try:
            return self._planned(change, timeline)
        except DomainError as refusal:
            return refusal

    def _planned(self, change: Change, timeline: Sequence[Segment]) -> PlannedChange:
        if change.plate.value not in self._branches:
            raise no_longer_insured(change.plate)  # it never was
        self._allowed.require(self._branches[change.plate.value])
        if change.branch is not None:
            self._allowed.require(change.branch)
        day_allowed(
            self.window,
            change.day,
            today=self.today,
            rules=self.rules,
            request_kind=RequestName.LATE_CHANGE,
            lifting=self.lifting,
        )
        _on_cover(change.plate, timeline, change.day)
        only_what_is_asked(self.rules, change.details)
        terms: dict[str, Value] = {} if change.branch is None else {"branch": change.branch}
        typed: dict[str, str] = {}
        for asked in self.rules.fields:
            given = change.details.get(asked.name, "")
            if not given:
                continue
            if asked.kind is FieldKind.PARTY:
                require_seen(self.by, FieldGroup.PEOPLE, field=asked.name)
            read = detail(asked, "" if given == CLEARED else given)
            if asked.kind is FieldKind.PARTY and read is not None:
                typed[asked.name] = str(read)
            else:
                terms[term_of(asked)] = read
        if not terms and not typed:
            raise nothing_changes()
        return PlannedChange(change, terms, typed)

    def knowing(self, planned: Sequence[PlannedChange | DomainError]) -> list[PlannedChange | DomainError]:
        """The same, with whom each names: read for all at once."""
        able = [one for one in planned if isinstance(one, PlannedChange)]
        people = People(self.by, self.policy, (one.typed for one in able))
        return [_named(people, one) if isinstance(one, PlannedChange) else one for one in planned]


def check(by: Actor, policy: Policy, changes: Sequence[Change]) -> list[DomainError | None]:
    """What would come of each now, before anything happens."""
    plates = [change.plate.value for change in changes]
    judge, covers = Changes(by, policy, plates), covers_of(policy, plates)
    planned = judge.knowing([judge.verdict(change, covers.get(change.plate.value, ())) for change in changes])
    return [one if isinstance(one, DomainError) else None for one in planned]


def _named(people: People, planned: PlannedChange) -> PlannedChange | DomainError:
    try:
        return replace(planned, parties=people.of(planned.typed))
    except DomainError as refusal:
        return refusal


def _on_cover(plate: Plate, timeline: Sequence[Segment], day: date) -> None:
    if any(segment.covers(day) for segment in timeline):
        return
    later = next((segment for segment in timeline if segment.starts > day), None)
    if later is None:
        raise no_longer_insured(plate)
    raise BrokenRule(
        _("%(plate)s is insured since %(day)s: a change cannot begin before that.")
        % {"plate": plate.formatted, "day": shown_day(later.starts)},
        code="before_cover",
        field="day",
    )
