"""The one place where a member becomes an actor: for a page, and for what is done in a member's name later."""

from datetime import timedelta

from remise.core.actor import Actor, Assurance
from remise.core.scope import ActorKind
from remise.organisations.selectors import OwnMembership


def member(
    own: OwnMembership,
    *,
    account: int,
    portal: int,
    branch: int | None,
    assurance: Assurance,
    clock_offset: timedelta = timedelta(0),
    token: int | None = None,
    via: str = "page",
) -> Actor:
    """Who works there, with the rights held now; `branch` is the one worked in, None = the whole company."""
    return Actor(
        kind=ActorKind.MEMBER,
        portal=portal,
        clock_offset=clock_offset,
        account=account,
        membership=own.id,
        organisation=own.organisation,
        branch=branch,
        grants=own.grants,
        assurance=assurance,
        token=token,
        via=via,
    )
