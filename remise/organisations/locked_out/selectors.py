"""Who cannot sign in, as far as the caller may help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from remise.core.doors import rows
from remise.organisations.locked_out.rules import Helper, helper_of
from remise.organisations.models import Membership, Organisation

_TOLD = (
    "select membership, organisation, is_administrator, has_administrator, blocked_since, asked_at, due_at"
    " from locked_out(%s)"  # a door
)


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Blocked since, or without a phone since; `due_at` is when the app goes, once somebody confirmed it."""

    membership: int
    organisation: int
    is_administrator: bool
    has_administrator: bool  # whether anybody gives rights in the company
    blocked_since: datetime | None
    asked_at: datetime | None
    due_at: datetime | None

    @property
    def helper(self) -> Helper:
        return helper_of(is_administrator=self.is_administrator, has_administrator=self.has_administrator)

    @property
    def waits_for_somebody(self) -> bool:
        return bool(self.blocked_since or (self.asked_at and not self.due_at))


def page_of(membership: int) -> str:
    """Where who gives rights helps a colleague: on a phone that stands far below the rights."""
    return f"{reverse('organisations:person', args=[membership])}#locked-out"


def state_of(membership: int) -> LockedOut | None:
    """Of one colleague, for who gives rights in the same company."""
    return next((LockedOut(*row) for row in rows(_TOLD, membership)), None)


def helper_for(colleague: Membership) -> Helper:
    """Whose matter it is should this colleague not get in, with whichever membership: who administers apart from
    everyday work has two in one company."""
    administrators = set(Membership.objects.administrators(colleague.organisation).values_list("account", flat=True))
    return helper_of(is_administrator=colleague.account_id in administrators, has_administrator=bool(administrators))


@dataclass(frozen=True, slots=True)
class Line:
    """One of those whom the caller lets in, with name and company."""

    person: LockedOut
    account: int
    name: str
    company: str


def of_company(organisation: int) -> list[Line]:
    """Colleagues who wait for who gives rights in this company, who waits longest first."""
    found = _whom(Helper.ADMINISTRATOR)
    return _lines(one for one in found if one.organisation == organisation and one.waits_for_somebody)


def at_desk() -> list[Line]:
    """Whom the insurer's desk lets in, who waits longest first: administrators of its customers, and who works in a
    company without any. Who has two memberships in one company stands there once."""
    once: dict[tuple[int, int], Line] = {}
    for line in _lines(_whom(Helper.DESK)):
        once.setdefault((line.person.organisation, line.account), line)
    return list(once.values())


def _whom(helper: Helper) -> list[LockedOut]:
    return [one for one in (LockedOut(*row) for row in rows(_TOLD, None)) if one.helper is helper]


def _lines(people: Iterable[LockedOut]) -> list[Line]:
    found = list(people)
    if not found:
        return []
    known = Membership.objects.in_bulk([one.membership for one in found])
    companies = Organisation.objects.in_bulk({one.organisation for one in found})
    return [
        Line(
            one,
            known[one.membership].account_id,
            known[one.membership].display_name,
            companies[one.organisation].name,
        )
        for one in found
    ]
