"""How the background work of a portal stands, and what its page shows of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import queue
from remise.core.actor import Actor
from remise.core.jobs import JOBS
from remise.core.paging import Numbered, Page, page_of_numbered
from remise.core.words import Text
from remise.messages.dead_letters import DeadLetter, dead_letters
from remise.operations import rules, words
from remise.operations.rights import OperationsRight, require
from remise.operations.rules import State, Trouble
from remise.operations.things import Shown, described


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the two lists somebody is, as the address holds it."""

    after: str = ""
    before: str = ""
    mail_after: str = ""
    mail_before: str = ""


START = Places()


@dataclass(frozen=True, slots=True)
class Kind:
    """Waiting jobs of one kind, in the user's words."""

    label: Text
    waiting: queue.Waiting


@dataclass(frozen=True, slots=True)
class AtWork:
    label: Text
    about: Shown | None
    running: queue.Running


@dataclass(frozen=True, slots=True)
class GaveUp:
    label: Text
    why: Text
    about: Shown | None
    failed: queue.Failed


@dataclass(frozen=True, slots=True)
class Overview:
    state: State
    later: int
    waiting: Sequence[Kind]
    running: Sequence[AtWork]
    failed: Page[GaveUp]
    letters: Page[DeadLetter]
    seen: datetime | None  # the last sign of life of any worker

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        return rules.troubles(self.state)

    @property
    def is_busy(self) -> bool:
        return rules.is_busy(self.state)


def overview(by: Actor, at: Places = START) -> Overview:
    require(by, OperationsRight.VIEW)
    waiting, running, workers = queue.waiting(), queue.running(), queue.workers()
    failed = _page(queue.failed, lambda job: job.job, after=at.after, before=at.before)
    letters = _page(dead_letters, lambda letter: letter.mail, after=at.mail_after, before=at.mail_before)
    about = described(by, [*(job.ids for job in running), *(job.ids for job in failed.rows)])
    return Overview(
        state=_state(waiting, running, failed.rows, letters.rows, workers),
        later=sum(kind.later for kind in waiting),
        waiting=[Kind(label_of(kind.name), kind) for kind in waiting],
        running=[AtWork(label_of(job.name), thing, job) for job, thing in zip(running, about, strict=False)],
        failed=failed.showing(
            [
                GaveUp(label_of(job.name), words.why(job.error), thing, job)
                for job, thing in zip(failed.rows, about[len(running) :], strict=True)
            ]
        ),
        letters=letters,
        seen=workers.seen,
    )


def _page[T](fetch: Numbered[T], number: Callable[[T], int], *, after: str, before: str) -> Page[T]:
    """A page behind the last one is the first: what stood there was mended meanwhile."""
    found = page_of_numbered(fetch, number, after=after, before=before)
    return found if found.rows else page_of_numbered(fetch, number)


def need_a_person(by: Actor) -> tuple[int, int]:
    """How many jobs gave up and how many mails were not delivered."""
    require(by, OperationsRight.VIEW)
    return _total(queue.failed(size=1)), _total(dead_letters(size=1))


def label_of(name: str) -> Text:
    """What this job does; a job of a version that is no longer there has no label."""
    job = JOBS.get(name)
    return (job.label if job else "") or _("Work of an earlier version")


def _state(
    waiting: Sequence[queue.Waiting],
    running: Sequence[queue.Running],
    failed: Sequence[queue.Failed],
    letters: Sequence[DeadLetter],
    workers: queue.Workers,
) -> State:
    now = timezone.now()
    oldest: dict[str, datetime] = {}
    for kind in waiting:
        if kind.oldest is not None:
            oldest[kind.lane] = min(kind.oldest, oldest.get(kind.lane, kind.oldest))
    next_at = min((kind.next_at for kind in waiting if kind.next_at is not None), default=None)
    return State(
        workers=workers.alive,
        due=sum(kind.due for kind in waiting),
        running=len(running),
        failed=_total(failed),
        not_delivered=_total(letters),
        waited={lane: now - since for lane, since in oldest.items()},
        next_in=None if next_at is None else next_at - now,
    )


def _total(rows: Sequence[queue.Failed] | Sequence[DeadLetter]) -> int:
    return rows[0].total if rows else 0
