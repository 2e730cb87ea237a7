from django.db import migrations

from remise.core import wall

TABLE = "fleet_registrationversion"


class Migration(migrations.Migration):
    dependencies = [("fleet", "0001_initial"), ("policies", "0002_wall")]

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
    ]
