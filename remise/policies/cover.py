"""Days on cover as people think of them: from a day until the first day without. Pure."""

from collections.abc import Sequence
from datetime import date

# As known now: from a day until the first day without (None = still running).
type Cover = Sequence[tuple[date, date | None]]


def as_far_as(policy_ends: date | None, cover: Cover) -> list[tuple[date, date | None]]:
    """What is left of cover on a policy that ends: a vehicle may be left on it, and has none from that day on. In
    statements it is `least(v.ends, p.ends)`, where `v.starts < p.ends`."""
    if policy_ends is None:
        return list(cover)
    return [
        (starts, policy_ends if ends is None else min(ends, policy_ends))
        for starts, ends in cover
        if starts < policy_ends
    ]


def joined(cover: Cover) -> list[tuple[date, date | None]]:
    """Stretches of cover: a changed term cuts a version and not the cover."""
    found: list[tuple[date, date | None]] = []
    for starts, ends in sorted(cover, key=lambda part: part[0]):
        if found and found[-1][1] == starts:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((starts, ends))
    return found
