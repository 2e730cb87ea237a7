from django.db import migrations

from remise.core import wall
from remise.core.kinds import ActorKind

# Everybody reads every brand; an insurer's people change their own.
STAFF = [
    "alter table portals_portal enable row level security",
    *(f"create policy {kind} on portals_portal for select to remise_{kind} using (true)" for kind in ActorKind),
    "create policy staff_changes on portals_portal for update to remise_staff using (id = (select scope_portal()))",
    "grant update on portals_portal to remise_staff",
]


class Migration(migrations.Migration):
    dependencies = [("portals", "0001_initial"), ("core", "0002_wall")]

    operations = [
        *wall.open_table("portals_portal", because="a brand, shown to every visitor", **wall.every_kind("r")),
        migrations.RunSQL(STAFF, migrations.RunSQL.noop),
        *wall.open_table("portals_portalhost", because="public host names", **wall.every_kind("r")),
        # Who is told how long something stays (also who fills in a form at the door), and who lets it go; the insurer
        # lays it down.
        *wall.own_portal("portals_retentionterm", public="r", member="r", agent="r", staff="raw", system="r"),
        *wall.own_portal("portals_letgo", staff="r", system="raw"),
        # That something is held is no matter of customers: who wants to erase it is told by a door.
        *wall.own_portal("portals_legalhold", staff="raw", system="r"),
    ]
