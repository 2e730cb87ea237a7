"""What is covered twice becomes a row and a request of the desk, and what no longer is, is settled: in as many
statements for one vehicle as for a file of ten thousand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection, transaction

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.events import Happened
from remise.core.models import Event, Item
from remise.desk.actions import Raised, raise_internal, settle
from remise.desk.kinds import Place
from remise.fleet.models import DoubleCover
from remise.fleet.remedies import RequestName
from remise.fleet.twice.data import CoveredTwice
from remise.fleet.twice.pairs import Pair, elsewhere, suspected, within
from remise.vehicles import chassis

type Key = tuple[int, int | None, int | None]  # item, other, elsewhere


@transaction.atomic
def hold_together(*, by: Actor, plates: Collection[str] | None = None, tell: bool = True) -> None:
    """For the system: look at these plates, or at all of its portal. `tell`: what concerns another insurer is looked
    at there too; off where that one asked."""
    _one_at_a_time(by)
    twins = chassis.twins(plates)
    wider = {one.plate for one in twins} | {one.other_plate for one in twins}
    looked_at = None if plates is None else sorted({*plates, *wider})
    own = [*suspected(by), *wider] if looked_at is None else looked_at
    found = {_key(pair): pair for pair in [*within(by, own, twins), *elsewhere(looked_at)]}
    concerned = [*_settle(by, found, looked_at), *_raise(by, found)]
    _move(found)
    if tell:
        tell_partners(concerned)


def follow(by: Actor, happened: Sequence[Event]) -> None:
    """Vehicles came on cover or went off it. A job: no customer sees what this looks at."""
    items = {event.subject for event in happened if event.subject is not None}
    hold_together(by=by, plates=set(Item.objects.filter(id__in=items).values_list("key", flat=True)))


def close(by: Actor, happened: Sequence[Event]) -> None:
    """The requests of what is over. A job of its own: the desk holds its request first, and then this."""
    ended = [event.subject for event in happened if event.subject is not None]
    for request in DoubleCover.objects.filter(id__in=ended, request__isnull=False).values_list("request", flat=True):
        assert request is not None
        settle(by=by, request=request)


def tell_partners(concerned: Collection[tuple[int | None, str]]) -> None:
    """Have these plates looked at in the portals (of other insurers) that they concern."""
    from remise.fleet.tasks import look_at_covers

    by_partner: Mapping[int, set[str]] = defaultdict(set)
    for partner, plate in concerned:
        if partner is not None:
            by_partner[partner].add(plate)
    for partner, plates in sorted(by_partner.items()):
        look_at_covers.defer(partner, plates=sorted(plates))


def settled(by: Actor, covers: Sequence[int]) -> None:
    """Tell that these are over; their requests follow."""
    happened = [Happened(("double_cover", number), after={}) for number in sorted(covers)]
    events.record_all("double_cover.ended", by=by, organisation=None, happened=happened)


def _one_at_a_time(by: Actor) -> None:
    """In one portal: who looked earlier would else write what was so before."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('fleet.twice'), %s::int)", [by.in_portal])


def _key(pair: Pair) -> Key:
    return (pair.item, pair.other, pair.elsewhere)


def _settle(by: Actor, found: Mapping[Key, Pair], looked_at: Collection[str] | None) -> list[tuple[int | None, str]]:
    """Open ones of these plates that are over, or whose first is another now."""
    asked = None if looked_at is None else list(looked_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "update fleet_doublecover c set settled_at = %s"
            " where c.portal = %s and c.settled_at is null"
            " and (%s::text[] is null or c.plate = any(%s::text[]) or c.other_plate = any(%s::text[]))"
            " and not exists (select from unnest(%s::bigint[], %s::bigint[], %s::bigint[])"
            " as f (item, other, elsewhere) where f.item = c.item and f.other is not distinct from c.other"
            " and f.elsewhere is not distinct from c.elsewhere)"
            " returning c.id, c.elsewhere, c.plate",
            [clock.now(by), by.in_portal, asked, asked, asked, *_columns(list(found))],
        )
        over = cursor.fetchall()
    settled(by, [number for number, _elsewhere, _plate in over])
    return [(partner, plate) for _number, partner, plate in over]


def _move(found: Mapping[Key, Pair]) -> None:
    """Those that are open, with other days by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update fleet_doublecover c set starts = f.starts, ends = f.ends"
            " from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[])"
            " as f (item, other, elsewhere, starts, ends)"
            " where c.settled_at is null and c.item = f.item and c.other is not distinct from f.other"
            " and c.elsewhere is not distinct from f.elsewhere"
            " and (c.starts, c.ends) is distinct from (f.starts, f.ends)",
            [*_columns(list(found)), *_days(found.values())],
        )


def _raise(by: Actor, found: Mapping[Key, Pair]) -> list[tuple[int | None, str]]:
    """What is new, and was not let stand for the same first day."""
    pairs = list(found.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into fleet_doublecover (portal, item, other, elsewhere, plate, other_plate, starts, ends,"
            " found_at, may_stand)"
            " select %s, f.item, f.other, f.elsewhere, f.plate, f.other_plate, f.starts, f.ends, %s, false"
            " from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::text[], %s::text[])"
            " as f (item, other, elsewhere, starts, ends, plate, other_plate)"
            " where not exists (select from fleet_doublecover c where c.portal = %s and c.item = f.item"
            " and c.other is not distinct from f.other and c.elsewhere is not distinct from f.elsewhere"
            " and (c.settled_at is null or (c.may_stand and c.starts = f.starts)))"
            " on conflict do nothing returning id, item, other, elsewhere",
            [
                by.in_portal,
                clock.now(by),
                *_columns(list(found)),
                *_days(pairs),
                [pair.plate for pair in pairs],
                [pair.other_plate for pair in pairs],
                by.in_portal,
            ],
        )
        raised = {number: found[item, other, there] for number, item, other, there in sorted(cursor.fetchall())}
    if raised:
        _lay_before_desk(by, raised)
    return [(pair.elsewhere, pair.plate) for pair in raised.values()]


def _lay_before_desk(by: Actor, raised: Mapping[int, Pair]) -> None:
    requests: dict[int, int] = {}
    for kind, is_elsewhere in ((RequestName.COVERED_TWICE, False), (RequestName.COVERED_ELSEWHERE, True)):
        mine = {number: pair for number, pair in raised.items() if (pair.elsewhere is not None) is is_elsewhere}
        cases = [
            Raised(
                pair.organisation,
                Place(("registration", pair.item), pair.branch),
                CoveredTwice(pair.policy, pair.item, pair.plate, number),
            )
            for number, pair in mine.items()
        ]
        if cases:
            requests |= dict(zip(mine, raise_internal(by=by, kind=kind, cases=cases), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "update fleet_doublecover c set request = f.request"
            " from unnest(%s::bigint[], %s::bigint[]) as f (id, request) where c.id = f.id",
            [list(requests), list(requests.values())],
        )
    happened = [Happened(("double_cover", number), after={"request": requests[number]}) for number in raised]
    events.record_all("double_cover.found", by=by, organisation=None, happened=happened)


def _columns(keys: Sequence[Key]) -> list[list[int | None]]:
    return [[key[place] for key in keys] for place in range(3)]


def _days(pairs: Collection[Pair]) -> list[list[object]]:
    return [[pair.starts for pair in pairs], [pair.ends for pair in pairs]]
