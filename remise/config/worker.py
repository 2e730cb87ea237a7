"""The worker: takes jobs from the queue on a login of its own, which sees the tables of jobs and nothing else.

What a job does, it does as the application: in a thread, with Django's connection, in the scope it enters. So a
job that defers another does that in its own transaction; only taking and finishing go over the worker's login.
It may be killed at any moment: its transactions are gone with it, its heartbeat stops, and any other worker, or
the next one, puts back in the queue what it held.
"""

import asyncio
import copy
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import procrastinate_app
from procrastinate.job_context import JobContext
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from remise.core.errors import DomainError
from remise.core.jobs import EVERY_DAY, Lane
from remise.core.observe import fault, place

log = structlog.get_logger("remise.worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """Real time, in seconds."""

    poll: float = 1.0  # beside listen/notify, which a lost connection may miss
    heartbeat: float = 2.0
    stalled_after: float = 10.0  # without a heartbeat
    rescue: float = 3.0
    grace: float = 8.0  # for the jobs at hand, when told to stop
    daily: float = 60.0  # between two looks at whether a new day has begun


PACE = Pace()
# A job that took so many workers with it is not given to another one.
LAST_RESCUE = 10
DAY = 86_400

RESCUE = """
with stalled as materialized (
  select job.id, job.attempts from procrastinate_jobs job
  where job.status = 'doing' and not exists (
    select from procrastinate_workers w where w.id = job.worker_id
    and w.last_heartbeat > now() - make_interval(secs => %(stalled_after)s))
  order by job.id for update of job skip locked)
select id, case when attempts < %(last)s
  then procrastinate_retry_job_v2(id, now(), null, null, null)
  else procrastinate_finish_job_v1(id, 'failed', false) end
from stalled
"""


# What went wrong with a job last stays with it, for who looks after them: never the error's words (docs/adr/0007).
KEEP_FAULT = """
update procrastinate_jobs set fault = jsonb_build_object('error', %(error)s::text, 'place', %(place)s::text)
where id = any(%(jobs)s)"""
LOST = "WorkerLost"  # the worker ended in the middle of it


def queue_at(address: str) -> App:
    """The application's jobs with a connection of the worker's. The application keeps its own: exchanging it, as
    procrastinate's own command does, would let a job defer another one outside its transaction."""
    queue = copy.copy(procrastinate_app.current_app)
    # The name goes into the worker's row with its heartbeat: which process it is, on which machine.
    options = {"application_name": f"{socket.gethostname()[:40]}:{os.getpid()}"}
    queue.connector = PsycopgConnector(conninfo=address, kwargs=options, min_size=1, max_size=4, timeout=10)
    queue.job_manager = JobManager(queue.connector)
    return queue


async def work(address: str, *, concurrency: int, pace: Pace = PACE) -> bool:
    """Do jobs until told to stop; False when something else ended it. Quick jobs and long ones have a lane each,
    so that neither waits for the other."""
    logging.getLogger("procrastinate.worker").addFilter(_not_said_by_the_job)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(len(Lane) * concurrency + 1, thread_name_prefix="job"))
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    queue = queue_at(address)
    async with queue.open_async():
        parts = [asyncio.create_task(_lane(queue, lane, concurrency, pace)) for lane in Lane]
        parts += [asyncio.create_task(_rescue(queue, pace)), asyncio.create_task(_every_day(queue, pace))]
        log.info("worker started", concurrency=concurrency)
        gc.freeze()  # what was loaded stays: looking through it for garbage took a large file a tenth of its time
        await _until_told(told, parts)
        await _finish(parts, pace.grace, code=0 if told.is_set() else 1)
    log.info("worker stopped", told=told.is_set())
    return told.is_set()


async def _until_told(told: asyncio.Event, parts: list[asyncio.Task[None]]) -> None:
    telling = asyncio.create_task(told.wait())
    await asyncio.wait([telling, *parts], return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    for part in parts:
        if part.done() and (error := part.exception()):
            log.error("worker failed", **fault(error))


async def _finish(parts: list[asyncio.Task[None]], grace: float, *, code: int) -> None:
    """Let the jobs at hand end. Threads cannot be stopped, so what takes longer ends with the process: its
    transaction is rolled back, and another worker does it again."""
    for part in parts:
        part.cancel()  # which a lane takes as: take no more, and wait
    _, late = await asyncio.wait(parts, timeout=grace)
    if late:
        log.warning("worker stopped with work at hand")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


async def _lane(queue: App, lane: Lane, concurrency: int, pace: Pace) -> None:
    await queue.run_worker_async(
        name=lane,
        queues=[lane],
        concurrency=concurrency,
        fetch_job_polling_interval=pace.poll,
        update_heartbeat_interval=pace.heartbeat,
        stalled_worker_timeout=pace.stalled_after,
        install_signal_handlers=False,
        delete_jobs="successful",
        worker_middleware=[_keep_fault],
    )


async def _keep_fault[R](process: Callable[[], Awaitable[R]], context: JobContext, worker: Worker) -> R:
    try:
        return await process()
    except Exception as error:
        try:
            await _note(worker.app, [context.job.id], error=_name(error), place=place(error))
        except Exception as other:
            log.warning("why a job failed was not kept", **fault(other))
        raise


def _name(error: Exception) -> str:
    """Its kind, and the stable code of a refusal."""
    name = type(error).__name__
    return f"{name}: {error.code}" if isinstance(error, DomainError) else name


async def _note(queue: App, jobs: Sequence[int | None], *, error: str, place: str) -> None:
    await queue.connector.execute_query_async(KEEP_FAULT, jobs=list(jobs), error=error, place=place)


async def _rescue(queue: App, pace: Pace) -> None:
    """Put back what a killed worker held: one statement, so that two workers never put back the same job."""
    while True:
        rows = await queue.connector.execute_query_all_async(
            RESCUE, stalled_after=pace.stalled_after, last=LAST_RESCUE
        )
        for row in rows:
            log.warning("job rescued", id=row["id"])
        if rows:
            await _note(queue, [row["id"] for row in rows], error=LOST, place="")
        await asyncio.sleep(pace.rescue)


async def _every_day(queue: App, pace: Pace) -> None:
    """Defer the day's work, once however many workers there are, and later where none was there at midnight (UTC).
    Over the worker's connection: procrastinate's own way takes the application's, which has no rights here."""
    done = 0
    while True:
        await asyncio.sleep(pace.daily)
        day = int(time.time()) // DAY * DAY
        if day == done:
            continue
        job = queue.tasks[EVERY_DAY].configure(task_kwargs={"timestamp": day}).job
        await queue.job_manager.defer_periodic_job(job=job, periodic_id="", defer_timestamp=day)
        done = day


def _not_said_by_the_job(record: logging.LogRecord) -> bool:
    """Procrastinate's own line about a failed job repeats the error's words, and so the values of a row."""
    return not getattr(record, "action", "").startswith("job_error")
