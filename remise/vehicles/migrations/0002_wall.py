from django.db import migrations

from remise.core import wall

CHASSIS = "vehicles_chassisnumber"

# Who looks a plate up writes its answer here and nowhere else. What was said before stays where the register does not
# know the plate any more, and the fuel where only that set was silent.
KEEP_ANSWER = """
insert into vehicles_vehicle as v (plate, found, kind, make, model, colour, fuel, catalogue_value, value_doubt,
  first_admitted_on, in_name_since, inspection_until, exported, wam_insured, taxi, transferable, empty_mass,
  running_mass, maximum_mass, source, looked_up_at)
select plate, found, coalesce(kind, ''), coalesce(make, ''), coalesce(model, ''), coalesce(colour, ''),
  coalesce(fuel, ''), catalogue_value, coalesce(value_doubt, ''), first_admitted_on, in_name_since, inspection_until,
  exported, wam_insured, taxi, transferable, empty_mass, running_mass, maximum_mass, source, looked_up_at
from jsonb_to_recordset($1) as said (plate text, found boolean, kind text, make text, model text, colour text,
  fuel text, catalogue_value numeric, value_doubt text, first_admitted_on date, in_name_since date,
  inspection_until date, exported boolean, wam_insured boolean, taxi boolean, transferable boolean, empty_mass int,
  running_mass int, maximum_mass int, source text, looked_up_at timestamptz)
order by plate
on conflict (plate) do update set (found, source, looked_up_at, fuel, kind, make, model, colour, catalogue_value,
  value_doubt, first_admitted_on, in_name_since, inspection_until, exported, wam_insured, taxi, transferable,
  empty_mass, running_mass, maximum_mass) = (
  select excluded.found, excluded.source, excluded.looked_up_at,
    case when excluded.fuel <> '' then excluded.fuel else v.fuel end, s.kind, s.make, s.model, s.colour,
    s.catalogue_value, s.value_doubt, s.first_admitted_on, s.in_name_since, s.inspection_until, s.exported,
    s.wam_insured, s.taxi, s.transferable, s.empty_mass, s.running_mass, s.maximum_mass
  from (select (case when excluded.found then excluded else v end).*) s)
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

# Of which vehicles of a file there is one.
KNOWN = """
select c.plate::text from vehicles_chassisnumber c
where c.organisation = $1 and c.portal = scope_portal() and c.plate = any ($2)
  and (scope_organisation() is null or scope_organisation() = $1)
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

# One vehicle under two plates: for the system alone, which looks whether something is covered twice. The number itself
# stays where it is.
OF_ONE_CHASSIS = """
select a.organisation, a.plate::text, b.organisation, b.plate::text
from vehicles_chassisnumber a
join vehicles_chassisnumber b on b.portal = a.portal and b.vin = a.vin and b.plate <> a.plate
where a.portal = scope_portal() and ($1 is null or a.plate = any ($1))
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
        *wall.open_table(
            "vehicles_typicalvalue",
            because="medians of what the public register publishes",
            member="r",
            agent="r",
            staff="r",
            system="rawd",
        ),
        *wall.open_table(
            "vehicles_registercopy",
            because="which file of the public register came in, and how far",
            system="raw",
        ),
        # A copy that comes again finds room on the page for each changed row.
        migrations.RunSQL("alter table vehicles_vehicle set (fillfactor = 85)", migrations.RunSQL.noop),
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
            "vehicles_chassis_known(company bigint, plates text[])",
            "setof text",
            KNOWN,
            kinds=("member", "staff", "system"),
        ),
        wall.door(
            "vehicles_of_chassis(vin text)",
            "table (organisation bigint, plate text)",
            OF_CHASSIS,
            kinds=("member", "staff"),
        ),
        wall.door(
            "vehicles_of_one_chassis(plates text[])",
            "table (organisation bigint, plate text, other bigint, other_plate text)",
            OF_ONE_CHASSIS,
            kinds=("system",),
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
