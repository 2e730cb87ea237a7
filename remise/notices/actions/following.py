"""Notices follow cover: within each change of it, and from the days of a policy. What the ledger says is held against
what the register will know (`planning`); done twice, nothing is left to write. As many statements for a file of
vehicles as for one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from remise.core import clock
from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.ledger.operations import Segment
from remise.core.models import Event, Item
from remise.fleet.models import RegistrationVersion
from remise.notices.models import Notice, NoticeRule, RegisterSettings
from remise.notices.planning import Cover, Plan, Said, covers, plan
from remise.notices.rules import Kind, Manner, due_on, told_by_plate
from remise.notices.ways import settings_of
from remise.organisations.models import Organisation
from remise.policies.cover import as_far_as
from remise.policies.models import Policy
from remise.portals.models import Portal

State = Notice.State
SOON = 30  # seconds: what is registered together goes together, and what is undone at once never goes

type Manners = Mapping[int, Sequence[tuple[date, Manner]]]  # product -> from which day on, in order


@dataclass(frozen=True, slots=True)
class Subject:
    """What notices are told of: a vehicle on a policy, or (no item) the policy's stock."""

    policy: Policy
    item: Item | None
    entry: int | None  # the change that is followed


def follow(by: Actor, happened: Sequence[Event]) -> None:
    """Runs within the actions that change cover: they hold the vehicles."""
    entries = {event.subject: int(event.said["entry"]) for event in happened if event.subject is not None}
    settle_vehicles(by, entries)


def follow_policy(by: Actor, event: Event) -> None:
    """A job: a policy was added, or its days were changed, and it may have thousands of vehicles."""
    assert event.subject is not None
    ended = event.before and event.before["ends"]
    settle_policy(by, event.subject, ended=date.fromisoformat(ended) if ended else None)


@transaction.atomic
def settle_policy(by: Actor, policy: int, *, ended: date | None = None) -> None:
    """The stock of this policy, and its vehicles, where the policy has ended. `ended`: when it did before its days
    were changed; its vehicles may have been told of as ended, and go on now."""
    found = Policy.objects.filter(id=policy).first()
    if found is None:
        return
    manners = manners_of(by)
    _settle(by, [Subject(found, None, None)], {None: _stock_cover(by, found)}, manners)
    if any(day is not None and day <= clock.today(by) for day in (found.ends, ended)):
        items = Item.objects.filter(policy=policy, kind=RegistrationVersion.KIND).order_by("id")
        held = list(items.select_for_update(no_key=True).values_list("id", flat=True))
        settle_vehicles(by, dict.fromkeys(held))


def settle_vehicles(by: Actor, entries: Mapping[int, int | None]) -> None:
    """Whoever calls holds these items; each with the entry that changed it, where one did."""
    manners = manners_of(by)
    if not manners or not entries:
        return
    items = {item.id: item for item in Item.objects.filter(id__any_of=entries)}
    policies = Policy.objects.in_bulk({item.policy for item in items.values()})
    subjects = [Subject(policies[item.policy], item, entries[item.id]) for item in items.values()]
    _settle(by, subjects, _vehicle_covers(by, subjects), manners)


def manners_of(by: Actor) -> Manners:
    found: dict[int, list[tuple[date, Manner]]] = defaultdict(list)
    rules = NoticeRule.objects.filter(portal=by.in_portal).order_by("product", "starts")
    for product, starts, manner in rules.values_list("product", "starts", "manner"):
        found[product].append((starts, Manner(manner)))
    return found


def manner_on(manners: Manners, policy: Policy, day: date) -> Manner:
    """Before the first rule of a product, that one; a product without any is told to nobody."""
    known = manners.get(policy.product_id)
    if not known:
        return Manner.NONE
    return next((manner for starts, manner in reversed(known) if starts <= day), known[0][1])


def _vehicle_covers(by: Actor, subjects: Sequence[Subject]) -> dict[int | None, list[Cover]]:
    """As the ledger knows them now. A policy that has ended covers nothing from its last day on, also where a vehicle
    was left on it; an end that lies ahead may still be moved, and is told when it has come."""
    segments: dict[int, list[Segment]] = defaultdict(list)
    ended = {one.item.id: one.policy.ends for one in subjects if one.item}
    today = clock.today(by)
    versions = RegistrationVersion.objects.filter(item_id__any_of=ended).known().order_by("item", "starts")
    for item, starts, ends, code in versions.values_list("item", "starts", "ends", "check_code"):
        last = ended[item]
        has_ended = last is not None and last <= today
        for begins, until in as_far_as(last if has_ended else None, [(starts, ends)]):
            segments[item].append(Segment(begins, until, {"check_code": code}))
    return {item: covers(segments[item]) for item in ended}


