"""What a request about a vehicle covered twice holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoveredTwice:
    """Of the one side alone, for its company may come to read this: what is on the other side stands in the row of
    DoubleCover, which is the insurer's."""

    policy: int
    item: int
    plate: str
    cover: int  # DoubleCover
