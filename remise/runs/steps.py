"""What a job of a run has in common: its step is still due, and it acts for the person who began the run.

Each step is one transaction. It locks the run, does its part as the member, counts, takes the next number and
defers the next job: all of it or nothing. So a kill at any moment loses the step and never doubles it, and a job
that runs twice finds its number past. A second job of the same run waits for the lock rather than skipping: who
holds it may as well be the page that pauses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.rights import Decision
from remise.core.scope import enter, switch
from remise.runs import moves
from remise.runs.kinds import kinds
from remise.runs.models import Run
from remise.runs.selectors import decide, person_of


class NotNow(Exception):
    """Nothing is wrong with the work, but it cannot be done at this moment: the job is tried again."""


class UnknownKind(NotNow):
    """Begun by newer pages than this worker: another one will know it."""


# The database went away, or chose this transaction to end a deadlock: nothing is wrong with the work.
PASSING = (OperationalError, InterfaceError, NotNow)


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The person who began it may not do it any more."""

    code: str
    message: str | Promise


@dataclass(slots=True)
class Step:
    run: Run
    by: Actor | NotAllowed


@contextmanager
def take(system: Actor, *, run: int, step: int) -> Iterator[Step | None]:
    """Open the transaction of a step, in the scope of the person it acts for; None when it is no longer due."""
    with enter(system.scope):
        held = _due(run, step)
        if held is None:
            yield None
            return
        if held.kind not in kinds:
            raise UnknownKind(held.kind)
        with translation.override(held.language):
            by = _person(held, system)
            if isinstance(by, Actor):
                switch(by.scope)
            yield Step(held, by)


def stop(system: Actor, *, run: int, step: int, message: str = "") -> None:
    """After a fault: in a transaction of its own, for that of the step is gone."""
    with enter(system.scope):
        held = _due(run, step)
        if held is not None:
            with translation.override(held.language):
                words = message or _("Something went wrong on our side. You can try again.")
                moves.fail(held, by=system, message=words)


def _due(run: int, step: int) -> Run | None:
    return Run.objects.select_for_update(no_key=True).filter(id=run, step=step, state__in=Run.ACTIVE).first()


def _person(run: Run, system: Actor) -> Actor | NotAllowed:
    person = person_of(run, system)
    if person is None:
        # Kept with the run, and so without a name.
        message = _("Who began this no longer works for this company, or its key was taken back.")
        return NotAllowed("membership_ended", message)
    decision: Decision = decide(person, kinds[run.kind].right, branch=run.branch)
    return person if decision else NotAllowed(decision.code, decision.message)