def _stock_cover(by: Actor, policy: Policy) -> list[Cover]:
    has_ended = policy.ends is not None and policy.ends <= clock.today(by)
    return [Cover(policy.starts, policy.ends if has_ended else None, None)]


def _settle(
    by: Actor, subjects: Sequence[Subject], wanted: Mapping[int | None, Sequence[Cover]], manners: Manners
) -> None:
    written = _written(subjects)
    drop: dict[State, list[int]] = {State.WITHDRAWN: [], State.CORRECTED: []}
    made: list[Notice] = []
    for one in subjects:
        known = written[one.policy.id, one.item.id if one.item else None]
        todo = plan(
            [cover for cover in wanted[one.item.id if one.item else None] if _is_told(manners, one, cover)],
            [notice.as_told for notice in known if notice.state not in (State.WITHDRAWN, State.CORRECTED)],
        )
        drop[State.WITHDRAWN] += todo.withdraw
        drop[State.CORRECTED] += todo.replace
        made += _notices(by, one, todo, known)
    for state, numbers in drop.items():
        if numbers:
            Notice.objects.filter(id__any_of=numbers).update(state=state)
    if made:
        _write(by, made)


def _written(subjects: Sequence[Subject]) -> dict[tuple[int, int | None], list[Notice]]:
    """All that was ever written of them, in order, and held, in the order in which everybody holds them: a batch that
    is made of them meanwhile is waited for, and then seen."""
    items = [one.item.id for one in subjects if one.item]
    stocks = [one.policy.id for one in subjects if one.item is None]
    found: dict[tuple[int, int | None], list[Notice]] = defaultdict(list)
    held = (
        Notice.objects.filter(item_id__any_of=items) if items else Notice.objects.filter(policy__in=stocks, item=None)
    )
    for notice in held.order_by("id").select_for_update(no_key=True):
        found[notice.policy, notice.item_id].append(notice)
    return found


def _is_told(manners: Manners, one: Subject, cover: Cover) -> bool:
    """By the rule of the day on which the cover began: it is told in one manner from its start to its end."""
    manner = manner_on(manners, one.policy, cover.starts)
    if one.item is None:
        return manner is Manner.STOCK
    return told_by_plate(manner, is_trade=Plate(one.item.key).is_trade)


def _notices(by: Actor, one: Subject, todo: Plan, known: Sequence[Notice]) -> Iterator[Notice]:
    today = clock.today(by)
    place = known[-1].place if known else 0
    for number, said in enumerate(todo.write, start=place + 1):
        yield Notice(
            portal=one.policy.portal,
            organisation=one.policy.organisation,
            policy=one.policy.id,
            item=one.item,
            place=number,
            entry_id=one.entry or _entry_before(said, todo, known),
            kind=said.kind,
            plate=one.item.key if one.item else "",
            check_code=said.check_code,
            policy_number=one.policy.number,
            starts=said.starts,
            ends=said.ends,
            written_at=clock.now(by),
            due_on=due_on(Kind(said.kind), said.starts, said.ends, known_on=today),
        )


def _entry_before(said: Said, todo: Plan, known: Iterable[Notice]) -> int | None:
    """Where no change is followed, but an answer of the register: the change that the notice now dropped told of."""
    dropped = {*todo.withdraw, *todo.replace}
    entries = [one.entry_id for one in known if one.id in dropped and one.starts == said.starts]
    return entries[-1] if entries else None


def _write(by: Actor, made: Sequence[Notice]) -> None:
    portal = Portal.objects.get(id=by.in_portal)
    stocks = {notice.organisation for notice in made if notice.item_id is None}
    dealers = dict(Organisation.objects.filter(id__in=stocks).values_list("id", "kvk")) if stocks else {}
    for notice in made:
        notice.insurer = portal.insurer
        if notice.item_id is None:
            notice.kvk = dealers.get(notice.organisation) or ""
    Notice.objects.bulk_create(made)
    if settings_of(by).way == RegisterSettings.Way.HTTP:
        from remise.notices.tasks import send

        send.defer_after(SOON, by.in_portal)


def settle_after_answers(by: Actor, notices: Iterable[Notice]) -> None:
    """The register refused these: what follows from it, for vehicles that the caller holds."""
    vehicles: dict[int, int | None] = {}
    for notice in notices:
        if notice.item_id is None:
            settle_policy(by, notice.policy)
        else:
            vehicles[notice.item_id] = None
    settle_vehicles(by, vehicles)
