"""Sending and answering over real HTTP, with a register that accepts, refuses, hangs up and says things twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from remise.core.models import Event
from remise.core.scope import enter
from remise.demo.state_register import Mode, Said, Stand
from remise.notices import tasks
from remise.notices.actions import batching
from remise.notices.actions.answering import take_answers
from remise.notices.actions.mending import correct_code, send_again
from remise.notices.models import Batch, Notice, RegisterSettings
from remise.notices.register.protocol import Answers, Verdict
from tests import jobs, vehicles
from tests.notices.telling import State, Telling, Way, code, connected, telling
from tests.races import at_once
from tests.world import OWNER


@pytest.fixture(autouse=True)
def _no_jobs_of_others() -> None:
    jobs.forget()


def wrong_code(said: Said) -> tuple[str, str] | None:
    return ("check_code", "Meldcode klopt niet") if said["check_code"] == vehicles.CODE else None


def due_again(of: Telling) -> None:
    """Whatever wait was laid upon a batch is over."""
    Batch.objects.using(OWNER).filter(portal=of.garage.portal.id, sent_at=None).update(due=timezone.now())


def test_start_is_sent_and_accepted() -> None:
    of = telling()
    held = of.register(days=3)
    with connected(Stand()) as stand:
        of.send()
        assert of.told(held) == [("start", State.SENT)]
        of.fetch()
    (notice,) = of.notices(held)
    assert notice.state == State.ACCEPTED
    assert notice.reference == "R00000001"
    (said,) = stand.told()
    assert (said["plate"], said["check_code"], said["policy"]) == (
        held.plate.value,
        vehicles.CODE,
        of.garage.policy.number,
    )
    event = Event.objects.using(OWNER).get(kind="notice.accepted", subject=notice.id)
    assert event.organisation == of.garage.organisation.id


def test_end_goes_after_its_start_was_accepted() -> None:
    of = telling()
    held = of.register(days=9)
    of.deregister(held, days=2)
    with connected(Stand(mode=Mode.MUTE)) as stand:
        of.send()
        of.send()
        assert of.told(held) == [("start", State.SENT), ("end", State.PENDING)]
        stand.mode = Mode.WELL
        of.exchange()
        assert of.told(held) == [("start", State.ACCEPTED), ("end", State.ACCEPTED)]
    assert [said["kind"] for said in stand.told()] == ["start", "end"]


def test_registration_undone_after_it_went_is_annulled() -> None:
    of = telling()
    held = of.register()
    with connected(Stand()) as stand:
        of.exchange()
        of.undo(held.entry)
        of.exchange()
        assert of.told(held) == [("start", State.ACCEPTED), ("annul", State.ACCEPTED)]
        assert stand.cover == {}


def test_refused_notice_waits_for_the_desk_and_holds_up_what_follows() -> None:
    of = telling()
    held = of.register(days=9)
    of.deregister(held, days=2)
    with connected(Stand(judge=wrong_code)) as stand:
        of.exchange()
    notice = of.notices(held)[0]
    assert (notice.state, notice.code, notice.words) == (State.REJECTED, "check_code", "Meldcode klopt niet")
    assert of.told(held)[1] == ("end", State.PENDING)
    assert len(stand.told()) == 1


def test_corrected_check_code_is_told_anew() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(judge=wrong_code)) as stand:
        of.exchange()
        (refused,) = of.notices(held)
        with enter(of.staff.scope):
            correct_code(by=of.staff, notice=refused.id, check_code=code("9999"))
        of.exchange()
        assert of.told(held) == [("start", State.CORRECTED), ("start", State.ACCEPTED)]
        assert [cover["check_code"] for cover in stand.cover.values()] == ["9999"]


def test_refused_notice_is_sent_again_as_it_is() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(judge=wrong_code)) as stand:
        of.exchange()
        stand.judge = lambda _said: None
        with enter(of.staff.scope):
            send_again(by=of.staff, notice=of.notices(held)[0].id)
        of.exchange()
    (notice,) = of.notices(held)
    assert (notice.state, notice.attempts) == (State.ACCEPTED, 2)


def test_late_answer_to_an_earlier_time_is_not_taken_for_this_one() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(judge=wrong_code)) as stand:
        of.exchange()
        (refused,) = of.notices(held)
        first = refused.ticket
        with enter(of.staff.scope):
            send_again(by=of.staff, notice=refused.id)
        stand.mode = Mode.MUTE
        of.send()
        with enter(of.system.scope):
            take_answers(of.system, Answers([Verdict(first, accepted=False, code="check_code")], ""))
    assert of.told(held) == [("start", State.SENT)]


def test_refused_notice_of_a_registration_that_is_undone_is_not_needed_any_more() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(judge=wrong_code)):
        of.exchange()
        of.undo(held.entry)
        of.exchange()
    assert of.told(held) == [("start", State.WITHDRAWN)]


def test_annulment_of_what_is_refused_meanwhile_is_not_sent() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(judge=wrong_code, mode=Mode.MUTE)) as stand:
        of.send()
        of.undo(held.entry)
        assert of.told(held) == [("start", State.SENT), ("annul", State.PENDING)]
        stand.mode = Mode.WELL
        of.exchange()
    assert of.told(held) == [("start", State.WITHDRAWN), ("annul", State.WITHDRAWN)]
    assert len(stand.told()) == 1


def test_register_that_hangs_up_after_taking_gets_the_batch_once() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(mode=Mode.DEAF)) as stand:
        of.send()
        assert of.told(held) == [("start", State.GOING)]
        stand.mode = Mode.WELL
        due_again(of)
        of.exchange()
        assert len(stand.calls) == 2
        assert len(stand.told()) == 1
    assert of.told(held) == [("start", State.ACCEPTED)]


def test_answer_that_comes_before_our_own_note_settles_the_notice() -> None:
    of = telling()
    held = of.register()
    with connected(Stand(mode=Mode.DEAF)) as stand:
        of.send()
        stand.mode = Mode.WELL
        of.fetch()
        assert of.told(held) == [("start", State.ACCEPTED)]
        due_again(of)
        of.send()
        assert len(stand.told()) == 1
    assert [batch.sent_at is not None for batch in of.batches()] == [True]


def test_answers_that_come_twice_are_taken_once() -> None:
    of = telling()
    held = [of.register() for _one in range(3)]
    with connected(Stand(mode=Mode.TWICE)):
        of.exchange()
        of.fetch()
    assert {state for _kind, state in of.told()} == {State.ACCEPTED}
    told = Event.objects.using(OWNER).filter(portal=of.garage.portal.id, kind="notice.accepted")
    assert told.count() == len(held)


@pytest.mark.parametrize("answer", [{"verdict": "perhaps"}, {"verdict": ["accepted"]}, "accepted", None])
def test_answer_that_cannot_be_read_holds_up_no_other(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    of = telling()
    bad, good = of.register(), of.register()
    whole = Stand.said_after

    with connected(Stand()):
        of.send()
        ticket = of.notices(bad)[0].ticket

        def with_a_bad_one(stand: Stand, after: str) -> tuple[list[Any], str]:
            told, mark = whole(stand, after)
            return [answer if one["ticket"] == ticket else one for one in told], mark

        monkeypatch.setattr(Stand, "said_after", with_a_bad_one)
        of.fetch()
    assert (of.told(bad), of.told(good)) == ([("start", State.SENT)], [("start", State.ACCEPTED)])
    assert RegisterSettings.objects.using(OWNER).get(portal=of.garage.portal).answers_after == "2"


@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.THROTTLE, Mode.HTML])
def test_silent_register_is_tried_again_ever_later(mode: Mode) -> None:
    of = telling()
    of.register()
    waits: list[timedelta] = []
    with connected(Stand(mode=mode, retry_after="7")) as stand:
        for _try in range(3):
            of.send()
            (batch,) = of.batches()
            assert batch.due is not None
            waits.append(batch.due - timezone.now())
            due_again(of)
        assert (batch.tries, bool(batch.fault)) == (3, True)
        assert waits[0] < waits[1] < waits[2]
        stand.mode = Mode.WELL
        of.exchange()
    assert of.told() == [("start", State.ACCEPTED)]
    assert of.batches()[0].fault == ""


def test_batch_whose_time_has_not_come_is_left_alone() -> None:
    of = telling()
    of.register()
    with connected(Stand(mode=Mode.FAIL)) as stand:
        of.send()
        stand.mode = Mode.WELL
        of.send()
        assert stand.calls == []


def test_two_workers_send_each_notice_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = telling()
    for _one in range(6):
        of.register()
    monkeypatch.setattr(batching, "TOGETHER", 2)
    with connected(Stand()) as stand:
        at_once(of.send, of.send, of.send)
        of.exchange()
    tickets = [said["ticket"] for said in stand.told()]
    assert len(tickets) == len(set(tickets)) == 6
    assert sorted(batch.number for batch in of.batches()) == list(range(1, len(of.batches()) + 1))
    assert {state for _kind, state in of.told()} == {State.ACCEPTED}


def test_change_while_a_batch_is_made_is_either_in_it_or_withdrawn() -> None:
    of = telling()
    held = [of.register() for _one in range(8)]
    with connected(Stand()) as stand:
        undo: list[Callable[[], object]] = [lambda one=one: of.undo(one.entry) for one in held]  # type: ignore[misc]
        at_once(of.send, *undo, of.send)
        of.exchange()
        assert stand.cover == {}
    assert not [one for one in of.notices() if one.is_open]


def test_nothing_goes_where_no_way_is_chosen() -> None:
    of = telling(way=Way.NONE)
    held = of.register()
    with connected(Stand()) as stand:
        of.exchange()
        assert stand.calls == []
    assert of.told(held) == [("start", State.PENDING)]


def test_notices_wait_where_no_register_has_an_address() -> None:
    of = telling()
    held = of.register()
    of.exchange()
    assert of.told(held) == [("start", State.PENDING)]


def test_registration_defers_the_sending() -> None:
    of = telling()
    of.register()
    names = {name for _number, name, _arguments in _all_jobs()}
    assert "notices.send" in names


def test_daily_look_brings_what_was_missed() -> None:
    of = telling()
    held = of.register()
    jobs.forget()
    with connected(Stand()):
        tasks.look_again.run(portal=of.garage.portal.id)
        jobs.work_off()
        of.exchange()
    assert of.told(held) == [("start", State.ACCEPTED)]


def test_adapter_that_raises_anything_puts_the_batch_off(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def send(self, _batch: object, *, seconds: float) -> str:
            raise ZeroDivisionError(seconds)

        def answers(self, _code: str, _after: str, *, seconds: float) -> Answers:
            raise ZeroDivisionError(seconds)

    monkeypatch.setattr(tasks, "register", Broken)
    of = telling()
    of.register()
    of.exchange()
    assert of.batches()[0].fault == "ZeroDivisionError"


def test_answers_about_nothing_of_ours_are_left_alone() -> None:
    of, other = telling(), telling()
    theirs = other.register()
    with connected(Stand(mode=Mode.MUTE)):
        other.send()
    (notice,) = other.notices(theirs)
    odd = [notice.ticket, "x", "1-", "9999999999999999999-1", "0-0", "²-1"]
    with enter(of.system.scope):
        assert take_answers(of.system, Answers([Verdict(each, accepted=True) for each in odd], "a")) == 0
    assert other.told(theirs) == [("start", State.SENT)]


def test_what_a_notice_says_stays() -> None:
    of = telling()
    held = of.register()
    from django.db import IntegrityError

    for change in ({"plate": "XX999X"}, {"state": State.ACCEPTED}, {"starts": "2020-01-01"}, {"place": 9}):
        with pytest.raises(IntegrityError):
            Notice.objects.using(OWNER).filter(item=held.item).update(**change)


def _all_jobs() -> list[jobs.Waiting]:
    from django.db import connections

    with connections[OWNER].cursor() as cursor:
        cursor.execute("select id, task_name, '{}' from procrastinate_jobs")
        return list(cursor.fetchall())
