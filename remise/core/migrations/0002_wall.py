from django.db import migrations

from remise.core import wall
from remise.core.search import words

FUNCTIONS = """
create function scope_portal() returns bigint language sql stable parallel safe
  as $$ select nullif(current_setting('remise.portal', true), '')::bigint $$;
create function scope_account() returns bigint language sql stable parallel safe
  as $$ select nullif(current_setting('remise.account', true), '')::bigint $$;
create function scope_organisation() returns bigint language sql stable parallel safe
  as $$ select nullif(current_setting('remise.organisation', true), '')::bigint $$;
create function scope_withholds(what text) returns boolean language sql stable parallel safe
  as $$ select coalesce(what = any (string_to_array(current_setting('remise.withheld', true), ',')), false) $$;

-- The business day, counted in Amsterdam (core.clock): by a portal's clock, and by that of the scope's portal. The
-- portals stand in a room above this one.
create function business_day(clock_offset interval) returns date language sql stable parallel safe
  as $$ select ((now() + clock_offset) at time zone 'Europe/Amsterdam')::date $$;
create function scope_day() returns date language plpgsql stable parallel safe as $$ begin
  return (select business_day(p.clock_offset) from portals_portal p where p.id = scope_portal());
end $$;

create function owner_stays() returns trigger language plpgsql as $$ begin
  if (new.portal, new.organisation) is distinct from (old.portal, old.organisation) then
    raise exception 'a row of % stays with its company', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- The past stays as it was known: a version is inserted, closed once, and nothing else.
create function version_stays() returns trigger language plpgsql as $$
declare
  kept record;
begin
  if tg_op = 'DELETE' then
    raise exception 'a version of % is never deleted', tg_table_name using errcode = 'restrict_violation';
  end if;
  -- As records, byte by byte: written out as JSON it took a third of the time of a bulk change.
  kept := new;
  kept.known_to := old.known_to;
  kept.closed_id := old.closed_id;
  if old.known_to is not null or new.known_to is null or kept *<> old then
    raise exception 'a version of % can only be closed', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
"""

CACHE = """
create unlogged table core_cache (
  cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index core_cache_expires on core_cache (expires);
"""

# Only policies read it, and the overview of clients; an agent's own policy predicate runs with the agent's rights. What
# ended by the calendar reaches nobody, whether or not somebody took its row away.
REACH = [
    "alter table core_reach enable row level security",
    "create policy agent on core_reach to remise_agent using (viewer = (select scope_organisation())"
    " and coalesce(until, 'infinity') > (select scope_day()))",
    "grant select on core_reach to remise_agent",
]

# A key tells what it was made of: it is left out with it. An agent reads over many companies at once, of which each says
# by itself what it shows; so it meets none of these.
KEYS = [
    "create policy withheld on core_lookupkey as restrictive for select"
    " using (particulars = '' or not (scope_withholds(particulars) or current_user = 'remise_agent'))",
]

EVENTS = [
    "alter table core_event enable row level security",
    # Doors write without a company and never read back.
    *(
        f"create policy {kind} on core_event for insert to remise_{kind}"
        " with check (organisation is null and portal is not distinct from (select scope_portal()))"
        for kind in ("public", "account")
    ),
    "grant insert on core_event to remise_public, remise_account",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, "drop table core_cache"),
        *wall.open_table(
            "core_cache",
            because="counters of attempts and their like, by opaque key",
            public="rawd",
        ),
        migrations.RunSQL(REACH, migrations.RunSQL.noop),
        *wall.walled("core_item", member="raw", agent="r", staff="raw", system="raw", parent=True),
        *wall.walled(
            "core_entry",
            member="ra",
            agent="r",
            staff="ra",
            system="ra",
            parents={"item_id": "core_item", "undoes_id": "core_entry"},
            parent=True,
        ),
        *wall.walled("core_event", member="ra", agent="ra", staff="ra", system="ra"),
        migrations.RunSQL(EVENTS, migrations.RunSQL.noop),
        migrations.RunSQL(words.IN_SQL, words.IN_SQL_UNDONE),
        *wall.walled("core_lookupkey", member="r", agent="r", staff="r", system="r"),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        # Who writes an event at the doors has it followed by a job, which needs the number.
        wall.door(
            "event_written()",
            "bigint",
            "select currval('core_event_id_seq')",
            kinds=("public", "account"),
            volatile=True,
        ),
        # Who writes many takes their numbers first (core.sending).
        *(
            wall.door(
                f"next_{many}(wanted integer)",
                "setof bigint",
                f"select nextval('{table}_id_seq') from generate_series(1, wanted)",  # noqa: S608
                kinds=("member", "agent", "staff", "system"),
                volatile=True,
            )
            for many, table in (("entries", "core_entry"), ("events", "core_event"))
        ),
        *wall.own_portal("core_delivery", system="ra"),
    ]
