from django.db import migrations

from remise.core import wall

CHASSIS = "vehicles_chassisnumber"

# Who looks a plate up writes its answer here and nowhere else. What was said before stays where the register does not
# know the plate any more, and the fuel where only that set was silent.
KEEP_ANSWER = """
insert into vehicles_vehicle as v (plate, found, kind, make, model, colour, fuel, catalogue_value, value_doubt,
  first_admitted_on, in_name_since, inspection_until, source, looked_up_at)
select plate, found, coalesce(kind, ''), coalesce(make, ''), coalesce(model, ''), coalesce(colour, ''),
  coalesce(fuel, ''), catalogue_value, coalesce(value_doubt, ''), first_admitted_on, in_name_since, inspection_until,
  source, looked_up_at
from jsonb_to_recordset($1) as said (plate text, found boolean, kind text, make text, model text, colour text,
  fuel text, catalogue_value numeric, value_doubt text, first_admitted_on date, in_name_since date,
  inspection_until date, source text, looked_up_at timestamptz)
order by plate
on conflict (plate) do update set
  found = excluded.found,
  kind = case when excluded.found then excluded.kind else v.kind end,
  make = case when excluded.found then excluded.make else v.make end,
  model = case when excluded.found then excluded.model else v.model end,
  colour = case when excluded.found then excluded.colour else v.colour end,
  fuel = case when excluded.fuel <> '' then excluded.fuel else v.fuel end,
  catalogue_value = case when excluded.found then excluded.catalogue_value else v.catalogue_value end,
  value_doubt = case when excluded.found then excluded.value_doubt else v.value_doubt end,
  first_admitted_on = case when excluded.found then excluded.first_admitted_on else v.first_admitted_on end,
  in_name_since = case when excluded.found then excluded.in_name_since else v.in_name_since end,
  inspection_until = case when excluded.found then excluded.inspection_until else v.inspection_until end,
  source = excluded.source,
  looked_up_at = excluded.looked_up_at
where v.looked_up_at <= excluded.looked_up_at
"""

# A chassis number leaves only as a verdict, for the company acted for: on its last four, on all of it, or on whether
# there is one. On any other end it would be spelled out, character by character.
VERDICT = """
select coalesce((
  select case when length($3) not in (0, 4, 17) then 'other' when right(c.vin, length($3)) = $3 then 'same'
    when length($3) = 17 and c.source = 'company' then 'unknown' else 'other' end
  from vehicles_chassisnumber c
  where c.organisation = $1 and c.portal = scope_portal() and c.plate = $2
    and (scope_organisation() is null or scope_organisation() = $1)), 'unknown')
"""

NOTE = """
insert into vehicles_chassisnumber as c (portal, organisation, plate, vin, source, noted_at)
select scope_portal(), $1, $2, $3, $4, now()
where scope_organisation() is null or scope_organisation() = $1
on conflict (organisation, plate) do update set vin = excluded.vin, source = excluded.source, noted_at = now()
where c.source = 'company' or excluded.source <> 'company'
"""

# The desk has seen the registration card: a number with another end than the one typed is not this vehicle's.
FORGET = """
delete from vehicles_chassisnumber c
where c.organisation = $1 and c.portal = scope_portal() and c.plate = $2 and right(c.vin, length($3)) <> $3
  and (scope_organisation() is null or scope_organisation() = $1)
"""

# Whoever knows all of a chassis number is told the plate: of the company acted for, by its insurer of any.
OF_CHASSIS = """
select c.organisation, c.plate::text from vehicles_chassisnumber c
where c.vin = $1 and length($1) = 17 and c.portal = scope_portal()
  and (scope_organisation() is null or scope_organisation() = c.organisation)
"""


class Migration(migrations.Migration):
    dependencies = [("vehicles", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.open_table(
            "vehicles_vehicle",
            because="what the public register publishes, without owner or insurer",
            member="r",
            agent="r",
            staff="r",
            system="raw",
        ),
        *wall.walled(CHASSIS, system="rawd"),
        *wall.belongs_to_organisation(CHASSIS),
        wall.door(
            "vehicles_keep_answer(rows jsonb)",
            "void",
            KEEP_ANSWER,
            kinds=("member", "staff", "system"),
            volatile=True,
        ),
        wall.door(
            "vehicles_chassis_verdict(company bigint, plate text, given text)",
            "text",
            VERDICT,
            kinds=("member", "staff", "system"),
        ),
        wall.door(
            "vehicles_of_chassis(vin text)",
            "table (organisation bigint, plate text)",
            OF_CHASSIS,
            kinds=("member", "staff"),
        ),
        wall.door(
            "vehicles_note_chassis(company bigint, plate text, vin text, source text)",
            "void",
            NOTE,
            kinds=("member", "staff", "system"),
            volatile=True,
        ),
        wall.door(
            "vehicles_forget_chassis(company bigint, plate text, given text)",
            "void",
            FORGET,
            kinds=("staff",),
            volatile=True,
        ),
    ]
