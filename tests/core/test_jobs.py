"""Deferring: by every kind of actor, in the transaction of the action, without reading anybody's jobs."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.db import ProgrammingError, connection
from procrastinate.exceptions import ConnectorException

from remise.config.provision import Addresses
from remise.core import jobs as core_jobs
from remise.core.actor import Actor
from remise.core.events import record
from remise.core.jobs import Lane
from remise.core.models import Event
from remise.core.scope import ActorKind, Scope, enter
from remise.core.tasks import deliver, every_day
from remise.portals.models import Portal
from tests import jobs, world
from tests.runs.trial import tasks
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Iterator[Garage]:
    jobs.forget()
    yield world.garage()
    jobs.forget()


def scope_of(garage: Garage, kind: ActorKind) -> Scope:
    return replace(garage.actor().scope, kind=kind)


@pytest.mark.parametrize("kind", ActorKind)
def test_every_kind_of_actor_defers_within_its_transaction(garage: Garage, kind: ActorKind) -> None:
    with enter(scope_of(garage, kind)):
        deliver.defer(garage.portal.id, event=1, subscriber="x")
        assert jobs.waiting() == []  # not before it is committed
    arguments = {"portal": garage.portal.id, "event": 1, "subscriber": "x"}
    assert [(name, given) for _, name, given in jobs.waiting()] == [("core.deliver", arguments)]


def test_daily_work_is_deferred_for_each_portal(garage: Garage) -> None:
    other = world.garage()
    every_day(timestamp=0)
    asked = [given for _, name, given in jobs.waiting() if name == "runs.forget"]
    assert {garage.portal.id, other.portal.id} <= {given["portal"] for given in asked}
    assert len(asked) == Portal.objects.using(OWNER).count()


@pytest.mark.parametrize("kind", ActorKind)
def test_transaction_rolled_back_leaves_no_job(garage: Garage, kind: ActorKind) -> None:
    with pytest.raises(ZeroDivisionError), enter(scope_of(garage, kind)):  # noqa: PT012
        deliver.defer(garage.portal.id, event=1, subscriber="x")
        raise ZeroDivisionError
    assert jobs.waiting() == []


@pytest.mark.parametrize("kind", ActorKind)
@pytest.mark.parametrize(
    "statement",
    [
        "select * from procrastinate_jobs",
        "select * from procrastinate_events",
        "insert into procrastinate_jobs (queue_name, task_name) values ('quick', 'x')",
        "update procrastinate_jobs set status = 'failed'",
        "delete from procrastinate_jobs",
        "select procrastinate_finish_job_v1(1, 'failed', false)",
        "select procrastinate_fetch_job_v2(null, 1)",
        "select procrastinate_cancel_job_v1(1, true, true)",
        "select procrastinate_retry_job_v2(1, now(), null, null, null)",
        "select procrastinate_register_worker_v1()",
    ],
)
def test_no_kind_of_actor_touches_a_job_otherwise(garage: Garage, kind: ActorKind, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), enter(scope_of(garage, kind)):
        connection.cursor().execute(statement)


def test_without_a_scope_nothing_is_deferred(garage: Garage) -> None:
    with pytest.raises(ConnectorException, check=_is_forbidden):
        deliver.defer(garage.portal.id, event=1, subscriber="x")


def _is_forbidden(error: BaseException) -> bool:
    return isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)


def test_login_of_the_worker_reads_jobs_and_nothing_else(addresses: Addresses) -> None:
    """Row security says nothing here: it may not even ask."""
    with psycopg.connect(addresses.jobs, autocommit=True) as worker:
        tables = worker.execute(
            "select c.relname, has_any_column_privilege(c.oid, 'select, insert, update, references')"
            " or has_table_privilege(c.oid, 'delete, truncate, trigger')"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f')"
        ).fetchall()
        sequences = worker.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and case when c.relkind = 'S'"
            " then has_sequence_privilege(c.oid, 'usage, select, update') end"
        ).fetchall()
        may = {name for name, allowed in tables if allowed}
        assert len(tables) > len(may)
        assert may == {
            "procrastinate_jobs",
            "procrastinate_events",
            "procrastinate_periodic_defers",
            "procrastinate_workers",
        }
        assert {name.rpartition("_id_seq")[0] for (name,) in sequences} == may
        for role in ("remise_member", "remise_system", "remise_owner", "remise_app"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute(f"set role {role}")


def test_job_runs_as_the_named_system_with_the_portals_clock(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    monkeypatch.setattr(core_jobs, "clock_of_portal", lambda portal: timedelta(days=portal))
    seen: list[Actor] = []
    made = core_jobs.Job(
        seen.append,
        name=f"core.try-{world.unique()}",
        lane=Lane.QUICK,
        priority=0,
        attempts=3,
        stepwise=False,
    )
    made.run(portal=garage.portal.id)
    assert (seen[0].kind, seen[0].portal, seen[0].by_system) == (ActorKind.SYSTEM, garage.portal.id, made.name)
    assert seen[0].clock_offset == timedelta(days=garage.portal.id)


def test_job_that_fails_is_rolled_back_with_what_it_deferred(garage: Garage) -> None:
    with pytest.raises(ValueError, match="12-AB-CD"):
        tasks.fail.run(portal=garage.portal.id, number=1)
    assert Event.objects.using(OWNER).filter(portal=garage.portal.id).count() == 0
    assert jobs.waiting() == []


def test_line_in_the_log_holds_ids_and_the_place_but_not_the_words(
    garage: Garage, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="12-AB-CD"):
        tasks.fail.run(portal=garage.portal.id, number=1)
    told = caplog.records[-1].getMessage()
    assert "'error': 'ValueError'" in told
    assert "tasks.py" in told
    assert f"'portal': {garage.portal.id}" in told
    assert "12-AB-CD" not in told


def test_ids_are_given_by_name(garage: Garage) -> None:
    with enter(scope_of(garage, ActorKind.SYSTEM)), pytest.raises(TypeError, match="by name"):
        deliver.defer(garage.portal.id, 1, "x")  # type: ignore[call-arg]


def test_wrong_ids_are_refused_when_the_job_runs(garage: Garage) -> None:
    with pytest.raises(TypeError):
        deliver.run(portal=garage.portal.id, event=1)


def test_record_of_who_may_not_read_back_is_followed_by_nobody(garage: Garage) -> None:
    """Doors write an event and see nothing of it."""
    by = replace(garage.actor(), kind=ActorKind.ACCOUNT, organisation=None)
    with enter(by.scope):
        record("core.tried", by=by)
    assert jobs.waiting() == []
    assert Event.objects.using(OWNER).filter(portal=garage.portal.id).count() == 1
