from django.db import migrations

from remise.core import wall

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

# A worker has a row for each of its lanes, and no name. What it calls its connection (config.worker) is the process.
# Failed jobs are the only ones that stay: the index of them costs the others nothing.
SEEN = """
alter table procrastinate_workers add column name text not null default current_setting('application_name', true);
-- What went wrong with it last: the kind of the error and where, never its words (docs/adr/0007).
alter table procrastinate_jobs add column fault jsonb;
create index procrastinate_jobs_failed on procrastinate_jobs ((args ->> 'portal'), id) where status = 'failed';
"""

# The portal of a job stands in its arguments.
OURS = "job.args ->> 'portal' = scope_portal()::text"
# Numbers, references and the word of what follows an event: never a text that somebody wrote.
IDS = """
    (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(job.args)
     where key <> 'portal' and (jsonb_typeof(value) = 'number' or key = 'subscriber'
       or value #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'))"""


def last(word: str) -> str:
    return f"(select max(at) from procrastinate_events e where e.job_id = job.id and e.type = '{word}')"  # noqa: S608


# By kind. Jobs are numbered as they come: the first that was never tried is the oldest of those.
WAITING = f"""
    with kinds as (
      select task_name, queue_name,
        count(*) filter (where scheduled_at is null or scheduled_at <= now()) as due,
        count(*) filter (where scheduled_at > now()) as later,
        min(id) filter (where scheduled_at is null) as first,
        min(scheduled_at) filter (where scheduled_at <= now()) as put_back,
        min(scheduled_at) filter (where scheduled_at > now()) as next_at
      from procrastinate_jobs job where status = 'todo' and {OURS} group by task_name, queue_name)
    select task_name::text, queue_name::text, due, later,
      least(put_back, (select min(at) from procrastinate_events e where e.job_id = first)), next_at
    from kinds order by due desc, task_name"""  # noqa: S608
RUNNING = f"""
    select job.id, job.task_name::text, {IDS}, {last("started")},
      (select min(other.id) from procrastinate_workers other where other.name = worker.name), worker.last_heartbeat
    from procrastinate_jobs job left join procrastinate_workers worker on worker.id = job.worker_id
    where job.status = 'doing' and {OURS} order by job.id"""  # noqa: S608
FAILED_JOB = f"""
      select job.id as number, job.task_name::text, {IDS}, {last("failed")},
        (select count(*) from procrastinate_events e where e.job_id = job.id and e.type = 'started'),
        coalesce(job.fault ->> 'error', ''), coalesce(job.fault ->> 'place', ''),
        (select count(*) from procrastinate_jobs job where status = 'failed' and {OURS})
      from procrastinate_jobs job where job.status = 'failed' and {OURS}"""  # noqa: S608
# A page of the list, newest first: what lies below a number, or what lies above one.
FAILED = f"""
    select * from (
      ({FAILED_JOB} and above is null and job.id < coalesce(below, {2**63 - 1}) order by job.id desc limit size)
      union all ({FAILED_JOB} and job.id > above order by job.id limit size)) found
    order by number desc"""  # noqa: S608
WORKERS = """
    select count(distinct name) filter (where last_heartbeat > now() - make_interval(secs => alive)),
      max(last_heartbeat) from procrastinate_workers"""
# Put back with all its attempts before it: who asks for it has mended something. Of two who ask at once the second
# waits for the row and then finds it no longer failed.
PUT_BACK = "set status = 'todo', attempts = 0, scheduled_at = now(), worker_id = null"
RETRY = f"""
    update procrastinate_jobs job {PUT_BACK}
    where job.id = number and job.status = 'failed' and {OURS} returning job.task_name::text"""
# Materialised: a plan may run a part of a condition once for each row, and each time it would choose as many more.
RETRY_ALL = f"""
    with chosen as materialized (
      select id from procrastinate_jobs job where status = 'failed' and {OURS}
      order by id limit size for update skip locked)
    update procrastinate_jobs job {PUT_BACK} from chosen where job.id = chosen.id
    returning job.id"""  # noqa: S608
LET_GO = f"""
    delete from procrastinate_jobs job
    where job.id = number and job.status = 'failed' and {OURS} returning job.task_name::text"""  # noqa: S608
KNOWN = f"select exists (select from procrastinate_jobs job where job.id = number and {OURS})"  # noqa: S608
# Of no portal is the one job that begins the day.
FORGET = f"""
    delete from procrastinate_jobs job where status = 'failed' and ({OURS} or not args ? 'portal')
      and not exists (select from procrastinate_events e where e.job_id = job.id and e.at >= before)
    returning job.id"""  # noqa: S608
BOTH = ("staff", "system")

DOORS = [
    wall.door(
        "jobs_waiting()",
        "table (name text, lane text, due bigint, later bigint, oldest timestamptz, next_at timestamptz)",
        WAITING,
        kinds=BOTH,
    ),
    wall.door(
        "jobs_running()",
        "table (job bigint, name text, ids jsonb, since timestamptz, worker bigint, seen timestamptz)",
        RUNNING,
        kinds=BOTH,
    ),
    wall.door(
        "jobs_failed(below bigint, above bigint, size integer)",
        "table (job bigint, name text, ids jsonb, failed timestamptz, tried bigint, error text, place text,"
        " total bigint)",
        FAILED,
        kinds=BOTH,
    ),
    wall.door("jobs_workers(alive integer)", "table (workers bigint, seen timestamptz)", WORKERS, kinds=BOTH),
    wall.door("jobs_known(number bigint)", "boolean", KNOWN, kinds=BOTH),
    wall.door("jobs_retry(number bigint)", "setof text", RETRY, kinds=BOTH, volatile=True),
    wall.door("jobs_retry_all(size integer)", "setof bigint", RETRY_ALL, kinds=BOTH, volatile=True),
    wall.door("jobs_let_go(number bigint)", "setof text", LET_GO, kinds=BOTH, volatile=True),
    wall.door("jobs_forget(before timestamptz)", "setof bigint", FORGET, kinds=("system",), volatile=True),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_wall"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(DEFER, migrations.RunSQL.noop),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
        *DOORS,
    ]
