"""Which rights there are, how they are shown, and which usually go together. Who holds them is in the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from remise.core.registry import Registry
from remise.core.rights import Right, RightLabel


class OrganisationRight(Right):
    MANAGE_USERS = "users.manage"


class CustomerRight(Right):
    """What is the insurer's matter and in no catalogue: no company can give it."""

    KEEP = "customers.keep"


# Every room adds its own in `AppConfig.ready`: a right that is not in here cannot be granted.
catalogue: Registry[RightLabel] = Registry(lambda entry: entry.right)

LABELS = (
    RightLabel(
        OrganisationRight.MANAGE_USERS,
        _("Manage colleagues"),
        _("Decide who may do what. Gives no view of vehicles or policies by itself."),
    ),
)

# Who decides about rights in one branch could give themselves the others: this is held for the company or not at all.
COMPANY_WIDE = frozenset({OrganisationRight.MANAGE_USERS})


@dataclass(frozen=True, slots=True)
class Role:
    """Rights that usually go together, to give them at once. Nobody *has* a role: what counts are the rights."""

    name: str
    label: str | Promise
    rights: frozenset[str] | None  # None = all that there are

    def entries(self) -> list[RightLabel]:
        return [entry for entry in catalogue if self.rights is None or entry.right in self.rights]


ROLES = (
    Role("reader", _("Look only"), frozenset({"vehicles.view"})),
    Role("sales", _("Sales"), frozenset({"vehicles.view", "vehicles.register", "cards.request"})),
    Role(
        "administration",
        _("Administration"),
        frozenset({"vehicles.view", "vehicles.register", "vehicles.deregister", "cards.request"}),
    ),
    Role("owner", _("Owner"), None),
)
ROLE_BY_NAME = {role.name: role for role in ROLES}


@dataclass(frozen=True, slots=True)
class Group:
    """The rights that one room brought, under the room's name."""

    label: str | Promise
    entries: tuple[RightLabel, ...]


def offered(*, in_branch: bool) -> list[RightLabel]:
    """The rights that can be given in all branches, or those that can be given in one."""
    return [entry for entry in catalogue if not in_branch or entry.right not in COMPANY_WIDE]


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
