"""Who works where, who may do what, and who can change that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from json import loads
from typing import Any

from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from remise.core.actor import Actor, Grants
from remise.core.doors import rows
from remise.core.models import Event
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.organisations.names import doer, names_in, shown
from remise.organisations.rights import OrganisationRight, Role, label_of, roles

type Cell = tuple[str, int | None]  # right and branch; None = every branch


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """One of the companies that the person at the screen works for, as the door in the wall tells it."""

    id: int
    organisation: int
    company: str
    name: str
    grants: Grants
    kind: str = Organisation.Kind.COMPANY
    as_administrator: bool = False
    withheld: frozenset[str] = frozenset()  # of who acts by mandate

    @property
    def is_insurer(self) -> bool:
        return self.kind == Organisation.Kind.INSURER


_TOLD = (
    "select membership, organisation, organisation_name, display_name, grants, organisation_kind, as_administrator"
    " from "  # by a door
)


def own_memberships() -> tuple[OwnMembership, ...]:
    """Of the account in whose scope this is asked, at this insurer, by company name: before there is a company to
    scope by, and only then."""
    return _told(rows(_TOLD + "own_memberships()"))


def memberships_of(account: int) -> tuple[OwnMembership, ...]:
    """The same of any account, for a job that goes on for somebody: the system asks, in its own portal."""
    return _told(rows(_TOLD + "memberships_of(%s)", account))


def membership_in(organisation: int, account: int) -> OwnMembership | None:
    """The one of these in this company; None for who left, or closed the account. Who keeps administering apart is
    one person to a job: what either of the two memberships may do was begun in it."""
    here = [one for one in memberships_of(account) if one.organisation == organisation]
    return replace(here[0], grants=frozenset().union(*(one.grants for one in here))) if here else None


def _told(found: Iterable[tuple[Any, ...]]) -> tuple[OwnMembership, ...]:
    return tuple(
        OwnMembership(number, organisation, company, name, _grants(held), kind, as_administrator)
        for number, organisation, company, name, held, kind, as_administrator in found
    )


def _grants(held: str) -> Grants:
    return frozenset((right, branch) for right, branch in pairs_told(held))


def pairs_told(held: str) -> list[Any]:
    """Django's cursors hand JSON over as text."""
    found: list[Any] = loads(held) if isinstance(held, str) else held
    return found


def administrators(organisation: int) -> list[str]:
    """The names of those who decide about rights in this company."""
    return [name for _number, name in _administrators(organisation)]


@dataclass(frozen=True, slots=True)
class Helper:
    """Who decides about rights, with the address where one is known; only for who works there too."""

    name: str
    address: str


def helpers(organisation: int) -> list[Helper]:
    told = rows("select membership, address from mailboxes_of_administrators(%s)", organisation)
    addresses: dict[int, str] = dict(told)
    return [Helper(name, addresses.get(number, "")) for number, name in _administrators(organisation)]


def _administrators(organisation: int) -> list[tuple[int, str]]:
    found = Membership.objects.administrators(organisation).order_by(Lower("display_name"), "id")
    return list(found.values_list("id", "display_name"))


def address_of_colleague(membership: int) -> str:
    """What a colleague signs in with; "" for who gives no rights there."""
    ((address,),) = rows("select address_of_colleague(%s)", membership)
    return address or ""


def branches(organisation: int) -> list[Branch]:
    return list(Branch.objects.filter(organisation=organisation).order_by(Lower("name"), "id"))


def workplaces(actor: Actor) -> list[Branch]:
    """The branches that this person may work in: all of them, or those where a right was given."""
    found = branches(actor.organisation or 0)
    held = {branch for _right, branch in actor.grants}
    return found if None in held else [branch for branch in found if branch.id in held]


def place_name(actor: Actor, branches: Sequence[Branch]) -> str:
    """The branch worked in, in words; a company with one branch is that branch."""
    if len(branches) == 1:
        return branches[0].name
    here = next((branch.name for branch in branches if branch.id == actor.branch), "")
    return here or (_("All branches") if branches else "")


@dataclass(frozen=True, slots=True)
class Held:
    """Who gave a right, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Colleague:
    id: int
    name: str
    held: Mapping[Cell, Held]

    def in_branches(self, right: str) -> list[int]:
        """The branches in which this right was given by itself."""
        return [branch for held, branch in self.held if held == right and branch is not None]

    @cached_property
    def is_administrator(self) -> bool:
        return (OrganisationRight.MANAGE_USERS, None) in self.held


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everyone who works at a company, with what each may do and where."""

    branches: list[Branch]
    people: list[Colleague]


