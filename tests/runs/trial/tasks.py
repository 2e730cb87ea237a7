"""Jobs that tell how they are run."""

import os
import time

from django.db import connection

from remise.core import events
from remise.core.actor import Actor
from remise.core.jobs import URGENT, Lane, job


@job("trial.tell")
def tell(actor: Actor, *, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select session_user, current_user, pg_backend_pid(),"
            " (select count(*) from pg_stat_activity where usename = 'remise_app' and datname = current_database())"
        )
        session, role, backend, connected = cursor.fetchone()
    said = {"session": session, "role": role, "backend": backend, "connected": connected, "process": os.getpid()}
    events.record("trial.told", by=actor, subject=("trial", number), after=said)


@job("trial.hurry", priority=URGENT)
def hurry(actor: Actor, *, number: int) -> None:
    events.record("trial.told", by=actor, subject=("trial", number))


@job("trial.give_up", attempts=1)
def give_up(actor: Actor, *, number: int) -> None:
    """Fails once, and not when it is tried again."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from core_event where kind = 'job.retried' and portal = %s", [actor.portal])
        (mended,) = cursor.fetchone()
    if not mended:
        raise ValueError("of 12-AB-CD")
    events.record("trial.told", by=actor, subject=("trial", number))


@job("trial.fail")
def fail(actor: Actor, *, number: int) -> None:
    """Defers another job and fails: that one must not be there."""
    events.record("trial.told", by=actor, subject=("trial", number))
    assert actor.portal is not None
    tell.defer(actor.portal, number=number + 1)
    raise ValueError("of 12-AB-CD")


@job("trial.pass_on")
def pass_on(actor: Actor, *, number: int, left: int) -> None:
    assert actor.portal is not None
    tell.defer(actor.portal, number=number)
    if left:
        pass_on.defer(actor.portal, number=number + 1, left=left - 1)


@job("trial.linger", lane=Lane.LONG)
def linger(actor: Actor, *, number: int, seconds: int) -> None:
    time.sleep(seconds)
    events.record("trial.told", by=actor, subject=("trial", number))
