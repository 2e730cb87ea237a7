"""What may I do and what did I ask for; and what is asked of who gives rights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.rights import RightLabel
from remise.organisations.models import AccessRequest, Branch
from remise.organisations.names import names_in, shown
from remise.organisations.requests import Client, Ground
from remise.organisations.rights import catalogue, comes_with, divisible, groups, label_of, offered

MOST = 200
TOLD = timedelta(days=14)  # so long an answer stays in sight


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request, for who answers it."""

    id: int
    membership: int
    name: str
    right: str | Promise
    branch: str
    why: str
    at: datetime
    besides: str  # what is given along with it


def wanted(organisation: int, branches: Iterable[Branch]) -> list[Wanted]:
    """What is asked in this company and not answered yet, the oldest first."""
    places = {branch.id: branch.name for branch in branches}
    found = AccessRequest.objects.filter(organisation=organisation, state=AccessRequest.State.OPEN)
    return [
        Wanted(
            id=one.id,
            membership=one.membership_id,
            name=shown(one.membership.display_name),
            right=label_of(one.right),
            branch=places.get(one.branch_id or 0, ""),
            why=one.why,
            at=one.asked_at,
            besides=comes_with(entry) if (entry := catalogue.get(one.right)) else "",
        )
        for one in found.select_related("membership").order_by("id")[:MOST]
    ]


def count_wanted(organisation: int) -> int:
    return AccessRequest.objects.filter(organisation=organisation, state=AccessRequest.State.OPEN).count()


@dataclass(frozen=True, slots=True)
class Mine:
    """One right: where I hold it, what I asked, and what became of it."""

    entry: RightLabel
    where: str  # "" = nowhere
    is_held_here: bool  # in the branch worked in, or wherever one works
    asked: AccessRequest | None  # the newest one that is open, or was answered lately
    answered_by: str

    @property
    def is_open(self) -> bool:
        return self.asked is not None and self.asked.state == AccessRequest.State.OPEN

    @property
    def is_given(self) -> bool:
        return self.is_held_here and self.asked is not None and self.asked.state == AccessRequest.State.GRANTED

    @property
    def is_declined(self) -> bool:
        return not self.is_held_here and self.asked is not None and self.asked.state == AccessRequest.State.DECLINED


@dataclass(frozen=True, slots=True)
class Room:
    label: str | Promise
    rights: list[Mine]


def my_access(by: Actor, branches: Sequence[Branch]) -> list[Room]:
    """Every right that there is in a company, by room."""
    latest = _latest(by)
    names = names_in(by.organisation, (one.decided_by for one in latest.values()))
    return [
        Room(group.label, [_mine(by, entry, branches, latest.get(entry.right), names) for entry in group.entries])
        for group in groups(offered(by))
    ]


@dataclass(frozen=True, slots=True)
class Mandated:
    """A reason why one acts for a client, and what it lets one do."""

    ground: Ground
    rights: list[RightLabel]
    last_day: date | None


def mandated(client: Client) -> list[Mandated]:
    return [
        Mandated(
            ground,
            [entry for entry in catalogue if entry.right in ground.rights],
            ground.until - timedelta(days=1) if ground.until else None,
        )
        for ground in client.grounds
    ]


def open_request(by: Actor, right: str, branch: int | None) -> AccessRequest | None:
    """What I asked for already, of this right here or everywhere."""
    mine = AccessRequest.objects.filter(
        organisation=by.company, membership=by.membership, right=right, state=AccessRequest.State.OPEN
    )
    return mine.filter(Q(branch=None) | Q(branch=branch)).order_by("-id").first()


@dataclass(frozen=True, slots=True)
class Answer:
    """To a request of one's own."""

    right: str | Promise
    is_given: bool
    by: str  # "" where no colleague answered
    on: date
    reason: str


def answers(by: Actor) -> list[Answer]:
    """What the home page tells: answered lately, and not seen yet."""
    found = _answered(by).filter(read_at=None).order_by("-decided_at", "-id")
    return _told(by, found[:MOST])


def declined(by: Actor, right: str, branch: int | None) -> Answer | None:
    """The last word on a right that I asked for here or everywhere, where it was no."""
    found = _answered(by).filter(Q(branch=None) | Q(branch=branch), right=right).order_by("-decided_at", "-id")
    last = next(iter(_told(by, found[:1])), None)
    return None if last is None or last.is_given else last


def _answered(by: Actor) -> QuerySet[AccessRequest]:
    states = [AccessRequest.State.GRANTED, AccessRequest.State.DECLINED]
    since = clock.now(by) - TOLD
    mine = AccessRequest.objects.filter(organisation=by.company, membership=by.membership)
    return mine.filter(state__in=states, decided_at__gte=since)


def _told(by: Actor, found: Iterable[AccessRequest]) -> list[Answer]:
    answered = list(found)
    names = names_in(by.organisation, (one.decided_by for one in answered))
    return [
        Answer(
            label_of(one.right),
            one.state == AccessRequest.State.GRANTED,
            names.get(one.decided_by or 0, ""),
            clock.day_of(one.decided_at) if one.decided_at else clock.today(by),
            one.answer,
        )
        for one in answered
    ]


def _latest(by: Actor) -> dict[str, AccessRequest]:
    since = clock.now(by) - TOLD
    mine = AccessRequest.objects.filter(organisation=by.company, membership=by.membership)
    told = mine.filter(Q(state=AccessRequest.State.OPEN) | Q(decided_at__gte=since))
    return {one.right: one for one in told.exclude(state=AccessRequest.State.WITHDRAWN).order_by("id")}


def _mine(
    by: Actor,
    entry: RightLabel,
    branches: Sequence[Branch],
    asked: AccessRequest | None,
    names: Mapping[int, str],
) -> Mine:
    places = [branch.name for branch in branches if (entry.right, branch.id) in by.grants]
    if (entry.right, None) in by.grants:
        where = _("All branches") if divisible(entry.right) and len(branches) > 1 else _("Yes")
    else:
        where = ", ".join(places)
    answered_by = names.get(asked.decided_by or 0, "") if asked else ""
    return Mine(entry, where, _holds_here(by, entry), asked, answered_by)


def _holds_here(by: Actor, entry: RightLabel) -> bool:
    held = {branch for right, branch in by.grants if right == entry.right}
    return None in held or (bool(held) if by.branch is None else by.branch in held)
