"""What somebody wants off a policy, and whether each may go: for a page, a program and a file alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import DomainError, refusal_of
from remise.core.identifiers import Plate
from remise.core.ledger.operations import Segment
from remise.fleet.access import Branches
from remise.fleet.remedies import RequestName
from remise.fleet.rights import FleetRight, UnderwritingRight
from remise.fleet.rules import day_allowed, no_longer_insured, running_cover
from remise.fleet.selectors.branches import branches_of
from remise.fleet.selectors.covers import covers_of
from remise.policies import rules as product_rules
from remise.policies.models import Policy
from remise.policies.selectors import rules_of


@dataclass(frozen=True, slots=True)
class Leaver:
    """A vehicle that is to go. `day` is the one the user gives: the last day covered, or the first without cover, as
    the product says."""

    plate: Plate
    day: date


@dataclass(frozen=True, slots=True)
class Ending:
    """The cover that ends, and its first day without."""

    cover: Segment
    ends: date


class Endings:
    """What is the same for all of one policy is read once."""

    def __init__(self, by: Actor, policy: Policy, plates: Collection[str], *, on_request: bool = False) -> None:
        self.by, self.policy = by, policy
        self.right = UnderwritingRight.ALLOW_LATE if on_request else FleetRight.DEREGISTER
        self.today = clock.today(by)
        self.rules = rules_of(policy, on=self.today)
        self.window = product_rules.deregistering_window(self.rules, today=self.today)
        self._branches = branches_of(policy.id, plates)
        self._allowed = Branches(by, policy, self.right)

    def require_right(self, plate: Plate) -> None:
        """In the branch that the vehicle belongs to."""
        self._allowed.require(self._branches.get(plate.value))

    def of(self, leaver: Leaver, timeline: Sequence[Segment]) -> Ending:
        """Raises why it cannot go on that day."""
        if leaver.plate.value not in self._branches:
            raise no_longer_insured(leaver.plate)  # it never was
        self.require_right(leaver.plate)
        day_allowed(
            self.window,
            leaver.day,
            today=self.today,
            rules=self.rules,
            request_kind=RequestName.LATE_DEREGISTRATION,
            lifting=(self.right,),
        )
        ends = product_rules.first_day_without(self.rules, leaver.day)
        return Ending(running_cover(leaver.plate, timeline, day=leaver.day, ends=ends), ends)


def check(by: Actor, policy: Policy, leavers: Sequence[Leaver]) -> list[DomainError | None]:
    """What would come of each now, before anything happens."""
    plates = {leaver.plate.value for leaver in leavers}
    endings, covers = Endings(by, policy, plates), covers_of(policy, plates)
    return [refusal_of(partial(endings.of, leaver, covers.get(leaver.plate.value, ()))) for leaver in leavers]
