from django.db import migrations

from remise.core import wall

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
        # The ledger lies below this room and holds the policy as a number; here it becomes a promise.
        migrations.RunSQL(
            "alter table core_item add constraint core_item_policy_owned"
            " foreign key (policy, organisation) references policies_policy (id, organisation)",
            "alter table core_item drop constraint core_item_policy_owned",
        ),
    ]
