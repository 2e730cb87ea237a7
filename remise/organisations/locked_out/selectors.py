"""Who cannot sign in, as far as the caller may help."""

from dataclasses import dataclass
from datetime import datetime

from remise.core.doors import rows
from remise.organisations.locked_out.rules import Helper, helper_of
from remise.organisations.models import Membership, Organisation

_TOLD = (
    "select membership, organisation, is_administrator, blocked_since, asked_at, due_at"
    " from locked_out(%s)"  # a door
)


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Blocked since, or without a phone since; `due_at` is when the app goes, once somebody confirmed it."""

    membership: int
    organisation: int
    is_administrator: bool
    blocked_since: datetime | None
    asked_at: datetime | None
    due_at: datetime | None

    @property
    def helper(self) -> Helper:
        return helper_of(is_administrator=self.is_administrator)

    @property
    def waits_for_somebody(self) -> bool:
        return bool(self.blocked_since or (self.asked_at and not self.due_at))


def state_of(membership: int) -> LockedOut | None:
    """Of one colleague, for who gives rights in the same company."""
    return next((LockedOut(*row) for row in rows(_TOLD, membership)), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One of those whom the desk lets in, with name and company."""

    person: LockedOut
    name: str
    company: str


def at_desk() -> list[Line]:
    """Administrators of the insurer's customers, who waits longest first."""
    found = [one for one in (LockedOut(*row) for row in rows(_TOLD, None)) if one.is_administrator]
    names = dict(
        Membership.objects.filter(id__in=[one.membership for one in found]).values_list("id", "display_name")
    )
    companies = dict(
        Organisation.objects.filter(id__in={one.organisation for one in found}).values_list("id", "name")
    )
    return [Line(one, names[one.membership], companies[one.organisation]) for one in found]
