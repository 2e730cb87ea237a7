"""What else waits for the insurer's people, on pages of its own: applications, people who do not get in. They are
rows of other tables, some of no company: the desk's page counts them and leads there. Rooms add theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from remise.core.actor import Actor, can
from remise.core.registry import Registry
from remise.core.rights import StaffRight
from remise.core.words import Text


@dataclass(frozen=True, slots=True)
class Waiting:
    open: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class OtherQueue:
    """Counted for who holds the right, and for nobody else."""

    page: str  # by its name in the URL conf
    label: Text
    right: StaffRight
    count: Callable[[Actor], Waiting]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    label: Text
    url: str
    waiting: Waiting


other_queues: Registry[OtherQueue] = Registry(lambda one: one.page)


def elsewhere(by: Actor) -> list[Elsewhere]:
    """Those in which something waits."""
    open_to = (one for one in other_queues if can(by, one.right))
    found = (Elsewhere(one.label, reverse(one.page), one.count(by)) for one in open_to)
    return [one for one in found if one.waiting.open]
