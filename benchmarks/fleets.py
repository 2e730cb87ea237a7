"""Fleets as large as the largest, made as the owner of the tables: some 15,000 vehicles a second."""

from collections.abc import Sequence

from django.db import connections, transaction

from remise.core.identifiers import Plate
from remise.portals.models import Portal
from tests import plans, world
from tests.world import OWNER, Garage

LETTERS = "BDFGHJKLNPRSTVXZ"
PLATES = len(LETTERS) ** 3 * 1000
STRIDE = 7919  # shares no factor with the number of plates: neighbours in number are far apart in the alphabet
EACH = 1_000  # vehicles of one of the other companies

COMPANIES = """
with company as (
  insert into organisations_organisation (portal, kind, kvk, name)
  select %(portal)s, 'company', (90000000 + n)::text, 'Garage ' || n from generate_series(1, %(companies)s) n
  returning id, kvk),
branch as (
  insert into organisations_branch (portal, organisation, name, street, postcode, town)
  select %(portal)s, id, 'Zwolle', '', '', '' from company)
insert into policies_policy (portal, organisation, product_id, number, starts)
select %(portal)s, id, %(product)s, '50.' || kvk, date '2020-01-01' from company"""
# Which vehicles go on which policy: a number for each, and its plate (two letters, three digits, a letter).
PUT = f"""
create temp table put on commit drop as
select p.portal, p.organisation, p.id as policy, b.id as branch, n,
  substr('{LETTERS}', m / 256000 + 1, 1) || substr('{LETTERS}', m / 16000 % 16 + 1, 1)
    || lpad((m % 1000)::text, 3, '0') || substr('{LETTERS}', m / 1000 % 16 + 1, 1) as plate
from (select policy, vehicles, sum(vehicles) over (order by policy) - vehicles as before
  from unnest(%(policies)s::bigint[], %(vehicles)s::int[]) as given (policy, vehicles)) given
join policies_policy p on p.id = given.policy
join organisations_branch b on b.organisation = p.organisation
cross join lateral generate_series(before + 1, before + vehicles) n
cross join lateral (select (n::bigint * {STRIDE} % {PLATES})::int as m) numbered""".replace(" % ", " %% ")
# In the order in which they came, which is not that of the companies: a fleet lies scattered over its table.
ITEMS = """
insert into core_item (portal, organisation, kind, policy, key, known_at)
select portal, organisation, 'vehicle', policy, plate, at
from (select *, timestamptz '2024-01-01 08:00+00' + (n * 611953::bigint % 60000000) * interval '1 second' as at
  from put) arrived order by at, n"""
ENTRIES = """
insert into core_entry (portal, organisation, item_id, starts, operations, at, by_system, reason)
select portal, organisation, id, known_at::date,
  jsonb_build_array(jsonb_build_object('op', 'start', 'terms', jsonb_build_object('make', 'x'))), known_at, 'bulk', ''
from core_item where kind = 'vehicle' order by id"""
VERSIONS = """
insert into fleet_registrationversion (portal, organisation, item_id, policy, plate, starts, ends, known_from,
  known_to, opened_id, closed_id, branch, check_code, make, model, value, value_source, value_date)
select e.portal, e.organisation, e.item_id, i.policy, i.key, e.starts,
  -- One in seven left the policy, one in ten was known otherwise for an hour.
  case when e.id % 7 = 0 then e.starts + 200 end, e.at - interval '1 hour' * before.known,
  case when before.known = 1 then e.at end, e.id, case when before.known = 1 then e.id end, put.branch, '1234',
  (array['OPEL', 'VOLVO', 'RENAULT', 'FORD', 'SKODA', 'SEAT', 'TOYOTA', 'KIA', 'MAZDA', 'BMW'])[e.id % 10 + 1]
    || case when e.id % 500 = 0 then ' CLASSIC' else '' end, 'MODEL ' || e.id % 50, 5000 + e.id * 7919 % 40000,
  'RDW', e.starts
from core_entry e join core_item i on i.id = e.item_id join put on put.policy = i.policy and put.plate = i.key
cross join lateral (select 0 as known union all select 1 where e.id % 10 = 0) before order by e.id"""
EVENTS = """
insert into core_event (portal, organisation, kind, subject_kind, subject, by_system, via, at)
select portal, organisation, 'vehicle.registered', 'registration', id, 'bulk', 'run', known_at
from core_item order by id"""
REGISTER = """
insert into vehicles_vehicle
  (plate, found, kind, make, model, colour, fuel, catalogue_value, value_doubt, source, looked_up_at)
select plate, true, 'Personenauto', 'OPEL', 'ASTRA', 'GRIJS', 'Benzine', 25000, '', 'RDW', now() from put
union all
select unnest(%(plates)s::text[]), true, 'Personenauto', 'VOLVO', 'V60', 'WIT', 'Benzine', 40000, '', 'RDW', now()"""
TABLES = [*plans.TABLES, "vehicles_vehicle", "policies_policy", "organisations_branch", "organisations_organisation"]


def plate(number: int) -> Plate:
    """A plate that is not on any policy yet, of another shape than those that are."""
    first, second, third = (LETTERS[number // 1000 // 16**place % 16] for place in range(3))
    return Plate(f"{first}{number % 1000:03d}{second}{third}")


def fill(garages: Sequence[tuple[Garage, int]], *, others: int, known: int) -> None:
    """Put this many vehicles on the policy of each garage, and `others` on those of other companies of the same
    insurer; the register knows them all, and `known` plates that are not on a policy yet."""
    policies = {garage.policy.id: vehicles for garage, vehicles in garages}
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor, plans.unindexed(cursor):
        policies |= dict.fromkeys(_companies(garages[0][0].portal, max(1, others // EACH)), EACH)
        cursor.execute(PUT, {"policies": list(policies), "vehicles": list(policies.values())})
        cursor.execute("create unique index on put (policy, plate)")
        cursor.execute("analyze put")
        for statement in (ITEMS, ENTRIES, VERSIONS, EVENTS):
            cursor.execute(statement)
            cursor.execute("analyze core_item, core_entry")
        cursor.execute(REGISTER, {"plates": [plate(number).value for number in range(known)]})
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"vacuum analyze {', '.join(TABLES)}")


def _companies(portal: Portal, companies: int) -> list[int]:
    """Their policies."""
    product = world.product(portal, code="others")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(COMPANIES, {"portal": portal.id, "companies": companies, "product": product.id})
        cursor.execute("select id from policies_policy where product_id = %s", [product.id])
        return [number for (number,) in cursor.fetchall()]
