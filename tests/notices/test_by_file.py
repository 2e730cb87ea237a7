"""Notices by file: made once, uploaded by hand, and answered line by line."""

import csv
from io import StringIO
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.db import connection

from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.scope import enter
from remise.notices.actions import answering, batching
from remise.notices.actions.answering import take_answer_file
from remise.notices.actions.batching import make_file, mark_uploaded
from remise.notices.models import Batch
from remise.notices.register.as_file import HEADER, AnswerFile
from tests import jobs, vehicles
from tests.notices.telling import State, Telling, Way, telling
from tests.races import at_once
from tests.world import OWNER


def by_file() -> Telling:
    jobs.forget()
    return telling(way=Way.FILE)


def make(of: Telling) -> Batch:
    with enter(of.staff.scope):
        return make_file(by=of.staff)


def answer(of: Telling, batch: Batch, *lines: str) -> tuple[int, AnswerFile]:
    content = "\r\n".join(["batch;line;verdict;code;words", *lines]).encode()
    with enter(of.staff.scope):
        return take_answer_file(by=of.staff, batch=batch, content=content)


def test_file_holds_what_the_law_asks() -> None:
    of = by_file()
    held = of.register(days=2)
    batch = make(of)
    head, header, line = csv.reader(StringIO(batch.content), delimiter=";")
    assert head == ["batch", "1", "0413"]
    assert header == list(HEADER)
    assert line == [
        "1",
        "start",
        held.plate.value,
        vehicles.CODE,
        "",
        of.garage.portal.insurer,
        of.garage.policy.number,
        vehicles.back(of.garage, 2).isoformat(),
        "",
    ]


def test_file_stays_as_it_was_made() -> None:
    of = by_file()
    held = of.register()
    batch = make(of)
    of.undo(held.entry)
    of.register()
    assert Batch.objects.using(OWNER).get(id=batch.id).content == batch.content
    # It may have been uploaded: it is annulled, and not taken back.
    assert of.told(held) == [("start", State.GOING), ("annul", State.PENDING)]


def test_uploaded_file_counts_as_filed() -> None:
    of = by_file()
    held = of.register()
    batch = make(of)
    assert of.notices(held)[0].sent_at is None
    for _twice in range(2):
        with enter(of.staff.scope):
            mark_uploaded(by=of.staff, batch=batch.id)
    (notice,) = of.notices(held)
    assert (notice.state, notice.sent_at is not None) == (State.SENT, True)


def test_answer_settles_line_by_line_and_twice_does_no_harm() -> None:
    of = by_file()
    good, bad, silent = (of.register() for _one in range(3))
    batch = make(of)
    lines = ["1;1;accepted;;", "1;2;rejected;check_code;Meldcode klopt niet"]
    assert answer(of, batch, *lines)[0] == 2
    assert [of.told(each)[0][1] for each in (good, bad, silent)] == [State.ACCEPTED, State.REJECTED, State.SENT]
    assert answer(of, batch, *lines)[0] == 0
    assert of.notices(bad)[0].words == "Meldcode klopt niet"


def test_lines_that_cannot_be_read_are_told_and_the_others_taken() -> None:
    of = by_file()
    held = of.register()
    batch = make(of)
    taken, read = answer(
        of, batch, "1;1;accepted;;", "", "1;2;accepted;;", "9;1;accepted;;", "1;1;perhaps;;", "1;1", "1;²;accepted;;"
    )
    assert taken == 1
    assert [mistake.number for mistake in read.mistakes] == [4, 5, 6, 7, 8]
    assert of.told(held) == [("start", State.ACCEPTED)]


def test_answer_is_taken_in_while_its_file_is_noted_as_uploaded(monkeypatch: pytest.MonkeyPatch) -> None:
    of = by_file()
    held = of.register()
    batch = make(of)
    answered = Event()

    def slowly(by: Actor, **said: Any) -> None:
        answered.set()
        _until_somebody_waits()
        batching.note_sent(by, **said)

    def upload() -> None:
        answered.wait(10)
        with enter(of.staff.scope):
            mark_uploaded(by=of.staff, batch=batch.id)

    monkeypatch.setattr(answering, "note_sent", slowly)
    at_once(lambda: answer(of, batch, "1;1;accepted;;"), upload)
    assert of.told(held) == [("start", State.ACCEPTED)]


def _until_somebody_waits() -> None:
    """For a lock that we hold."""
    for _again in range(200):
        with connection.cursor() as cursor:
            cursor.execute("select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))")
            if cursor.rowcount:
                return
        sleep(0.05)
    raise AssertionError


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a;b\r\n1;2", b"\0"])
def test_file_that_is_no_answer_changes_nothing(content: bytes) -> None:
    of = by_file()
    held = of.register()
    batch = make(of)
    with pytest.raises(BrokenRule) as refusal, enter(of.staff.scope):
        take_answer_file(by=of.staff, batch=batch, content=content)
    assert refusal.value.code == "no_answer_file"
    assert of.told(held) == [("start", State.GOING)]


def test_two_who_make_a_file_at_once_have_no_notice_twice() -> None:
    of = by_file()
    for _one in range(5):
        of.register()
    made = at_once(lambda: make(of), lambda: make(of))
    assert sorted(type(each).__name__ for each in made) == ["Batch", "BrokenRule"]
    assert [batch.size for batch in of.batches()] == [5]


def test_connection_sends_nothing_that_goes_by_file() -> None:
    of = by_file()
    held = of.register()
    make(of)
    of.exchange()
    assert of.told(held) == [("start", State.GOING)]
