"""Does a list keep its index behind the wall? Much data, made fast as the owner, and a look at what a plan reads."""

import json
from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from remise.core.scope import Scope, enter
from tests import world
from tests.world import OWNER, Garage

type Query = QuerySet[Any, Any] | tuple[str, list[Any]]
type Node = dict[str, Any]

ITEMS = """
insert into core_item (portal, organisation, kind, policy, key, known_at)
select %(portal)s, %(organisation)s, 'vehicle', %(policy)s,
  -- All different and spread over the alphabet: a stride that shares no factor with the range.
  translate(lpad(to_hex(n::bigint * 7919 %% 16777213), 6, '0'), '0123456789abcdef', 'BDFGHJKLNPRSTVXZ'),
  timestamptz '2026-01-01 12:00+00' + n * interval '1 second'
from generate_series(1, %(vehicles)s) n"""
ENTRIES = """
insert into core_entry (portal, organisation, item_id, starts, operations, at, by_system, reason)
select portal, organisation, id, date '2024-01-01' + (hashtext(key) & 1073741823) %% 700,
  '[{"op": "start", "terms": {}}]', known_at, 'bulk', ''
from core_item where policy = %(policy)s"""
VERSIONS = """
insert into fleet_registrationversion (portal, organisation, item_id, policy, plate, starts, ends, known_from,
  known_to, opened_id, closed_id, branch, make, model, value)
select e.portal, e.organisation, e.item_id, i.policy, i.key, e.starts,
  -- One in seven left the policy, one in ten was known otherwise for an hour.
  case when die %% 7 = 0 then e.starts + 200 end, e.at - interval '1 hour' * before.known,
  case when before.known = 1 then e.at end, e.id, case when before.known = 1 then e.id end, %(branch)s,
  (array['OPEL', 'VOLVO', 'RENAULT', 'FORD', 'SKODA', 'SEAT', 'TOYOTA', 'KIA', 'MAZDA', 'BMW'])[die / 7 %% 10 + 1]
    || case when die %% 500 = 0 then ' CLASSIC' else '' end, 'x', 5000 + die %% 40000
from core_entry e join core_item i on i.id = e.item_id
-- As if by chance, and the same each time, whatever the ids are.
cross join lateral (select hashtext(i.key || 'x') & 1073741823 as die) thrown
cross join lateral (select 0 as known union all select 1 where die / 70 %% 10 = 0) before
where i.policy = %(policy)s"""
EVENTS = """
insert into core_event (portal, organisation, kind, subject_kind, subject, by_system, via, at)
select portal, organisation, 'vehicle.registered', 'registration', id, 'bulk', 'run', known_at
from core_item where policy = %(policy)s"""
TABLES = ["core_item", "core_entry", "core_event", "core_lookupkey", "fleet_registrationversion"]


def bulk_fleet(garage: Garage, vehicles: int, *, others: int = 0, insurers: int = 0) -> Garage:
    """Put many vehicles on the garage's policy, with items, entries, versions and events, and `others` on that of
    another company of the same insurer, which is returned; so many other insurers have a garage with a vehicle each.
    Some 15,000 vehicles a second; commits."""
    neighbour = world.garage(at=garage.portal)
    elsewhere = [(world.garage(), 1) for _ in range(insurers)]
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor, unindexed(cursor):
        for of, number in (*elsewhere, (neighbour, others), (garage, vehicles)):
            for statement in (ITEMS, ENTRIES, VERSIONS, EVENTS):
                cursor.execute(statement, _numbers(of, number))
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"vacuum analyze {', '.join(TABLES)}")
    return neighbour


def reach(viewer: int, *companies: int, others: int = 0) -> None:
    """Let an agent's company reach these companies and as many others that do not exist, beside ten more agents."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "insert into core_reach (viewer, organisation) select %(viewer)s, unnest(%(companies)s::bigint[])"
            " union all select %(viewer)s, -n from generate_series(1, %(others)s) n"
            " union all select -v, -n from generate_series(1, 10) v, generate_series(1, %(others)s) n"
            " on conflict do nothing",
            {"viewer": viewer, "companies": list(companies), "others": others},
        )
        cursor.execute("vacuum analyze core_reach")


def _numbers(garage: Garage, vehicles: int) -> dict[str, int]:
    return {
        "portal": garage.portal.id,
        "organisation": garage.organisation.id,
        "policy": garage.policy.id,
        "branch": garage.branch.id,
        "vehicles": vehicles,
    }


@contextmanager
def unindexed(cursor: CursorWrapper) -> Iterator[None]:
    """Set foreign keys, exclusions and plain indexes aside: checked and built once at the end, it takes a third."""
    cursor.execute(
        "select format('alter table %%s drop constraint %%I', conrelid::regclass, conname),"
        " format('alter table %%s add constraint %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " from pg_constraint where conrelid::regclass::text = any(%s) and contype in ('f', 'x') union all"
        " select format('drop index %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) from pg_index"
        " where indrelid::regclass::text = any(%s) and not indisunique and not indisexclusion",
        [TABLES, TABLES],
    )
    undo_and_do = cursor.fetchall()
    for drop, _ in undo_and_do:
        cursor.execute(drop)
    yield
    for _, make in undo_and_do:
        cursor.execute(make)


def assert_uses_index(query: Query, index: str, scope: Scope, *, at_most: int | None = 200) -> int:
    """Run the query in this scope: it is served by this index, scans no table from end to end, and looks at no
    more than `at_most` rows of what it asks for (None: as many as there are, as for totals). Returns how many."""
    return assert_uses_one_of(query, {index}, scope, at_most=at_most)


def assert_uses_one_of(query: Query, indexes: Set[str], scope: Scope, *, at_most: int | None = 200) -> int:
    """The same where several serve as well."""
    with enter(scope):
        plan = explain(query)
    nodes = list(_walk(plan))
    shown = json.dumps(plan, indent=1)
    wanted = " or ".join(sorted(indexes))
    assert indexes & {node.get("Index Name") for node in nodes}, f"{wanted} is not used\n{shown}"
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}, f"a table is scanned\n{shown}"
    looked_at = sum(_looked_at(node) for node in nodes)
    assert at_most is None or looked_at <= at_most, f"{looked_at} rows looked at\n{shown}"
    return looked_at


def explain(query: Query) -> Node:
    """The plan as it ran."""
    sql, params = query if isinstance(query, tuple) else query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, timing off, format json) {sql}", params)
        (found,) = cursor.fetchone()
    plan: Node = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)


def _looked_at(node: Node) -> int:
    """Rows that a scan took up, those included that it threw away; whom an agent reaches is the wall's own."""
    if node.get("Relation Name") == "core_reach" or "Scan" not in node["Node Type"]:
        return 0
    kinds = ["Rows Removed by Filter", "Rows Removed by Index Recheck"]
    if node["Node Type"] != "Bitmap Heap Scan":  # its bitmap was counted
        kinds.append("Actual Rows")
    return int(sum(node.get(kind, 0) for kind in kinds) * node["Actual Loops"])
