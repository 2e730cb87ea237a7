from django.db import migrations

# A scope role may defer a job and nothing else: the function runs as its owner, so that the arguments of other
# companies' jobs stay unread. The worker's own login has the job tables and not one row of anything else.
DEFER = """
alter function procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])
  security definer set search_path = public, pg_temp;
revoke all on function procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) from public;
grant execute on function procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])
  to remise_public, remise_account, remise_member, remise_agent, remise_staff, remise_system, remise_jobs;
grant select, insert, update, delete on procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
  procrastinate_workers to remise_jobs;
grant usage on sequence procrastinate_jobs_id_seq, procrastinate_events_id_seq,
  procrastinate_periodic_defers_id_seq, procrastinate_workers_id_seq to remise_jobs;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_wall"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [migrations.RunSQL(DEFER, migrations.RunSQL.noop)]
