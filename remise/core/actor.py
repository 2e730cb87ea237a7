"""Who acts: one value that every action takes, whether a page, the API, a job or an import file called it.

It holds the account and no name: what is kept for ever, and what is logged, must not name a person (docs/adr/0007).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum

from remise.core import rights
from remise.core.rights import CompanyRight, Decision, Right, SharedRight, StaffRight
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
    clock_offset: timedelta = timedelta(0)
    account: int | None = None
    by_system: str = ""  # where no person acts: the short, stable word of what does, such as a job's name
    membership: int | None = None
    organisation: int | None = None  # of the insurer's staff: the insurer itself
    office: int | None = None  # the company whose people act for this one, by mandate or as its intermediary
    branch: int | None = None  # the branch worked in; None = the whole company
    grants: Grants = frozenset()
    withheld: frozenset[str] = frozenset()  # groups of particulars that the mandate leaves out
    assurance: Assurance = Assurance.NONE
    token: int | None = None  # the key of the program that calls the API in this person's name
    via: str = "page"  # page, api, job, import, command: written in the event
    looks_as: int | None = None  # a colleague's account: whose own things are shown to who only looks; writes nothing

    @property
    def scope(self) -> Scope:
        """Staff stand above the companies of their portal: their wall asks for the portal alone."""
        organisation = None if self.kind is ActorKind.STAFF else self.organisation
        return Scope(self.kind, self.portal, self.account, organisation, self.withheld)

    @property
    def shown_as(self) -> int | None:
        """The account whose own requests, work and answers a page shows. Who did something is always `account`."""
        return self.account if self.looks_as is None else self.looks_as

    @property
    def company(self) -> int:
        """The company acted for. Asking it of an actor without one is a mistake of the programmer."""
        assert self.organisation is not None
        return self.organisation

    @property
    def in_portal(self) -> int:
        """The portal acted in. Asking it of an actor without one is a mistake of the programmer."""
        assert self.portal is not None
        return self.portal

    def acting_for(self, organisation: int) -> "Actor":
        """The system in one company: a job may go through all of an insurer's, with its rights in one at a time."""
        assert self.kind is ActorKind.SYSTEM
        return replace(self, organisation=organisation)


# What each job may do in the company it acts for, by the job's name; `core.jobs` fills it from what stands beside the
# job. What is not in here may do nothing that asks for a right.
RIGHTS_OF_JOBS: dict[str, frozenset[Right]] = {}


def system(*, portal: int, name: str, clock_offset: timedelta = timedelta(0), via: str = "job") -> Actor:
    """A named actor for work that no person does at that moment. It passes no check by being the system: it holds
    the rights that are written down for this job, in the company it is `acting_for`, and every event has its name."""
    return Actor(
        kind=ActorKind.SYSTEM,
        portal=portal,
        by_system=name,
        grants=frozenset((right, None) for right in RIGHTS_OF_JOBS.get(name, ())),
        clock_offset=clock_offset,
        assurance=Assurance.TWO_FACTORS,
        via=via,
    )


# Who may hold rights in one company; staff do in their own, the insurer.
_OF_A_COMPANY = (ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM)


def can(actor: Actor, right: Right, *, organisation: int | None = None, branch: int | None = None) -> Decision:
    """May this actor do this, in this company and branch? The answer says why not."""
    if actor.assurance < Assurance.TWO_FACTORS:
        return rights.SECOND_FACTOR
    if isinstance(right, StaffRight):
        held = actor.kind is ActorKind.STAFF and (right, None) in actor.grants
        return rights.ALLOWED if held else rights.missing(right)
    if actor.office is not None and isinstance(right, CompanyRight):  # the company's own people decide for it
        return rights.missing(right)
    if actor.kind not in _OF_A_COMPANY or actor.organisation is None:
        return rights.missing(right, branch=branch)
    if actor.kind is ActorKind.STAFF and not isinstance(right, SharedRight):
        return rights.missing(right)
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
