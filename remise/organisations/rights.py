"""Which rights there are, how they are shown, and which usually go together. Who holds them is in the database."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.registry import Registry
from remise.core.rights import CompanyRight, Right, RightLabel, SharedRight, StaffRight
from remise.core.scope import ActorKind


class OrganisationRight(SharedRight, CompanyRight):  # type: ignore[misc]  # both are words, of one data type
    MANAGE_USERS = "users.manage"


class ConnectionRight(CompanyRight):
    MANAGE_TOKENS = "tokens.manage"


class AccessRight(StaffRight):
    SEE_MISSED = "access.missed"


class LetInRight(StaffRight):
    LET_IN = "people.let_in"


class IntakeRight(StaffRight):
    """Who at the insurer brings companies in and appoints their administrators (docs/adr/0022)."""

    HANDLE = "applications.handle"


class CustomerRight(Right):
    """What is the insurer's matter and in no catalogue: no company can give it."""

    KEEP = "customers.keep"


# Every room adds its own in `AppConfig.ready`: a right that is not in here cannot be granted.
catalogue: Registry[RightLabel] = Registry(lambda entry: entry.right)

LABELS = (
    RightLabel(
        OrganisationRight.MANAGE_USERS,
        _("Manage colleagues"),
        _("Decide who may do what, also oneself. Gives no view of vehicles or policies by itself."),
    ),
    RightLabel(
        ConnectionRight.MANAGE_TOKENS,
        _("Connect programs"),
        _("Make keys with which your own programs work here, and take them back."),
    ),
    RightLabel(
        AccessRight.SEE_MISSED,
        _("See which rights are missed"),
        _("See how often customers meet a page for which they lack a right, and which right that is."),
    ),
    RightLabel(
        LetInRight.LET_IN,
        _("Let administrators in again"),
        _("Help an administrator of a customer who is blocked or lost the phone, after making sure who it is."),
    ),
    RightLabel(
        IntakeRight.HANDLE,
        _("Let companies and administrators in"),
        _("Answer who asks to come in, appoint the first administrator of a company, link relation numbers."),
    ),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The rights with which a key does or reads something."""

    name: str
    rights: Callable[[], Iterable[str]]


# Rooms above say what programs may do; the form on which a key is made offers nothing else (`tokens.selectors`).
openings: Registry[Opening] = Registry(lambda opening: opening.name)


def may_hold(right: Right, *, staff: bool) -> bool:
    """An insurer's people hold the rights of its desk, everybody else those of a customer."""
    return isinstance(right, SharedRight) or isinstance(right, StaffRight) is staff


@dataclass(frozen=True, slots=True)
class Role:
    """Rights that usually go together, to give them at once. Nobody *has* a role: what counts are the rights."""

    name: str
    label: str | Promise
    rights: frozenset[str] | None  # None = all that there are
    staff: bool = False  # of an insurer's people

    def entries(self) -> list[RightLabel]:
        held = [entry for entry in catalogue if may_hold(entry.right, staff=self.staff)]
        return [entry for entry in held if self.rights is None or entry.right in self.rights]

    def at(self, *, office: bool) -> "Role":
        """As it is given in an office that works for others, or in any other company."""
        if self.rights is not None or office:
            return self
        return replace(self, rights=frozenset(entry.right for entry in self.entries() if not entry.of_offices))


ROLES = (
    Role("reader", _("Look only"), frozenset({"vehicles.view"})),
    Role("sales", _("Sales"), frozenset({"vehicles.view", "vehicles.register", "cards.request"})),
    Role(
        "administration",
        _("Administration"),
        frozenset({"vehicles.view", "vehicles.register", "vehicles.deregister", "cards.request", "parties.manage"}),
    ),
    Role("owner", _("Owner"), None),
    Role(
        "desk",
        _("Desk"),
        frozenset(
            {
                *("desk.view", "desk.decide", "people.let_in", "applications.handle", "customers.view"),
                "cards.post",
            }
        ),
        staff=True,
    ),
    Role(
        "underwriter",
        _("Underwriter"),
        frozenset(
            {
                *("desk.view", "desk.decide", "registrations.allow_late", "values.override"),
                *("people.let_in", "customers.view"),
            }
        ),
        staff=True,
    ),
    Role("operator", _("Operator"), frozenset({"operations.view", "operations.manage"}), staff=True),
    Role("desk_manager", _("Head of the desk"), None, staff=True),
)


def entries_of(by: Actor, role: str) -> list[str]:
    """The rights that this set gives at once; none where there is no such set."""
    return [str(entry.right) for one in roles(by) if one.name == role for entry in one.entries()]


@dataclass(frozen=True, slots=True)
class Group:
    """The rights that one room brought, under the room's name."""

    label: str | Promise
    entries: tuple[RightLabel, ...]


def divisible(right: Right) -> bool:
    """Can it be held in one branch?"""
    return not isinstance(right, StaffRight | CompanyRight)


def is_divisible(right: str) -> bool:
    """The same of a word that is stored; of one that is no right any more nothing is known."""
    entry = catalogue.get(right)
    return entry is None or divisible(entry.right)


def is_staff(by: Actor) -> bool:
    return by.kind is ActorKind.STAFF


def offered(by: Actor, *, in_branch: bool = False) -> list[RightLabel]:
    """The rights that this actor's colleagues can be given in all branches, or those they can be given in one."""
    held = [entry for entry in catalogue if may_hold(entry.right, staff=is_staff(by))]
    if not in_branch:
        return held
    return [entry for entry in held if divisible(entry.right)]


def roles(by: Actor, *, office: bool = False) -> list[Role]:
    return [role.at(office=office) for role in ROLES if role.staff is is_staff(by)]


def with_needs(right: str) -> list[str]:
    """The right, and before it what it is of little use without."""
    entry = catalogue.get(right)
    needed = [found for other in entry.needs for found in with_needs(other)] if entry else []
    return [*dict.fromkeys(needed), right]


def comes_with(entry: RightLabel) -> str:
    """In words, what a click on it gives besides. "" = nothing."""
    needed = [str(label_of(right)) for right in with_needs(entry.right) if right != entry.right]
    return gettext("Comes with: %(rights)s.") % {"rights": ", ".join(needed)} if needed else ""


def groups(entries: Iterable[RightLabel]) -> Iterator[Group]:
    """By room, in the order in which the rooms were started."""
    for label, found in groupby(entries, key=_room):
        yield Group(label, tuple(found))


def _room(entry: RightLabel) -> str | Promise:
    config = apps.get_containing_app_config(type(entry.right).__module__)
    return config.verbose_name if config else ""


def label_of(right: str) -> str | Promise:
    """Its label; the word itself where the right is no longer in the catalogue."""
    entry = catalogue.get(right)
    return entry.label if entry else right


def labels_of(rights: Iterable[str]) -> list[str | Promise]:
    """Their labels in the order in which forms offer them; at the end what is no right any more."""
    held = set(rights)
    known = [entry.right for entry in catalogue if entry.right in held]
    return [label_of(right) for right in [*known, *sorted(held.difference(known))]]
