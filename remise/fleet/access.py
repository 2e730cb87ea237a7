from remise.core.actor import Actor, can
from remise.core.errors import Forbidden
from remise.core.rights import Right
from remise.policies.models import Policy


def require(by: Actor, right: Right, policy: Policy, branch: int | None) -> None:
    """The right in this branch of the policy's company, or the refusal that says who can give it."""
    decision = can(by, right, organisation=policy.organisation, branch=branch)
    if not decision:
        raise Forbidden(decision)
