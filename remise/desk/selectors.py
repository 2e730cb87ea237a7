"""Which requests a customer may see, and what the pages of a request show to whoever looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from remise.core import clock, paging, rights
from remise.core.actor import Actor, Assurance, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.identifiers import Plate
from remise.core.opening import Week
from remise.core.paging import Order, Page
from remise.core.rights import Decision
from remise.core.scope import ActorKind
from remise.core.words import Text
from remise.desk.data import read
from remise.desk.kinds import Fact, RequestKind, RuleMet, kinds
from remise.desk.models import DeskMessage, DeskRequest
from remise.desk.rules import Clock, clock_of
from remise.organisations.models import Organisation
from remise.organisations.names import names_in, names_of
from remise.organisations.rights import OrganisationRight
from remise.portals.calendar import desk_week

NEWEST_FIRST = Order("id", descending=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A request as a list shows it."""

    request: DeskRequest
    kind: RequestKind
    title: str
    plate: str
    clock: Clock
    company: str = ""
    assignee: str = ""
    is_staff: bool = False  # who reads it

    @property
    def label(self) -> Text:
        return self.kind.named(is_staff=self.is_staff)

    @property
    def called(self) -> str:
        """In one line."""
        plate = Plate(self.plate).formatted if self.plate else ""
        return " · ".join(str(part) for part in (plate, self.label, self.title) if part)


@dataclass(frozen=True, slots=True)
class Said:
    message: DeskMessage
    who: str


@dataclass(frozen=True, slots=True)
class Case:
    """One request with all that its page shows. `data` is None once its words were let go."""

    request: DeskRequest
    kind: RequestKind
    data: Any
    title: str
    plate: str
    facts: Sequence[Fact]
    rule_met: RuleMet | None
    messages: Sequence[Said]
    company: Organisation
    asked_by: str
    assignee: str
    decided_by: str
    clock: Clock
    label: Text


def decide_on(by: Actor, request: DeskRequest) -> Decision:
    """One's own while the right is still held somewhere, else the right in the branch it is about. Nothing is a key's
    own: it sees the branches that it was given."""
    asked = kinds[request.kind].rights
    holds = not asked or any(held in asked for held, _where in by.grants)
    if by.token is None and request.account == by.shown_as and holds and (by.looks_as is None or not asked):
        return rights.ALLOWED
    if not asked:
        return can(by, OrganisationRight.MANAGE_USERS)
    return may_ask(by, kinds[request.kind], request.branch)


def may_ask(by: Actor, kind: RequestKind, branch: int | None) -> Decision:
    """One of the kind's rights in this branch; else what is missing. A program asks what its rights open."""
    if not kind.rights and by.token is None and by.assurance >= Assurance.TWO_FACTORS:
        return rights.ALLOWED
    if not kind.rights:
        return can(by, OrganisationRight.MANAGE_USERS)
    decisions = [can(by, right, organisation=by.organisation, branch=branch) for right in kind.rights]
    return next((decision for decision in decisions if decision), decisions[0])


def request_of(by: Actor, number: int) -> DeskRequest:
    """The company's request with this number; raises NotVisible for any other, Forbidden without the right."""
    found = DeskRequest.objects.filter(id=number, organisation=by.company).first()
    if found is None or found.kind not in kinds or by.kind is not ActorKind.MEMBER:
        raise NotVisible(_("There is no such request."))
    decision = decide_on(by, found)
    if not decision:
        raise Forbidden(decision)
    return found


def visible_requests(by: Actor) -> QuerySet[DeskRequest]:
    """The same as `decide_on`, for a list."""
    seen = Q(pk__in=[])
    for kind in kinds:
        branches = [branch for held, branch in by.grants if held in kind.rights]
        if not kind.rights:
            manages = bool(can(by, OrganisationRight.MANAGE_USERS))
            seen |= Q(kind=kind.name) if manages else Q(kind=kind.name) & _own(by)
        elif None in branches:
            seen |= Q(kind=kind.name)
        elif branches:
            seen |= Q(kind=kind.name) & (Q(branch__in=branches) | _own_elsewhere(by))
    return DeskRequest.objects.filter(seen, organisation=by.company)


def _own_elsewhere(by: Actor) -> Q:
    """What one asked oneself, in whichever branch. Who looks as a colleague sees no further than both may."""
    return _own(by) if by.looks_as is None else Q(pk__in=[])


def _own(by: Actor) -> Q:
    """Nothing is a key's own."""
    return Q(account=by.shown_as) if by.token is None else Q(pk__in=[])


def require_any(by: Actor) -> None:
    """Raise unless some kind of request may be asked."""
    if by.kind is not ActorKind.MEMBER:
        raise NotVisible(_("There is no such page."))
    if not asks(by):
        raise Forbidden(may_ask(by, next(kind for kind in kinds if kind.rights), by.branch))


