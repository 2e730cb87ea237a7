"""Who acts: one value that every action takes, whether a page, the API, a job or an import file called it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum

from remise.core import rights
from remise.core.rights import Decision, Right
from remise.core.scope import ActorKind, Scope


class Assurance(IntEnum):
    """How strongly the person has proven who they are in this session."""

    NONE = 0
    ONE_FACTOR = 1
    TWO_FACTORS = 2


type Grants = frozenset[tuple[str, int | None]]  # (right, branch); branch None = every branch


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    portal: int | None
    name: str
    clock_offset: timedelta = timedelta(0)
    account: int | None = None
    membership: int | None = None
    organisation: int | None = None
    branch: int | None = None  # the branch worked in; None = the whole company
    grants: Grants = frozenset()
    assurance: Assurance = Assurance.NONE
    via: str = "page"  # page, api, job, import, command: written in the event

    @property
    def scope(self) -> Scope:
        return Scope(self.kind, self.portal, self.account, self.organisation)

    @property
    def company(self) -> int:
        """The company acted for. Asking it of an actor without one is a mistake of the programmer."""
        assert self.organisation is not None
        return self.organisation

    def within(self, branch: int | None) -> "Actor":
        return replace(self, branch=branch)


def system(*, portal: int, name: str, clock_offset: timedelta = timedelta(0), via: str = "job") -> Actor:
    """A named actor for work that no person does at that moment. It passes no check by being the system: `can`
    asks which jobs it may do by its kind, and every event carries its name."""
    return Actor(
        kind=ActorKind.SYSTEM,
        portal=portal,
        name=name,
        clock_offset=clock_offset,
        assurance=Assurance.TWO_FACTORS,
        via=via,
    )


def can(actor: Actor, right: Right, *, organisation: int | None = None, branch: int | None = None) -> Decision:
    """May this actor do this, in this company and branch? The answer says why not."""
    if actor.assurance < Assurance.TWO_FACTORS:
        return rights.SECOND_FACTOR
    if actor.kind is ActorKind.SYSTEM:
        return rights.ALLOWED
    if actor.kind is not ActorKind.MEMBER:
        return rights.missing(right, branch=branch)
    if organisation is not None and organisation != actor.organisation:
        return rights.missing(right, branch=branch)
    if (right, None) in actor.grants:
        return rights.ALLOWED
    if branch is not None and (right, branch) in actor.grants:
        return rights.ALLOWED
    return rights.missing(right, branch=branch)


def holds_anywhere(actor: Actor, right: Right) -> bool:
    """In at least one branch: what decides whether the menu shows a page at all."""
    return any(held == right for held, _ in actor.grants)
