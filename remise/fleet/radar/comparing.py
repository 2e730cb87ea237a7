"""What the rules find of a company's vehicles becomes findings, and what they find no more is settled: in as many
statements for one vehicle as for a hundred thousand."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.events import Happened
from remise.core.models import Event
from remise.fleet.findings import BY_RADAR, FindingKind
from remise.fleet.models import Finding
from remise.fleet.radar.facts import PART, held
from remise.fleet.radar.rules import Said, judge

type Judged = Mapping[int, Mapping[FindingKind, Said]]  # by item


@dataclass(frozen=True, slots=True)
class Compared:
    """How many vehicles are on cover, of how many the register said something lately, and what is open now."""

    vehicles: int
    compared: int
    found: int


def fresh_since() -> datetime:
    return timezone.now() - timedelta(hours=settings.RADAR_FRESH_HOURS)


@transaction.atomic
def compare_company(*, by: Actor, items: Collection[int] | None = None, raises: bool = True) -> Compared:
    """Hold the company's vehicles against what is stored of the register. A vehicle of which nothing was said lately
    keeps what was found of it. `raises` off: only settle, whenever the register said it, as when a cover ended."""
    today = clock.today(by)
    fresh = fresh_since() if raises else datetime.min.replace(tzinfo=UTC)
    vehicles = held(by.company, today=today, fresh=fresh, offset=by.clock_offset, items=items)
    covered, compared, still = 0, 0, set[int]()
    for part in batched(vehicles, PART):
        judged = {one.item: judge(one.facts, today=today) for one in part if one.facts is not None}
        _settle(by, judged, judged)
        if raises:
            _raise(by, judged, {one.item: one.policy for one in part})
        covered += sum(one.covered for one in part)
        compared += sum(one.covered and one.facts is not None for one in part)
        still.update(one.item for one in part)
    _settle(by, {}, _gone(by, still, items))
    found = Finding.objects.filter(organisation=by.company, kind__in=BY_RADAR, settled_at=None).count()
    return Compared(covered, compared, found)


def _gone(by: Actor, still: Collection[int], items: Collection[int] | None) -> list[int]:
    """Items with open findings that are not looked at any more: off cover for long, or undone."""
    open_ = Finding.objects.filter(organisation=by.company, kind__in=BY_RADAR, settled_at=None)
    if items is not None:
        open_ = open_.filter(item_id__any_of=items)
    return [item for item in set(open_.values_list("item", flat=True)) if item not in still]


def _settle(by: Actor, judged: Judged, items: Iterable[int]) -> None:
    """What was found of these items and no longer is, or is found by other facts."""
    stays = [
        (item, str(kind), json.dumps(said)) for item, verdicts in judged.items() for kind, said in verdicts.items()
    ]
    looked_at = list(items)
    if not looked_at:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update fleet_finding f set settled_at = %s"
            " where f.organisation = %s and f.settled_at is null and f.kind = any(%s) and f.item_id = any(%s)"
            " and not exists (select from unnest(%s::bigint[], %s::text[], %s::jsonb[]) as s (item, kind, said)"
            " where s.item = f.item_id and s.kind = f.kind and s.said = f.said)"
            " returning f.id, f.kind, f.item_id",
            [clock.now(by), by.company, list(BY_RADAR), looked_at, *_columns(stays, 3)],
        )
        settled = cursor.fetchall()
    happened = [
        Happened(("finding", number), after={"kind": kind, "item": item}) for number, kind, item in sorted(settled)
    ]
    events.record_all("finding.settled", by=by, organisation=by.company, happened=happened)


def _raise(by: Actor, judged: Judged, policies: Mapping[int, int]) -> None:
    """What is found for the first time; what somebody let stand stays so for the same facts."""
    found = [
        (item, str(kind), json.dumps(said)) for item, verdicts in judged.items() for kind, said in verdicts.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into fleet_finding (portal, organisation, kind, item_id, said, found_at, may_stand, reason)"
            " select %s, %s, s.kind, s.item, s.said, %s, false, ''"
            " from unnest(%s::bigint[], %s::text[], %s::jsonb[]) as s (item, kind, said)"
            " where not exists (select from fleet_finding f"
            " where f.organisation = %s and f.item_id = s.item and f.kind = s.kind"
            " and (f.settled_at is null or (f.may_stand and f.said = s.said))) order by s.item"
            " on conflict do nothing returning id, kind, item_id, said",
            [by.portal, by.company, clock.now(by), *_columns(found, 3), by.company],
        )
        raised = sorted(cursor.fetchall(), key=lambda row: int(row[0]))
    happened = [
        Happened(
            ("finding", number),
            after={"kind": kind, "item": item, "policy": policies[item], **_read(said)},
        )
        for number, kind, item, said in raised
    ]
    events.record_all("finding.raised", by=by, organisation=by.company, happened=happened)


def settle_followed(by: Actor, happened: Sequence[Event]) -> None:
    """Vehicles came on cover, went off it or changed: what the radar found of them may be over. Runs within that."""
    open_ = Finding.objects.filter(
        item_id__any_of={event.subject for event in happened}, kind__in=BY_RADAR, settled_at=None
    )
    if items := list(open_.values_list("item", flat=True)):
        compare_company(by=by, items=items, raises=False)


def _columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    return [[row[place] for row in rows] for place in range(width)]


def _read(said: object) -> Mapping[str, str]:
    """Django leaves JSON of a bare cursor as text."""
    read: Mapping[str, str] = json.loads(str(said))
    return read
