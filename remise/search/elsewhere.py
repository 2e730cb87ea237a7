"""Who works for other companies too finds what is theirs: a room above says who that is, and with which rights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from remise.core.actor import Actor
from remise.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """`works` says whether this actor looks over other companies; `held` which rights are held in all of each of
    them, asked as an agent. `act` is the form that goes on for one of them: `client` is its number and the page."""

    name: str
    works: Callable[[Actor], bool]
    held: Callable[[Actor, Sequence[int]], Mapping[int, frozenset[str]]]
    act: str


elsewhere: Registry[Elsewhere] = Registry(lambda entry: entry.name)
