from importlib import import_module

from django.db import migrations

from remise.core import wall
from remise.core.search.wall import Keys, numbered, searched

# Whoever puts something on a policy keeps its days as they are until that stands: the insurer who changes them waits,
# and then sees it. A reader cannot lock a row by itself.
DAYS_HELD = """
select starts, ends from policies_policy
where id = $1 and portal = scope_portal() and (scope_organisation() is null or scope_organisation() = organisation)
for share
"""

# What the room below says; its module has a number for a name.
MANDATES = import_module("remise.mandates.migrations.0002_wall").MANDATES

# A policy's intermediary acts for its company while the policy has not ended, as far as the tier opens the portal.
ASSIGNMENTS = """
select i.office_id, p.organisation, null::bigint, ''::text, t.rights::text[], null::bigint[], p.ends, null::text[]
from policies_policy p
join mandates_intermediary i on i.id = p.agent_id
join mandates_tier t on t.id = i.tier_id and t.opens
join portals_portal o on o.id = p.portal
where p.ends is null or p.ends > business_day(o.clock_offset)
"""
REASONS = "create or replace view reach_reason with (security_invoker = true) as {reasons}"
FOLLOW = """
declare office bigint;
begin
  for office in
    select i.office_id from mandates_intermediary i
    where i.id = new.agent_id or (tg_op = 'UPDATE' and i.id = old.agent_id) order by i.office_id
  loop perform reach_settle(office, new.organisation); end loop;
  return null;
end
"""
OF_POLICIES = """
select p.id, p.number::text, i.number::text, o.name::text, i.contact::text, i.phone::text, i.email::text
from policies_policy p
join mandates_intermediary i on i.id = p.agent_id
join organisations_organisation o on o.id = i.office_id
where p.organisation = scope_organisation() and p.portal = scope_portal()
order by p.number
"""

# What held on a day is what people registered by: a version whose first day has come stays as it is.
BEGUN = """
create function product_version_stays() returns trigger language plpgsql as $$ begin
  if old.starts <= (select business_day(p.clock_offset) from portals_portal p where p.id = old.portal) then
    raise exception 'a version of a product that has begun stays as it is' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger policies_productversion_stays before update or delete on policies_productversion
  for each row execute function product_version_stays();
"""

# The insurer's book keeps them (`remise import products`); pages only show them.
KEPT = {"account": "r", "member": "r", "agent": "r", "staff": "r", "system": "raw"}


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("organisations", "0002_wall"), ("mandates", "0002_wall")]

    operations = [
        *wall.own_portal("policies_product", parent=True, **KEPT),
        *wall.own_portal("policies_productversion", **KEPT | {"system": "rawd"}),
        migrations.RunSQL(BEGUN, "drop function product_version_stays cascade"),
        *wall.same_portal("policies_productversion", product_id="policies_product"),
        *wall.walled("policies_policy", member="r", agent="r", staff="raw", system="raw", parent=True),
        *wall.belongs_to_organisation("policies_policy"),
        *searched("policies_policy", Keys("policy", numbered("r.number_key"), ("number_key",))),
        *wall.same_portal("policies_policy", product_id="policies_product", agent_id="mandates_intermediary"),
        migrations.RunSQL(
            REASONS.format(reasons=f"{MANDATES} union all {ASSIGNMENTS}"), REASONS.format(reasons=MANDATES)
        ),
        wall.door("reach_follows_policy()", "trigger", FOLLOW, volatile=True, language="plpgsql"),
        migrations.RunSQL(
            "create trigger reach_follows after insert or update of agent_id, ends on policies_policy"
            " for each row execute function reach_follows_policy()",
            migrations.RunSQL.noop,
        ),
        wall.door(
            "intermediaries_of_policies()",
            "table (policy bigint, policy_number text, number text, office_name text, contact text, phone text,"
            " email text)",
            OF_POLICIES,
            kinds=("member",),
        ),
        wall.door(
            "policies_days_held(policy bigint)",
            "table (starts date, ends date)",
            DAYS_HELD,
            kinds=("member", "staff", "system"),
            volatile=True,
        ),
        # The ledger lies below this room and holds the policy as a number; here it becomes a promise.
        migrations.RunSQL(
            "alter table core_item add constraint core_item_policy_owned"
            " foreign key (policy, organisation, portal) references policies_policy (id, organisation, portal)",
            "alter table core_item drop constraint core_item_policy_owned",
        ),
    ]
