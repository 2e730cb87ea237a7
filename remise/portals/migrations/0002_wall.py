from django.db import migrations

from remise.core import wall


class Migration(migrations.Migration):
    dependencies = [("portals", "0001_initial"), ("core", "0002_wall")]

    operations = [
        *wall.open_table(
            "portals_portal", because="a brand, shown to every visitor", **{**wall.every_kind("r"), "staff": "rw"}
        ),
        *wall.open_table("portals_portalhost", because="public host names", **wall.every_kind("r")),
    ]