def asks(by: Actor) -> bool:
    """Has this actor a right to ask anything, or asked what everybody may?"""
    if by.kind is not ActorKind.MEMBER:
        return False
    held = {right for right, _where in by.grants}
    if any(held.intersection(kind.rights) for kind in kinds):
        return True
    free = [kind.name for kind in kinds if not kind.rights]
    return by.token is None and DeskRequest.objects.filter(_own(by), organisation=by.company, kind__in=free).exists()


def page_of_requests(by: Actor, *, only_open: bool = False, after: str = "", before: str = "") -> Page[Line]:
    """Newest first."""
    found = visible_requests(by)
    if only_open:
        found = found.filter(state__in=DeskRequest.OPEN)
    page = paging.page(found, NEWEST_FIRST, after=after, before=before)
    return page.showing(_lines(by, page.rows))


def line_of(by: Actor, request: DeskRequest) -> Line:
    """Of one that this actor may see."""
    return line_with(by, request, desk_week(by.in_portal))


def requests_about(by: Actor, subject: tuple[str, int]) -> list[Line]:
    """What is open about this, for the page of the thing itself."""
    found = visible_requests(by).filter(subject_kind=subject[0], subject=subject[1], state__in=DeskRequest.OPEN)
    return _lines(by, found.order_by("-id")[:5])


def lines_of(by: Actor, numbers: Iterable[int]) -> list[Line]:
    """Those of these that a member may see."""
    return _lines(by, visible_requests(by).filter(id__in=set(numbers)))


def requests_of(by: Actor, entries: Iterable[int]) -> dict[int, DeskRequest]:
    """Entry -> the request on which the desk made it."""
    numbers = list(entries)
    if not numbers:
        return {}
    found = DeskRequest.objects.filter(organisation=by.company, entry__in=numbers)
    return {request.entry: request for request in found if request.entry is not None}


def unread_requests(by: Actor) -> list[Line]:
    """What the desk said or decided, and nobody of the company looked at yet."""
    return _lines(by, visible_requests(by).filter(unread=True).order_by("-id")[:5])


def case_of(by: Actor, request: DeskRequest) -> Case:
    """All that a page shows of a request that this actor may see (`request_of`, `queue.request_at_desk`). Names are
    those of the reader's own side; the desk reads the customer's too."""
    kind = kinds[request.kind]
    data = None if request.forgotten_at else read(kind.schema, request.data)
    messages = list(request.messages.order_by("id"))
    is_staff = by.kind is ActorKind.STAFF
    askers = [request.account, *(said.account for said in messages if not said.from_desk)]
    # The desk reads the customer's own names; somebody of an office does not (docs/adr/0023).
    theirs = names_in(request.organisation, askers) if is_staff else names_of(by, askers)
    desk = [request.assignee, request.decided_by, *(said.account for said in messages if said.from_desk)]
    ours = names_in(by.organisation, desk) if is_staff else {}
    return Case(
        request=request,
        kind=kind,
        data=data,
        title=kind.title(data) if data is not None else str(kind.named(is_staff=is_staff)),
        plate=kind.plate(data) if data is not None else "",
        facts=kind.facts(by, request.organisation, data) if data is not None else (),
        rule_met=kind.rule_met(request.organisation, data, clock.day_of(request.opened_at)) if data else None,
        messages=[
            Said(said, ours.get(said.account, "") if said.from_desk else theirs[said.account]) for said in messages
        ],
        company=companies_of([request.organisation])[request.organisation],
        asked_by=theirs.get(request.account or 0, ""),
        assignee=ours.get(request.assignee or 0, ""),
        decided_by=ours.get(request.decided_by or 0, ""),
        label=kind.named(is_staff=is_staff),
        clock=clock_of(request.opened_at, request.due_at, clock.now(by), desk_week(by.in_portal)),
    )


def _lines(by: Actor, requests: Iterable[DeskRequest]) -> list[Line]:
    week = desk_week(by.in_portal)
    return [line_with(by, request, week) for request in requests]


def line_with(by: Actor, request: DeskRequest, week: Week, *, now: datetime | None = None, **more: str) -> Line:
    kind = kinds[request.kind]
    data = None if request.forgotten_at else read(kind.schema, request.data)
    return Line(
        request=request,
        kind=kind,
        title=kind.title(data) if data is not None else "",
        plate=kind.plate(data) if data is not None else "",
        clock=clock_of(request.opened_at, request.due_at, now or clock.now(by), week),
        is_staff=by.kind is ActorKind.STAFF,
        **more,
    )


def companies_of(numbers: Iterable[int]) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk(set(numbers))
