"""What the desk sees of applications and link requests, what a company sees of who wants to join, and what an asker
sees of the own requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from remise.core import clock, paging
from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.forms import whole_number
from remise.core.opening import Week
from remise.core.paging import Order, Page
from remise.core.scope import ActorKind
from remise.desk.rules import Haste, haste
from remise.onboarding import book
from remise.onboarding.book import Match
from remise.onboarding.models import Application, LinkCase, LinkRequest, LinkState
from remise.onboarding.rules import Verified
from remise.organisations.appointing import require_intake
from remise.organisations.models import Invitation, Membership, Organisation
from remise.organisations.names import names_in, shown
from remise.organisations.rights import OrganisationRight
from remise.portals.calendar import desk_week

NEWEST_FIRST = Order("id", descending=True)
DUE_FIRST = Order("due_at", tie="id", read=datetime.fromisoformat, read_tie=whole_number)
SHOWS = ("", "mine", "late", "done")
MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    application: Application
    haste: Haste
    assignee: str = ""
    asks_again: bool = False  # whose link expired


@dataclass(frozen=True, slots=True)
class LinkLine:
    case: LinkCase
    company: str
    haste: Haste
    assignee: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for the desk: applications, and link cases that no company can answer."""

    open: int
    mine: int
    late: int


def counts(by: Actor) -> Counts:
    now = clock.now(by)
    asked, links = _open(by), _at_desk(by)
    return Counts(
        open=asked.count() + links.count(),
        mine=asked.filter(assignee=by.account).count() + links.filter(assignee=by.account).count(),
        late=asked.filter(due_at__lt=now).count() + links.filter(due_at__lt=now).count(),
    )


def page_of_applications(by: Actor, show: str, *, after: str = "", before: str = "") -> Page[Line]:
    """What is due first on top; what is done, newest first."""
    require_intake(by)
    if show == "done":
        done = Application.objects.filter(portal=by.in_portal).exclude(state=Application.State.OPEN)
        page = paging.page(done, NEWEST_FIRST, after=after, before=before)
    else:
        page = paging.page(_open(by).filter(_shown(by, show)), DUE_FIRST, after=after, before=before)
    week = desk_week(by.in_portal)
    wanting = _wanting_again(by, [one.invitation for one in page.rows if one.invitation])
    names = names_in(by.organisation, [one.assignee for one in page.rows if one.is_open])
    return page.showing(
        [
            Line(one, _haste(by, one, week), names.get(one.assignee or 0, ""), one.invitation in wanting)
            for one in page.rows
        ]
    )


def links_at_desk(by: Actor, show: str) -> list[LinkLine]:
    """Of companies in which nobody can answer."""
    if show == "done":
        return []
    found = list(_at_desk(by).filter(_shown(by, show)).order_by("due_at", "id")[:MOST])
    names = names_in(by.organisation, [case.assignee for case in found])
    companies = Organisation.objects.in_bulk({case.organisation for case in found})
    week = desk_week(by.in_portal)
    return [
        LinkLine(
            case,
            companies[case.organisation].name,
            haste(case.asked_at, case.due_at, clock.now(by), week),
            names.get(case.assignee or 0, ""),
        )
        for case in found
        if case.due_at
    ]


def _shown(by: Actor, show: str) -> Q:
    return {"late": Q(due_at__lt=clock.now(by)), "mine": Q(assignee=by.account)}.get(show, Q())


@dataclass(frozen=True, slots=True)
class Case:
    """One application with all that its page shows."""

    application: Application
    haste: Haste
    matches: Sequence[Match]
    verified: Sequence[str]
    decided_by: str
    company: Organisation | None
    invitation: Invitation | None


def application_of(by: Actor, number: int) -> Application:
    """Of this portal; raises NotVisible for any other."""
    require_intake(by)
    found = Application.objects.filter(id=number, portal=by.in_portal).first()
    if found is None:
        raise NotVisible(_("There is no such application."))
    return found


def case_of(by: Actor, application: Application, search: str = "") -> Case:
    portal = by.in_portal
    names = names_in(by.organisation, [application.decided_by])
    return Case(
        application=application,
        haste=_haste(by, application, desk_week(portal)),
        matches=book.matches(portal, application, search) if application.is_open else (),
        verified=[str(Verified(word).label) for word in application.verified],
        decided_by=names.get(application.decided_by or 0, ""),
        company=Organisation.objects.filter(id=application.company or 0, portal=portal).first(),
        invitation=Invitation.objects.filter(id=application.invitation or 0, portal=portal).first(),
    )


