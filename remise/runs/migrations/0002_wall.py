from django.db import migrations

from remise.core import wall

RUNS = """
    select 'run', jsonb_build_object('company', o.name, 'kind', r.kind, 'file', r.source_name,
      'began', r.began_at, 'state', r.state)
    from runs_run r join organisations_organisation o on o.id = r.organisation
    where r.account = $1 and r.portal = (select scope_portal()) and $1 = coalesce((select scope_account()), $1)
"""


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
        *wall.belongs_to_organisation("runs_run"),
        # What is said of each row when it is judged finds room on its page.
        migrations.RunSQL("alter table runs_runrow set (fillfactor = 60)", migrations.RunSQL.noop),
        wall.door(
            "own_runs(person bigint)",
            "table (section text, said jsonb)",
            RUNS,
            kinds=("account", "member", "staff", "system"),
        ),
    ]
