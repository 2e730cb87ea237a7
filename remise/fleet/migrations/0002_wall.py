from django.db import migrations

from remise.core import wall
from remise.core.search.wall import Keys, searched

TABLE = "fleet_registrationversion"
FINDING, AWAITED, CHECK = "fleet_finding", "fleet_awaited", "fleet_radarcheck"


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
    ]
