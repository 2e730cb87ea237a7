"""Which rights open what of the fleet: to a page or a program as a whole, and to a deed in one branch."""

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden
from remise.core.rights import Right
from remise.fleet.rights import FleetRight
from remise.organisations import access, relation_numbers
from remise.organisations.access import visible_branches
from remise.organisations.models import Branch
from remise.organisations.requests import MemberRequest
from remise.policies.models import Policy


def require(by: Actor, right: Right, policy: Policy, branch: int | None) -> None:
    """The right in this branch of the policy's company, or the refusal that says who can give it; and a branch that
    is open (row 8)."""
    decision = can(by, right, organisation=policy.organisation, branch=branch)
    if not decision:
        raise Forbidden(decision)
    relation_numbers.require_linked(by, branch)


def require_any(request: MemberRequest, *rights: FleetRight) -> None:
    """At least one of these in at least one branch."""
    if not any(may(request.actor, right) for right in rights):
        access.require(request, rights[0])


def may(by: Actor, right: FleetRight) -> bool:
    branches = visible_branches(by, right)
    return branches is None or bool(branches)


def branches_for(by: Actor, right: FleetRight) -> list[Branch]:
    """Where this actor may do it: the branch worked in first."""
    branches = Branch.objects.filter(organisation=by.company).order_by("establishment_number", "name")
    allowed = [branch for branch in branches if can(by, right, organisation=by.organisation, branch=branch.id)]
    return sorted(allowed, key=lambda branch: branch.id != by.branch)
