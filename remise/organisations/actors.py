"""The one place where a person becomes an actor: for a page, and for what is done in a person's name later."""

from datetime import timedelta

from remise.core.actor import Actor, Assurance
from remise.core.scope import ActorKind
from remise.organisations.rights import catalogue, may_hold
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
    office: int | None = None,
) -> Actor:
    """Who works there, with the rights held now; `branch` is the one worked in, None = the whole company. Who works
    for the insurer itself is its staff, and meets all companies of the portal. Who acts for a client from an `office`
    is no colleague there."""
    return Actor(
        kind=ActorKind.STAFF if own.is_insurer else ActorKind.MEMBER,
        portal=portal,
        clock_offset=clock_offset,
        account=account,
        membership=None if office else own.id,
        organisation=own.organisation,
        office=office,
        branch=None if own.is_insurer else branch,
        grants=frozenset((right, where) for right, where in own.grants if _counts(own, right)),
        withheld=own.withheld,
        assurance=assurance,
        token=token,
        via=via,
    )


def _counts(own: OwnMembership, right: str) -> bool:
    """Of a right that is not in the catalogue any more nothing is known, and nothing asks for it."""
    entry = catalogue.get(right)
    return entry is None or may_hold(entry.right, staff=own.is_insurer)
