"""What the radar found, as its page, the home page and programs show it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.fleet.findings import BY_RADAR, Explained, FindingKind, explain
from remise.fleet.models import Finding, RadarCheck
from remise.fleet.radar.offers import LEAVING, Todo, can_be_deregistered, counted_from, todo
from remise.fleet.radar.reasons import OFFERED, WORDS
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.branches import branch_of, branches_of_items
from remise.organisations.access import visible_branches
from remise.organisations.names import names_of
from remise.policies.models import Policy
from remise.policies.selectors import read_rules, rules_of
from remise.ui.formats import day as shown_day
from remise.vehicles.models import Vehicle

# By which of what it was found by it becomes late: the days back begin there.
_URGENT = {FindingKind.SOLD: "said__in_name_since", FindingKind.NOT_COVERED: "said__ends"}
NIGHTS = 30  # that the tile draws
FEW = 6  # of each kind, before all of one are asked for


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, with what there is to do about it for this actor."""

    finding: Finding
    kind: FindingKind
    plate: Plate
    title: str  # make and model
    explained: Explained
    policy: Policy
    todo: Todo | None
    today: date
    may_do: bool
    may_dismiss: bool
    can_tick: bool

    @property
    def days_left(self) -> int | None:
        return self.todo.days_left(self.today) if self.todo else None

    @property
    def is_late(self) -> bool:
        return bool(self.todo and self.todo.is_late(self.today))

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(reason, str(WORDS[reason])) for reason in OFFERED[self.kind]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding that somebody said is right."""

    found: Found
    name: str  # of who said so; empty where it was nobody

    @property
    def why(self) -> str:
        reason = self.found.finding.reason
        return str(WORDS[reason]) if reason in WORDS else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one kind; `total` may be more than are shown."""

    kind: FindingKind
    title: str
    total: int
    shown: Sequence[Found]

    @property
    def leaves(self) -> bool:
        return self.kind in LEAVING

    @property
    def tickable(self) -> int:
        return sum(one.can_tick for one in self.shown)


@dataclass(frozen=True, slots=True)
class Ticked:
    """A vehicle to be deregistered on its own day, in the sense in which its product takes one."""

    finding: int
    plate: Plate
    title: str
    policy: Policy
    day: date
    said: str  # that day in words


@dataclass(frozen=True, slots=True)
class Nights:
    """When it was last compared, whether it is now, and how much was open after each of the last times. What is
    counted there is of the whole company (`whole`): not for who works in some of its branches."""

    last: RadarCheck | None
    open: RadarCheck | None
    whole: bool
    trend: Sequence[int]
    agrees_since: datetime | None  # since when nothing was found, where nothing is open


def open_of_radar(by: Actor, kinds: Collection[FindingKind] = BY_RADAR) -> QuerySet[Finding]:
    """In the branches that this actor sees."""
    return of_radar(by, kinds).filter(settled_at=None)


def kept_as_right(by: Actor) -> QuerySet[Finding]:
    """What somebody said is right, in the same branches."""
    return of_radar(by).filter(may_stand=True)


def kept(by: Actor, findings: Collection[Finding]) -> list[Kept]:
    names = names_of(by, [finding.dismissed_by for finding in findings])
    return [Kept(found, names.get(found.finding.dismissed_by or 0, "")) for found in shown_of(by, findings)]


def of_radar(by: Actor, kinds: Collection[FindingKind] = BY_RADAR) -> QuerySet[Finding]:
    """Of vehicles that belong to the branches that this actor sees."""
    found = Finding.objects.filter(organisation=by.company, kind__in=list(kinds))
    branches = visible_branches(by, FleetRight.VIEW)
    return found if branches is None else found.alias(branch=branch_of("item")).filter(branch__in=branches)


def counts(by: Actor) -> Mapping[FindingKind, int]:
    """How many are open of each kind, in the order of kinds."""
    found = open_of_radar(by).values("kind").annotate(many=Count("id")).values_list("kind", "many")
    many = dict(found)
    return {kind: many[kind] for kind in BY_RADAR if kind in many}


def groups(by: Actor, *, search: str = "") -> list[Group]:
    """The first few of each kind: what is to be done soonest first."""
    found = []
    for kind in BY_RADAR:
        rows = _searched(open_of_radar(by, [kind]), search)
        total = rows.count()
        if total:
            shown = shown_of(by, rows.select_related("item").order_by(_URGENT.get(kind, "found_at"), "id")[:FEW])
            found.append(Group(kind, str(shown[0].explained.title), total, shown))
    return found


