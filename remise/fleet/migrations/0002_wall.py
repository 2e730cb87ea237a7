from django.db import migrations

from remise.core import wall
from remise.core.search.wall import Keys, searched

TABLE = "fleet_registrationversion"
FINDING, AWAITED, CHECK = "fleet_finding", "fleet_awaited", "fleet_radarcheck"

DOUBLE, AGREEMENT, COMPARISON = "fleet_doublecover", "fleet_comparingagreement", "fleet_covercomparison"

# With whom the portal of the scope compares cover today: with whom it agreed, who agreed with it, while both run.
PARTNERS = """
  select a.partner
  from fleet_comparingagreement a
  join fleet_comparingagreement b on b.portal = a.partner and b.partner = a.portal
  join portals_portal p on p.id = b.portal
  cross join lateral (select scope_day() as here, business_day(p.clock_offset) as there) today
  where a.portal = scope_portal() and a.ended_at is null and b.ended_at is null
    and a.starts <= today.here and (a.ends is null or a.ends > today.here)
    and b.starts <= today.there and (b.ends is null or b.ends > today.there)
"""
# Plates alone are compared, and in here. Of the other insurer's cover the days on which both cover are told, as far as
# the policies go and they are not over, and nothing else. How many vehicles were compared is no matter of the other's.
ELSEWHERE = f"""
with partners as ({PARTNERS}),
ours as (
  select v.item_id, v.plate, range_agg(daterange(v.starts, least(v.ends, p.ends))) as days
  from fleet_registrationversion v join policies_policy p on p.id = v.policy
  where v.portal = scope_portal() and v.known_to is null and ($1 is null or v.plate = any ($1))
    and (p.ends is null or v.starts < p.ends)
    and exists (select from partners)
  group by v.item_id, v.plate
),
theirs as (
  select v.portal, v.plate, range_agg(daterange(v.starts, least(v.ends, p.ends))) as days
  from fleet_registrationversion v join partners on partner = v.portal join policies_policy p on p.id = v.policy
  where v.known_to is null and v.plate in (select plate from ours) and (p.ends is null or v.starts < p.ends)
  group by v.portal, v.plate
),
found as (
  select o.item_id, t.portal as partner, lower(d.days) as starts, upper(d.days) as ends
  from ours o join theirs t using (plate)
  cross join lateral (
    select days from unnest(o.days * t.days) as days
    where upper_inf(days) or upper(days) > scope_day() order by days limit 1
  ) d
),
noted as (
  insert into fleet_covercomparison (portal, partner, at, vehicles, found)
  select side.portal, side.partner, now() + p.clock_offset, side.vehicles,
    (select count(*) from found f where f.partner = partners.partner)
  from partners
  cross join lateral (
    values (scope_portal(), partners.partner, (select count(*) from ours)), (partners.partner, scope_portal(), null)
  ) as side (portal, partner, vehicles)
  join portals_portal p on p.id = side.portal
  where exists (select from ours)
)
select item_id, partner, starts, ends from found
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0001_initial"),
        ("desk", "0002_wall"),
        ("policies", "0002_wall"),
        ("vehicles", "0002_wall"),
    ]

    operations = [
        *wall.walled(
            TABLE,
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={
                "branch": "organisations_branch",
                "lessee": "organisations_party",
                "driver": "organisations_party",
            },
        ),
        *wall.frozen_versions(TABLE),
        # By its plate, in the branch that it belongs to as known last (selectors.branches).
        *searched(
            TABLE,
            Keys(
                "plate",
                "select r.plate",
                ("plate",),
                subject="r.item_id",
                branch="r.branch",
                newest="r.known_from desc, r.starts desc",
            ),
        ),
        # A member settles a finding by mending what it was about.
        *wall.walled(
            FINDING,
            member="rw",
            agent="r",
            staff="rw",
            system="raw",
            parents={"item_id": "core_item", "request": "desk_deskrequest"},
        ),
        *wall.walled(CHECK, member="ra", agent="r", staff="r", system="rawd"),
        *wall.walled(AWAITED, system="rawd", parents={"item_id": "core_item"}),
        *wall.belongs_to_organisation(FINDING, AWAITED, CHECK),
        *wall.own_portal(DOUBLE, staff="rw", system="rawd"),
        *wall.own_portal(AGREEMENT, staff="raw"),
        *wall.own_portal(COMPARISON, staff="r", system="rd"),
        wall.door(
            "covered_elsewhere(plates text[])",
            "table (item bigint, partner bigint, starts date, ends date)",
            ELSEWHERE,
            kinds=("system",),
            volatile=True,
        ),
        wall.door("agreements_answered()", "setof bigint", PARTNERS, kinds=("staff",)),
    ]
