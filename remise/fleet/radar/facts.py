"""What is known of a company's vehicles and what the register says of them: thousands in one query."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Q

from remise.core.clock import day_of
from remise.fleet.findings import NAME_DATE
from remise.fleet.models import BY_DESK, Finding
from remise.fleet.radar.rules import DEALER_STOCK, ENDED_LATELY, Facts, on
from remise.policies.cover import joined
from remise.policies.models import Policy

# All segments of the vehicles that are on cover or went off it lately; a policy that ends takes along what is left on
# it (docs/adr/0015). A plate of no car (a trade plate) is in no register.
_ROWS = """
select v.item_id, v.policy, v.plate, v.starts, least(v.ends, o.ends), p.code, v.value, v.value_source,
  r.looked_up_at, r.found, r.make <> '', r.kind, r.first_admitted_on, r.in_name_since, r.inspection_until, r.exported,
  r.wam_insured, r.maximum_mass, case when r.value_doubt = '' then r.catalogue_value end
from fleet_registrationversion v
join policies_policy o on o.id = v.policy join policies_product p on p.id = o.product_id
left join vehicles_vehicle r on r.plate = v.plate
where v.policy = any(%(policies)s) and v.known_to is null and v.check_code is not null
  and (o.ends is null or v.starts < o.ends)
  and v.item_id in (select n.item_id from fleet_registrationversion n
    where n.policy = any(%(policies)s) and n.known_to is null and (n.ends is null or n.ends > %(since)s))
  and (%(items)s::bigint[] is null or v.item_id = any(%(items)s))
order by v.item_id, v.starts"""
# Plates on cover that the company has, or had, on more than one policy.
_AGAIN = """
select v.plate from fleet_registrationversion v join policies_policy o on o.id = v.policy
where v.policy = any(%(policies)s) and v.known_to is null and v.check_code is not null
  and (o.ends is null or v.starts < o.ends)
  and (%(items)s::bigint[] is null
    or v.plate in (select n.plate from fleet_registrationversion n where n.item_id = any(%(items)s)))
group by v.plate having count(distinct v.item_id) > 1
  and bool_or(least(v.ends, o.ends) is null or least(v.ends, o.ends) > %(today)s)"""
PLATES = """
select distinct v.plate from fleet_registrationversion v
left join vehicles_vehicle r on r.plate = v.plate
where v.policy in (select o.id from policies_policy o join fleet_radarcheck c on c.organisation = o.organisation
    where o.portal = %(portal)s and c.ended_at is null and c.id = any(%(checks)s)
      and (o.ends is null or o.ends > %(since)s))
  and v.known_to is null and v.check_code is not null and v.starts <= %(today)s
  and (v.ends is null or v.ends > %(since)s) and (r.looked_up_at is null or r.looked_up_at < %(fresh)s)
order by v.plate"""


PART = 5_000  # vehicles that are in memory at a time


@dataclass(frozen=True, slots=True)
class Held:
    """A vehicle on a policy, with what it is judged by; None where the register said nothing lately enough."""

    item: int
    policy: int
    plate: str
    covered: bool
    facts: Facts | None


def ended_since(today: date) -> date:
    return today - timedelta(days=on(ENDED_LATELY, today))


def held(
    organisation: int, *, today: date, fresh: datetime, offset: timedelta, items: Iterable[int] | None = None
) -> Iterator[Held]:
    """Those of a company, or only these `items`, as they come: within a transaction. `fresh`: since when the register
    must have said it; `offset`: of the portal's clock."""
    since = ended_since(today)
    policies = Policy.objects.filter(Q(ends=None) | Q(ends__gt=since), organisation=organisation)
    # By policy: what others store is not even looked at.
    given: dict[str, Any] = {
        "policies": list(policies.values_list("id", flat=True)),
        "since": since,
        "today": today,
        "items": None if items is None else list(items),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, given)
        shown = _Shown(today, fresh, offset, {plate for (plate,) in cursor.fetchall()}, _told(organisation))
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, given)
        rows_of_all = chain.from_iterable(iter(lambda: cursor.fetchmany(PART), []))
        for _item, found in groupby(rows_of_all, key=itemgetter(0)):
            rows = list(found)
            if rows[0][3] <= today:
                yield shown.held(rows)


def _told(organisation: int) -> dict[int, str]:
    """Item -> the name date about which the desk was told, and does or did decide."""
    found = Finding.objects.filter(organisation=organisation, kind__in=NAME_DATE).order_by("id")
    stands = found.filter(Q(settled_at=None) | Q(may_stand=True))
    return {item: said["in_name_since"] for item, said in stands.values_list("item", "said")}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the rows of one vehicle are read with."""

    today: date
    fresh: datetime
    offset: timedelta
    again: set[str]  # plates on cover that the company has, or had, on more than one policy
    told: dict[int, str]

    def held(self, rows: list[tuple[Any, ...]]) -> Held:
        item, policy, plate, _starts, ends, product, value, source, looked_up_at, *said = rows[-1]
        is_covered = _covers(ends, self.today)
        if looked_up_at is None or looked_up_at < self.fresh:
            return Held(item, policy, plate, is_covered, None)
        facts = Facts(
            joined([(row[3], row[4]) for row in rows])[-1][0],
            ends,
            product == DEALER_STOCK,
            not is_covered and plate in self.again,
            value,
            source == BY_DESK,
            self.told.get(item),
            day_of(looked_up_at + self.offset),
            *said,
        )
        return Held(item, policy, plate, is_covered, facts)


def _covers(ends: date | None, today: date) -> bool:
    return ends is None or ends > today


def plates_to_ask(portal: int, checks: Iterable[int], *, today: date, fresh: datetime) -> Iterator[str]:
    """Of the companies of these checks, those of which the register said nothing lately; each once, in order."""
    given: dict[str, Any] = {
        "portal": portal,
        "checks": list(checks),
        "today": today,
        "since": ended_since(today),
        "fresh": fresh,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLATES, given)
        return iter([plate for (plate,) in cursor.fetchall()])