def matrix(organisation: int, *, search: str = "", member: int | None = None) -> Matrix:
    """People x rights x branches in four queries, however many there are."""
    people = Membership.objects.filter(organisation=organisation, state=Membership.State.ACTIVE)
    if search:
        people = people.filter(display_name__icontains=search)
    if member is not None:
        people = people.filter(id=member)
    named = list(people.order_by(Lower("display_name"), "id").values_list("id", "display_name", "as_administrator"))
    held: dict[int, dict[Cell, Held]] = {number: {} for number, *_named in named}
    asked = Grant.objects.filter(organisation=organisation)
    grants = [
        grant
        for grant in (asked if member is None else asked.filter(membership=member))
        if grant.membership_id in held
    ]
    givers = names_in(organisation, (grant.granted_by for grant in grants))
    for grant in grants:
        giver = doer(givers, (grant.granted_by, grant.by_system))
        held[grant.membership_id][grant.right, grant.branch_id] = Held(giver, grant.granted_at)
    colleagues = [Colleague(number, _in_context(name, apart=apart), held[number]) for number, name, apart in named]
    return Matrix(branches(organisation), colleagues)


def roles_here(by: Actor) -> list[Role]:
    """The rights that usually go together, as this company gives them."""
    return roles(by, office=works_for_others(by.company))


def contact_address(organisation: int) -> str:
    """The company's own, as the insurer knows it. "" = none."""
    return Organisation.objects.filter(id=organisation).values_list("contact_email", flat=True).first() or ""


def works_for_others(organisation: int) -> bool:
    return Organisation.objects.filter(id=organisation, kind=Organisation.Kind.INTERMEDIARY).exists()


def is_twice(by: Actor) -> bool:
    """Whether this person administers apart from everyday work."""
    apart = Membership.objects.filter(organisation=by.company, account=by.shown_as, as_administrator=True)
    return apart.filter(state=Membership.State.ACTIVE).exists()


def _in_context(name: str, *, apart: bool) -> str:
    """Who administers apart has two lines: which of them this is."""
    return _("%(name)s, as administrator") % {"name": name} if apart else name


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history: who changed whose right, where and when."""

    id: int
    at: datetime
    by: str
    whom: str
    kind: str
    right: str | Promise
    branch: str  # "" = every branch
    to_self: bool
    is_replaced: bool  # goes on with another account
    is_linked: bool  # asked to work here, and was not invited


KINDS = (
    *("right.granted", "right.revoked"),
    *("membership.began", "membership.ended", "membership.parted", "membership.joined"),
    *("membership.unblocked", "membership.phone_lost", "membership.signed_out"),
)


def changes(
    organisation: int,
    branches: Iterable[Branch],
    *,
    member: int | None = None,
    older_than: int | None = None,
    limit: int = 10,
) -> list[Change]:
    """The newest changes of rights, of everybody or of one colleague; those who left keep their name here until it is
    erased."""
    people = Membership.objects.filter(organisation=organisation)
    asked = people if member is None else people.filter(id=member)
    whom = {
        number: _in_context(shown(name), apart=apart)
        for number, name, apart in asked.values_list("id", "display_name", "as_administrator")
    }
    places = {branch.id: branch.name for branch in branches}
    found = Event.objects.filter(
        organisation=organisation, subject_kind="membership", subject__in=whom, kind__in=KINDS
    )
    if older_than is not None:
        found = found.filter(id__lt=older_than)
    events = list(found.order_by("-id")[:limit])
    names = names_in(organisation, (event.account for event in events))
    return [_change(event, doer(names, (event.account, event.by_system)), whom, places) for event in events]


def _change(event: Event, by: str, whom: Mapping[int, str], places: Mapping[int, str]) -> Change:
    said = event.said
    return Change(
        id=event.id,
        at=event.at,
        by=by,
        whom=whom[event.subject or 0],
        kind=event.kind,
        right=label_of(said.get("right", "")),
        branch=places.get(said.get("branch") or 0, ""),
        to_self=bool(said.get("self")),
        is_replaced=bool((event.after or {}).get("replaced_by")),
        is_linked="link" in said,
    )