def _searched(rows: QuerySet[Finding], search: str) -> QuerySet[Finding]:
    plate = "".join(char for char in search.upper() if char.isalnum())
    return rows.filter(item__key__startswith=plate) if plate else rows


def of_kind(by: Actor, kind: FindingKind, search: str = "") -> QuerySet[Finding]:
    return _searched(open_of_radar(by, [kind]), search).select_related("item")


def shown_of(by: Actor, findings: Collection[Finding]) -> list[Found]:
    """As many queries for many as for one."""
    rows, today = list(findings), clock.today(by)
    policies = Policy.objects.filter(organisation=by.company, id__in={one.item.policy for one in rows})
    policy_of = policies.select_related("product").in_bulk()
    read_rules(policy_of.values(), on=today)
    titles = dict.fromkeys((one.item.key for one in rows), "")
    for vehicle in Vehicle.objects.filter(plate__in=titles):
        titles[vehicle.plate] = vehicle.title
    branches = branches_of_items([one.item for one in rows])
    return [
        _shown(by, one, policy_of[one.item.policy], titles[one.item.key], branches.get(one.item_id), today)
        for one in rows
    ]


def _shown(by: Actor, finding: Finding, policy: Policy, title: str, branch: int | None, today: date) -> Found:
    kind, plate = FindingKind(finding.kind), Plate(finding.item.key)
    offered = todo(finding, policy, plate.value, today=today)
    may_do = offered is not None and _may(by, offered.right, branch)
    return Found(
        finding=finding,
        kind=kind,
        plate=plate,
        title=title,
        explained=explain(kind, finding.said),
        policy=policy,
        todo=offered,
        today=today,
        may_do=may_do,
        may_dismiss=_may(by, FleetRight.DEREGISTER, branch) or _may(by, FleetRight.REGISTER, branch),
        can_tick=may_do
        and offered is not None
        and kind in LEAVING
        and can_be_deregistered(offered, rules_of(policy, on=today), today=today),
    )


def _may(by: Actor, right: FleetRight, branch: int | None) -> bool:
    branches = visible_branches(by, right)
    return branches is None or branch in branches


def ticked(by: Actor, findings: Sequence[int]) -> list[Ticked]:
    """Of these, what can be deregistered online on its own day."""
    rows = open_of_radar(by, LEAVING).filter(id__in=findings).select_related("item").order_by("item__key")
    found = []
    for one in shown_of(by, rows):
        day = one.todo.day if one.todo else None
        if one.can_tick and day is not None:
            said = _said(one.policy, day, by)
            found.append(Ticked(one.finding.id, one.plate, one.title, one.policy, day, said))
    return found


def _said(policy: Policy, day: date, by: Actor) -> str:
    last = rules_of(policy, on=clock.today(by)).last_day_covered
    words = _("Last day insured: %(day)s") if last else _("First day without cover: %(day)s")
    return words % {"day": shown_day(day)}


def nights(by: Actor) -> Nights:
    checks = RadarCheck.objects.filter(organisation=by.company)
    ended = list(checks.exclude(ended_at=None).order_by("-ended_at")[:NIGHTS])
    open_ = checks.filter(ended_at=None).first()
    last = ended[0] if ended else None
    if visible_branches(by, FleetRight.VIEW) is not None:
        return Nights(last, open_, whole=False, trend=[], agrees_since=None)
    since = None
    for check in ended:
        if check.found:
            break
        since = check.ended_at
    return Nights(last, open_, whole=True, trend=[check.found for check in reversed(ended)], agrees_since=since)


def fewest_days(by: Actor, kind: FindingKind) -> int | None:
    """Until the next of this kind that still goes online no longer does; None where the desk is asked for all."""
    today, rows = clock.today(by), open_of_radar(by, [kind]).select_related("item")
    policies = Policy.objects.filter(organisation=by.company, id__in=rows.values("item__policy"))
    left = []
    for policy in policies.select_related("product"):
        said, earliest = counted_from(kind, rules_of(policy, on=today), today=today)
        on_it = rows.filter(item__policy=policy.id, **{f"said__{said}__gte": earliest.isoformat()})
        for first in on_it.order_by(f"said__{said}")[:1]:
            offered = todo(first, policy, first.item.key, today=today)
            left.append(offered.days_left(today) if offered else None)
    return min((days for days in left if days is not None), default=None)
