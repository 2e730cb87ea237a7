from django.db import migrations

from remise.core import wall


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.walled(
            "runs_run",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={"branch": "organisations_branch", "token": "organisations_apitoken"},
            parent=True,
        ),
        *wall.walled(
            "runs_runrow",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={"run_id": "runs_run", "entry": "core_entry"},
        ),
        *wall.belongs_to_organisation("runs_run", "runs_runrow"),
    ]
