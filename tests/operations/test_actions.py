"""Repairing: exactly once, written down, and only in one's own portal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from remise.core import queue
from remise.core.actor import system
from remise.core.errors import Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.messages.models import Mail
from remise.operations import actions
from remise.operations.actions import DoneAlreadyError
from remise.operations.retention import FAILED
from remise.operations.tasks import forget
from tests import jobs, world
from tests.journeys.server import Mailbox
from tests.operations.office import Office, dead_letter, office
from tests.races import at_once
from tests.world import OWNER


@pytest.fixture
def here() -> Office:
    jobs.forget()
    return office()


def stored(mail: Mail) -> Mail:
    return Mail.objects.using(OWNER).get(id=mail.id)


def test_retry_puts_a_failed_job_back_with_all_its_attempts(here: Office) -> None:
    number = here.failed(7)
    here.do(actions.retry_job, job=number)
    assert jobs.status_of(number) == ("todo", 0)
    (event,) = here.events("job.retried")
    assert (event.subject_kind, event.subject, event.account, event.after) == (
        "job",
        number,
        here.operator.account_id,
        {"name": "trial.tell"},
    )
    assert jobs.work_off() == 1
    (told,) = here.events("trial.told")
    assert told.subject == 7


def test_retry_twice_at_the_same_moment_is_done_once(here: Office) -> None:
    number = here.failed()
    answers = at_once(*[lambda: here.do(actions.retry_job, job=number)] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["DoneAlreadyError"] * 3 + ["NoneType"]
    assert jobs.status_of(number) == ("todo", 0)
    assert len(here.events("job.retried")) == 1


def test_retry_of_a_job_that_is_done_meanwhile_says_so(here: Office) -> None:
    number = here.failed()
    here.do(actions.retry_job, job=number)
    jobs.work_off()
    with pytest.raises(DoneAlreadyError):
        here.do(actions.retry_job, job=number)
    assert len(here.events("trial.told")) == 1


def test_retry_of_a_job_that_waits_changes_nothing(here: Office) -> None:
    jobs.put("trial.tell", {"portal": here.portal.id, "number": 1})
    ((number, _name, _arguments),) = jobs.waiting("trial.tell")
    with pytest.raises(DoneAlreadyError):
        here.do(actions.retry_job, job=number)
    assert here.events("job.retried") == []


def test_retry_all_at_the_same_moment_puts_each_back_once(here: Office) -> None:
    numbers = [here.failed(number) for number in range(5)]
    others = office().failed()
    counted = at_once(*[lambda: here.do(actions.retry_all)] * 4)
    assert sum(counted) == 5
    assert {jobs.status_of(number) for number in numbers} == {("todo", 0)}
    assert jobs.status_of(others) == ("failed", 11)
    said = [job for event in here.events("jobs.retried") for job in (event.after or {})["jobs"]]
    assert sorted(said) == numbers


def test_job_let_go_is_gone_and_that_is_written(here: Office) -> None:
    number = here.failed()
    answers = at_once(*[lambda: here.do(actions.let_job_go, job=number)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["DoneAlreadyError", "NoneType"]
    assert jobs.status_of(number) is None
    (event,) = here.events("job.let_go")
    assert event.after == {"name": "trial.tell"}


def test_dead_letter_is_sent_again_and_arrives(here: Office, mailbox: Mailbox) -> None:
    letter = dead_letter(here.portal)
    here.do(actions.send_again, mail=letter.id)
    waiting = stored(letter)
    assert (waiting.state, waiting.attempts, waiting.fault, waiting.settled_at) == ("waiting", 0, "", None)
    assert [given["mail"] for _, _, given in jobs.waiting("messages.send")] == [str(letter.reference)]
    (mail,) = mailbox.delivered()
    assert (mail["To"], mail["Message-ID"]) == (letter.recipient, f"<{letter.reference}@koetspoort.example>")
    assert stored(letter).state == Mail.State.SENT
    (event,) = here.events("mail.sent_again")
    assert (event.subject, event.after) == (letter.id, None)


def test_dead_letter_sent_again_twice_at_the_same_moment_goes_once(here: Office, mailbox: Mailbox) -> None:
    letter = dead_letter(here.portal, state="given_up", fault="put_off")
    answers = at_once(*[lambda: here.do(actions.send_again, mail=letter.id)] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["DoneAlreadyError"] * 3 + ["NoneType"]
    assert len(jobs.waiting("messages.send")) == 1
    assert len(mailbox.delivered()) == 1
    assert len(here.events("mail.sent_again")) == 1


def test_mail_is_not_put_back_when_its_job_is_not_kept(here: Office) -> None:
    """Both or neither."""
    letter = dead_letter(here.portal)
    by = here.actor()
    with pytest.raises(ZeroDivisionError), enter(by.scope):  # noqa: PT012
        actions.send_again(by=by, mail=letter.id)
        raise ZeroDivisionError
    assert stored(letter).state == Mail.State.REFUSED
    assert jobs.waiting("messages.send") == []


def test_mail_that_is_refused_again_comes_back(here: Office, mailbox: Mailbox) -> None:
    letter = dead_letter(here.portal)
    here.do(actions.send_again, mail=letter.id)
    mailbox.answers = ["550 no such person"]
    mailbox.deliver()
    assert stored(letter).state == Mail.State.REFUSED
    here.do(actions.send_again, mail=letter.id)
    assert len(mailbox.delivered()) == 1


@pytest.mark.parametrize("state", list(Mail.State))
def test_only_moves_that_are_legal_are_made(here: Office, state: Mail.State) -> None:
    settled = None if state == Mail.State.WAITING else timezone.now()
    letter = dead_letter(here.portal, state=state, settled_at=settled)
    if Mail.State.WAITING in Mail.MOVES[state]:
        here.do(actions.send_again, mail=letter.id)
        assert stored(letter).state == Mail.State.WAITING
    else:
        with pytest.raises(DoneAlreadyError):
            here.do(actions.send_again, mail=letter.id)
        assert stored(letter).state == state


def test_mail_let_go_is_forgotten_for_good(here: Office) -> None:
    letter = dead_letter(here.portal)
    here.do(actions.let_mail_go, mail=letter.id)
    kept = stored(letter)
    assert (kept.recipient, kept.subject, kept.text, kept.state) == ("", "", "", "refused")
    assert kept.forgotten_at is not None
    for action in (actions.let_mail_go, actions.send_again):
        with pytest.raises(DoneAlreadyError):
            here.do(action, mail=letter.id)
    assert len(here.events("mail.let_go")) == 1
    assert jobs.waiting("messages.send") == []


REPAIRS: list[tuple[Callable[..., Any], str]] = [
    (actions.retry_job, "job"),
    (actions.let_job_go, "job"),
    (actions.send_again, "mail"),
    (actions.let_mail_go, "mail"),
]


def broken(here: Office) -> dict[str, Any]:
    return {"job": here.failed(), "mail": dead_letter(here.portal).id}


@pytest.mark.parametrize(("action", "kind"), REPAIRS)
def test_what_is_another_portals_does_not_exist(here: Office, action: Callable[..., Any], kind: str) -> None:
    theirs = broken(office())
    with pytest.raises(NotVisible):
        here.do(action, **{kind: theirs[kind]})
    assert jobs.status_of(theirs["job"]) == ("failed", 11)
    assert Mail.objects.using(OWNER).get(id=theirs["mail"]).state == Mail.State.REFUSED
    assert not Event.objects.using(OWNER).filter(portal=here.portal.id, subject=theirs[kind]).exists()


@pytest.mark.parametrize(("action", "kind"), REPAIRS)
def test_who_may_only_look_repairs_nothing(here: Office, action: Callable[..., Any], kind: str) -> None:
    mine = broken(here)
    with pytest.raises(Forbidden):
        here.do(action, who=here.onlooker, **{kind: mine[kind]})
    with pytest.raises(Forbidden):
        here.do(actions.retry_all, who=here.onlooker)
    assert jobs.status_of(mine["job"]) == ("failed", 11)


def test_customer_with_the_right_by_mistake_repairs_nothing(here: Office) -> None:
    garage = world.garage(at=here.portal)
    number = here.failed()
    by = garage.actor("operations.view", "operations.manage")
    with enter(by.scope), pytest.raises(NotVisible):
        actions.retry_job(by=by, job=number)


def test_failed_jobs_are_kept_for_a_while_and_no_longer(here: Office) -> None:
    old, new, elsewhere = here.failed(1), here.failed(2), office().failed(3)
    nobodys = jobs.put_failed("core.every_day", {"timestamp": 0})
    age([old, elsewhere, nobodys], FAILED.usual + timedelta(minutes=1))
    age([new], FAILED.usual - timedelta(minutes=1))
    forget.run(portal=here.portal.id)
    assert [jobs.status_of(number) is None for number in (old, new, elsewhere, nobodys)] == [True, False, False, True]


def test_job_that_waits_for_long_is_not_forgotten(here: Office) -> None:
    jobs.put("trial.tell", {"portal": here.portal.id, "number": 1})
    ((number, _name, _arguments),) = jobs.waiting("trial.tell")
    age([number], FAILED.usual * 2)
    by = system(portal=here.portal.id, name="operations.forget")
    with enter(by.scope):
        assert queue.forget(before=timezone.now() - FAILED.usual) == 0
    assert jobs.status_of(number) == ("todo", 0)


def age(numbers: list[int], time: timedelta) -> None:
    from django.db import connections

    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "update procrastinate_events set at = %s where job_id = any(%s)", [timezone.now() - time, numbers]
        )
