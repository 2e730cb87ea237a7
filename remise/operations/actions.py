"""What the operator does with work that gave up. Of two who ask the same at once one does it, and the other reads
that it was done: the row decides (`core.queue`, `messages.dead_letters`)."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events, queue
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, DomainError, NotVisible
from remise.core.models import Event
from remise.messages import dead_letters
from remise.operations.rights import OperationsRight, require

LARGEST = 2**63 - 1  # number of a row


class DoneAlreadyError(BrokenRule):
    """Somebody was faster, or pressed twice."""

    code = "done_already"


@transaction.atomic
def retry_job(*, by: Actor, job: int) -> None:
    """Have it tried again, with all its attempts before it."""
    require(by, OperationsRight.MANAGE)
    name = queue.retry(_number(job))
    if name is None:
        raise _not_there(by, "job", job, known=queue.is_known(job))
    events.record("job.retried", by=by, subject=("job", job), after={"name": name})


@transaction.atomic
def retry_all(*, by: Actor) -> int:
    """Have all that gave up tried again, at most `queue.AT_ONCE` at a time; how many."""
    require(by, OperationsRight.MANAGE)
    jobs = queue.retry_all()
    if jobs:
        events.record("jobs.retried", by=by, after={"jobs": list(jobs)})
    return len(jobs)


@transaction.atomic
def let_job_go(*, by: Actor, job: int) -> None:
    """It will not be done, and is no longer shown."""
    require(by, OperationsRight.MANAGE)
    name = queue.let_go(_number(job))
    if name is None:
        raise _not_there(by, "job", job, known=queue.is_known(job))
    events.record("job.let_go", by=by, subject=("job", job), after={"name": name})


@transaction.atomic
def send_again(*, by: Actor, mail: int) -> None:
    """A mail that was not delivered goes back to the outbox, with a new job."""
    require(by, OperationsRight.MANAGE)
    if not dead_letters.put_back(by.in_portal, _number(mail)):
        raise _not_there(by, "mail", mail, known=dead_letters.is_known(mail))
    events.record("mail.sent_again", by=by, subject=("mail", mail))


@transaction.atomic
def let_mail_go(*, by: Actor, mail: int) -> None:
    """Nobody will get it: whom it was for and what it said are forgotten."""
    require(by, OperationsRight.MANAGE)
    if not dead_letters.let_go(_number(mail)):
        raise _not_there(by, "mail", mail, known=dead_letters.is_known(mail))
    events.record("mail.let_go", by=by, subject=("mail", mail))


def _number(number: int) -> int:
    if number > LARGEST:
        raise NotVisible(_("This does not exist."))
    return number


def _not_there(by: Actor, kind: str, number: int, *, known: bool) -> DomainError:
    """A job that was done is gone: the event tells whoever pressed twice from whoever tries numbers."""
    of = Event.objects.filter(portal=by.in_portal, subject_kind=kind, subject=number)
    if known or of.exists():
        return DoneAlreadyError(_("This was done already. The page shows how it is now."))
    return NotVisible(_("This does not exist."))
