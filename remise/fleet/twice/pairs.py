"""Which two covers of one vehicle share days that are not over: asked for all plates of a file at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.fleet.models import RegistrationVersion
from remise.vehicles.chassis import Twins


@dataclass(frozen=True, slots=True)
class Pair:
    """`item` is the registration of the company that is asked, and `other` the one beside it; or `elsewhere` is the
    other insurer's portal. From `starts` to before `ends` (None = open) both cover."""

    item: int
    plate: str
    organisation: int
    policy: int
    branch: int | None
    other: int | None
    elsewhere: int | None
    other_plate: str  # empty where it is the same
    starts: date
    ends: date | None


# Of what is held by these plates, per registration the days on which it covers, no further than its policy goes. Then
# each two of the same plate or the same chassis number, with the first days of both that are not over.
_WITHIN = """
with held as (
  select v.item_id as item, v.plate, v.organisation, v.policy,
    range_agg(daterange(v.starts, least(v.ends, p.ends))) as days,
    (array_agg(v.branch order by v.starts desc))[1] as branch
  from fleet_registrationversion v join policies_policy p on p.id = v.policy
  where v.portal = %(portal)s and v.known_to is null and v.plate = any(%(plates)s)
    and (p.ends is null or v.starts < p.ends)
  group by v.item_id, v.plate, v.organisation, v.policy
),
two as (
  select a.item as one, b.item as other from held a join held b on b.plate = a.plate and b.item > a.item
  union
  select least(a.item, b.item), greatest(a.item, b.item)
  from unnest(%(companies)s::bigint[], %(ours)s::text[], %(others)s::bigint[], %(theirs)s::text[])
    as t (company, plate, other, other_plate)
  join held a on a.organisation = t.company and a.plate = t.plate
  join held b on b.organisation = t.other and b.plate = t.other_plate
)
select a.item, a.plate, a.organisation, a.policy, a.branch, a_run.begins,
  b.item, b.plate, b.organisation, b.policy, b.branch, b_run.begins,
  lower(shared.days), upper(shared.days)
from two join held a on a.item = two.one join held b on b.item = two.other
cross join lateral (
  select days from unnest(a.days * b.days) as days
  where upper_inf(days) or upper(days) > %(today)s order by days limit 1
) shared
cross join lateral (select lower(run) as begins from unnest(a.days) as run where run @> shared.days) a_run
cross join lateral (select lower(run) as begins from unnest(b.days) as run where run @> shared.days) b_run
order by two.one, two.other
"""
_SUSPECTED = """
select plate from fleet_registrationversion
where portal = %s and known_to is null and (ends is null or ends > %s)
group by plate having count(distinct item_id) > 1
"""


def suspected(by: Actor) -> set[str]:
    """All plates of the portal that stand on more than one policy."""
    with connection.cursor() as cursor:
        cursor.execute(_SUSPECTED, [by.in_portal, clock.today(by)])
        return {plate for (plate,) in cursor.fetchall()}


def within(by: Actor, plates: Collection[str], twins: Sequence[Twins]) -> list[Pair]:
    """In the scope's portal. Who came on cover first is asked: whoever covers it now likely has the vehicle."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHIN,
            {
                "portal": by.in_portal,
                "plates": list(plates),
                "today": clock.today(by),
                "companies": [one.organisation for one in twins],
                "ours": [one.plate for one in twins],
                "others": [one.other for one in twins],
                "theirs": [one.other_plate for one in twins],
            },
        )
        found = cursor.fetchall()
    pairs = []
    for *sides, starts, ends in found:
        first, second = sorted((tuple(sides[:6]), tuple(sides[6:])), key=lambda side: (side[5], side[0]))
        item, plate, organisation, policy, branch, _begins = first
        other_plate = second[1] if second[1] != plate else ""
        pairs.append(Pair(item, plate, organisation, policy, branch, second[0], None, other_plate, starts, ends))
    return pairs


def elsewhere(plates: Collection[str] | None) -> list[Pair]:
    """At insurers with which it was agreed to compare: of these plates, or of all in the portal."""
    asked = None if plates is None else sorted(plates)
    told = rows("select item, partner, starts, ends from covered_elsewhere(%s::text[])", asked)
    held = RegistrationVersion.objects.filter(item__in=[item for item, *_rest in told], known_to=None)
    last = {one.item_id: one for one in held.order_by("starts")}
    return [
        Pair(item, here.plate, here.organisation, here.policy, here.branch, None, partner, "", starts, ends)
        for item, partner, starts, ends in told
        if (here := last[item])
    ]
