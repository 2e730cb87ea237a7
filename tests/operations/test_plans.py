"""What needs a person is found by its index, however much another portal left behind."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from tests import jobs
from tests.operations.office import Office, office

JOBS = """
insert into procrastinate_jobs (queue_name, task_name, args, status)
select 'quick', 'trial.tell', jsonb_build_object('portal', %s::bigint, 'number', n), %s::procrastinate_job_status
from generate_series(1, %s) n"""
MAILS = """
insert into messages_mail (portal, reference, kind, sender, recipient, reply_to, language, subject, text, html,
  attached, secret, state, attempts, fault, written_at, settled_at)
select %s, gen_random_uuid(), 'x', 'a@b.example', 'c@d.example', '', 'nl', '', '', '', '{}', false, %s, 1, '',
  now(), now() from generate_series(1, %s)"""


@pytest.fixture
def here(owner_connection: psycopg.Connection) -> Iterator[Office]:
    """A hundred of ours among many of another."""
    jobs.forget()
    here, there = office(), office()
    owner_connection.execute("alter table procrastinate_jobs disable trigger user")
    try:
        for portal, status, number in (
            (there.portal, "failed", 20_000),
            (there.portal, "todo", 5_000),
            (here.portal, "failed", 100),
        ):
            owner_connection.execute(JOBS, [portal.id, status, number])
    finally:
        owner_connection.execute("alter table procrastinate_jobs enable trigger user")
    for portal, state, number in (
        (there.portal, "refused", 5_000),
        (here.portal, "sent", 20_000),
        (here.portal, "refused", 100),
    ):
        owner_connection.execute(MAILS, [portal.id, state, number])
    owner_connection.execute("analyze procrastinate_jobs, messages_mail")
    yield here
    jobs.forget()
    owner_connection.execute("delete from messages_mail where portal in (%s, %s)", [here.portal.id, there.portal.id])


@pytest.mark.parametrize(
    ("door", "index"),
    [
        ("jobs_failed", "procrastinate_jobs_failed"),
        ("jobs_retry_all", "procrastinate_jobs_failed"),
        ("mails_not_delivered", "messages_mail_not_sent"),
    ],
)
def test_door_reads_its_index(here: Office, owner_connection: psycopg.Connection, door: str, index: str) -> None:
    """A function that runs as the owner hides its plan: its words are planned here."""
    (words,) = owner_connection.execute("select prosrc from pg_proc where proname = %s", [door]).fetchone() or ("",)
    assert "limit size" in words
    with owner_connection.transaction():
        owner_connection.execute("select set_config('remise.portal', %s, true)", [str(here.portal.id)])
        for below, above in (("null", "null"), ("900", "null"), ("null", "900")):
            asked = re.sub(r"\bbelow\b", f"{below}::bigint", re.sub(r"\babove\b", f"{above}::bigint", words))
            plan = owner_connection.execute(f"explain {asked.replace('limit size', 'limit 50')}").fetchall()
            said = "\n".join(line for (line,) in plan)
            assert index in said
            assert "Seq Scan on procrastinate_jobs" not in said
            assert "Seq Scan on messages_mail" not in said
