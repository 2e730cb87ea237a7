"""Which rights open what of the fleet: to a page or a program as a whole, and to a deed in one branch."""

from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.errors import DomainError, Forbidden, NotVisible, refusal_of
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


class Branches:
    """The branches of one policy's company, each asked once: a thousand vehicles lie in few of them."""

    def __init__(self, by: Actor, policy: Policy, right: Right) -> None:
        self._by, self._policy, self._right = by, policy, right
        self._theirs = set(Branch.objects.filter(organisation=policy.organisation).values_list("id", flat=True))
        self._refused: dict[int | None, DomainError | None] = {}

    def require(self, branch: int | None) -> None:
        """As `require`; raises NotVisible for one that is not this company's."""
        if branch not in self._refused:
            self._refused[branch] = refusal_of(lambda: self._ask(branch))
        if (refused := self._refused[branch]) is not None:
            raise refused.with_traceback(None)  # it is raised again and again

    def _ask(self, branch: int | None) -> None:
        require(self._by, self._right, self._policy, branch)
        if branch is not None and branch not in self._theirs:
            raise NotVisible(_("There is no such branch."))


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
