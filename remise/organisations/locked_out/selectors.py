"""Who cannot sign in, as far as the caller may help; and whom else one may sign out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.organisations.locked_out.rules import Helper, helper_of
from remise.organisations.models import Membership, Organisation

LOOKED_THROUGH, SHOWN = 500, 20
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


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom the desk may sign out."""

    membership: int
    name: str
    company: str


def found_at_desk(by: Actor, search: str) -> list[Found]:
    """Whose name, or whose company's, has these words: by company, as many as one page shows."""
    companies = Organisation.objects.filter(portal=by.in_portal)
    named = Membership.objects.filter(portal=by.in_portal, state=Membership.State.ACTIVE).exclude(account=by.account)
    people = list(
        named.filter(
            Q(display_name__icontains=search)
            | Q(organisation__in=companies.filter(name__icontains=search).values("id"))
        ).order_by("organisation", Lower("display_name"), "id")[:LOOKED_THROUGH]
    )
    works_at = {one.organisation for one in people}
    deciding = set(Membership.objects.administrators(*works_at).values_list("account", "organisation"))
    decided = {organisation for _account, organisation in deciding}
    names = dict(companies.filter(id__in=works_at).values_list("id", "name"))
    once: dict[tuple[int, int], Found] = {}
    for one in people:
        key = (one.account_id, one.organisation)
        helper = helper_of(is_administrator=key in deciding, has_administrator=one.organisation in decided)
        if helper is Helper.DESK:
            once.setdefault(key, Found(one.id, one.display_name, names[one.organisation]))
    return list(once.values())[:SHOWN]
