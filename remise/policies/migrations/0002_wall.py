from django.db import migrations

from remise.core import wall

# Whoever puts something on a policy keeps its days as they are until that stands: the insurer who changes them waits,
# and then sees it. A reader cannot lock a row by itself.
DAYS_HELD = """
select starts, ends from policies_policy
where id = $1 and portal = scope_portal() and (scope_organisation() is null or scope_organisation() = organisation)
for share
"""

READERS = {"account": "r", "member": "r", "agent": "r", "staff": "raw", "system": "r"}


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.own_portal("policies_product", parent=True, **READERS),
        *wall.own_portal("policies_productversion", **READERS),
        *wall.same_portal("policies_productversion", product_id="policies_product"),
        *wall.walled("policies_policy", member="r", agent="r", staff="raw", system="raw", parent=True),
        *wall.belongs_to_organisation("policies_policy"),
        *wall.same_portal("policies_policy", product_id="policies_product"),
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
            " foreign key (policy, organisation) references policies_policy (id, organisation)",
            "alter table core_item drop constraint core_item_policy_owned",
        ),
    ]