def link_at_desk(by: Actor, number: int) -> LinkCase:
    require_intake(by)
    found = LinkCase.objects.filter(id=number, portal=by.in_portal, due_at__isnull=False).first()
    if found is None:
        raise NotVisible(_("There is no such request."))
    return found


def assignee_of(by: Actor, asked: Application | LinkCase) -> str:
    """The colleague who is at it."""
    return names_in(by.organisation, [asked.assignee]).get(asked.assignee or 0, "")


# --- the company


@dataclass(frozen=True, slots=True)
class Wanting:
    """Who asks to work here, for who answers it."""

    id: int
    name: str
    email: str
    had_account: bool
    at: datetime
    expires: datetime


def wanting(by: Actor) -> list[Wanting]:
    """What is asked and not answered in time yet, the oldest first."""
    return [
        Wanting(one.id, one.name, one.email, one.had_account, one.asked_at, one.expires_at)
        for one in _wanted(by).order_by("id")[:MOST]
    ]


def withdrawn(by: Actor, days: int) -> list[LinkCase]:
    """Who asks no longer, for as long as it could have been answered: a mail may still say that it waits."""
    since = clock.now(by) - timedelta(days=days)
    gone = LinkCase.objects.filter(organisation=by.company, state=LinkState.WITHDRAWN, due_at=None)
    return list(gone.filter(decided_at__gt=since).exclude(name="").order_by("-id")[:20])


def count_wanting(by: Actor) -> int:
    return _wanted(by).count()


def answers(by: Actor) -> bool:
    """Is it for this actor to answer?"""
    return by.kind is ActorKind.MEMBER and bool(can(by, OrganisationRight.MANAGE_USERS))


def require_answers(by: Actor) -> None:
    if by.kind is not ActorKind.MEMBER:
        raise NotVisible(_("There is no such page."))
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)


def colleagues(by: Actor) -> list[tuple[int, str]]:
    """Whose account may be the old one: everybody but who answers."""
    people = Membership.objects.filter(organisation=by.company, state=Membership.State.ACTIVE, as_administrator=False)
    others = people.exclude(account=by.account).order_by("display_name", "id")
    return [(number, shown(name)) for number, name in others.values_list("id", "display_name")]


def _wanted(by: Actor) -> QuerySet[LinkCase]:
    return LinkCase.objects.filter(organisation=by.company, state=LinkState.OPEN, expires_at__gt=clock.now(by))


# --- the asker


@dataclass(frozen=True, slots=True)
class Asked:
    """A link request of one's own. Open looks the same whether there is such a company or not."""

    request: LinkRequest
    state: LinkState

    @property
    def label(self) -> str:
        return str(self.state.label)

    @property
    def tone(self) -> str:
        return {LinkState.OPEN: "info", LinkState.APPROVED: "good", LinkState.DECLINED: "warn"}.get(self.state, "")


def own_requests(by: Actor) -> list[Asked]:
    """The newest first; what expired a moment ago is so at once."""
    found = LinkRequest.objects.filter(account=by.account, portal=by.in_portal).order_by("-id")[:20]
    return [Asked(one, _state(one, clock.now(by))) for one in found]


def _state(one: LinkRequest, now: datetime) -> LinkState:
    state = LinkState(one.state)
    return LinkState.EXPIRED if state is LinkState.OPEN and one.expires_at <= now else state


def _open(by: Actor) -> QuerySet[Application]:
    return Application.objects.filter(portal=by.in_portal, state=Application.State.OPEN)


def _at_desk(by: Actor) -> QuerySet[LinkCase]:
    return LinkCase.objects.filter(
        portal=by.in_portal, state=LinkState.OPEN, due_at__isnull=False, expires_at__gt=clock.now(by)
    )


def _haste(by: Actor, application: Application, week: Week) -> Haste:
    return haste(application.asked_at, application.due_at, clock.now(by), week)


def _wanting_again(by: Actor, numbers: list[int]) -> set[int | None]:
    if not numbers:
        return set()
    found = Invitation.objects.filter(Invitation.OPEN, portal=by.in_portal, id__in=numbers)
    return set(found.exclude(asked_again_at=None).values_list("id", flat=True))
