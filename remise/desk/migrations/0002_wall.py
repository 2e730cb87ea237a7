from django.db import migrations

from remise.core import wall


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.walled(
            "desk_deskrequest",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={"branch": "organisations_branch", "entry": "core_entry"},
            parent=True,
        ),
        *wall.walled(
            "desk_deskmessage",
            member="ra",
            staff="ra",
            system="rw",
            parents={"request_id": "desk_deskrequest"},
        ),
        *wall.belongs_to_organisation("desk_deskrequest", "desk_deskmessage"),
    ]
