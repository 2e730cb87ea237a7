"""What a key is worth: pure functions, for it is asked at every call."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from remise.core.actor import Grants
from remise.organisations.rights import ConnectionRight, is_divisible

# No key makes keys: that takes a person with both factors.
NEVER_OF_A_KEY = frozenset({ConnectionRight.MANAGE_TOKENS})
LIFETIMES = (30, 90, 365)  # days; a key that nobody remembers ends by itself
LONGEST = timedelta(days=max(LIFETIMES))


def narrowed(held: Grants, *, rights: Collection[str], branches: Collection[int] | None) -> Grants:
    """Of what its maker holds now, what this key was given: these rights, in these branches (None = wherever the
    maker holds them)."""
    return frozenset(_narrowed(held, frozenset(rights) - NEVER_OF_A_KEY, branches))


def _narrowed(
    held: Grants, rights: Collection[str], branches: Collection[int] | None
) -> Iterator[tuple[str, int | None]]:
    for right, branch in held:
        if right not in rights:
            continue
        if branches is None or branch in branches:
            yield right, branch
        elif branch is None and is_divisible(right):
            yield from ((right, one) for one in branches)
