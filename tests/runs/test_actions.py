"""Beginning, pausing, resuming and cancelling: legal moves, rights, and safe to send again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from remise.core.actor import system
from remise.core.errors import Forbidden, NotVisible
from remise.core.scope import enter
from remise.runs import actions, moves
from remise.runs.models import Run, RunRow
from remise.runs.moves import IllegalMove
from tests import jobs
from tests.runs.office import Office, counts, now, office
from tests.runs.trial.kinds import TrialRight
from tests.world import OWNER


def test_begin_stores_run_rows_event_and_job_together(garage: Office) -> None:
    run = garage.stamp({}, {})
    assert counts(run) == ("waiting", 0, 0)
    assert RunRow.objects.using(OWNER).filter(run=run).count() == 2
    event = garage.events("run.begun")[0]
    assert (event.subject_kind, event.subject, event.after) == (
        "run",
        run.id,
        {"kind": "trial.stamp", "rows": 2},
    )
    asked = {"portal": garage.portal.id, "run": run.id, "step": 1}
    assert [(name, given) for _, name, given in jobs.waiting()] == [("runs.advance", asked)]


def test_begin_rolled_back_leaves_nothing(garage: Office) -> None:
    by = garage.actor()
    with pytest.raises(ZeroDivisionError), enter(by.scope):  # noqa: PT012  # that is the point
        actions.begin_run(by=by, kind="trial.stamp", inputs={}, rows=[("A", {"number": 1})])
        raise ZeroDivisionError
    assert Run.objects.using(OWNER).filter(portal=garage.portal.id).count() == 0
    assert jobs.waiting() == []
    assert garage.events() == []


def test_begin_without_right_is_refused(garage: Office) -> None:
    reader = garage.colleague(TrialRight.LIST)
    with pytest.raises(Forbidden) as refused:
        garage.stamp({}, by=garage.actor(reader))
    assert refused.value.decision.right is TrialRight.STAMP
    with pytest.raises(Forbidden), enter(system(portal=garage.portal.id, name="x").scope):
        actions.begin_run(by=system(portal=garage.portal.id, name="x"), kind="trial.stamp", inputs={})


def test_begin_in_another_branch_is_refused(garage: Office) -> None:
    colleague = garage.colleague(TrialRight.STAMP, branch=garage.zwolle)
    with pytest.raises(Forbidden):
        garage.stamp({}, by=garage.actor(colleague, branch=garage.deventer))
    assert garage.stamp({}, by=garage.actor(colleague)).branch is None


def test_same_sent_twice_leads_to_the_run_there_is(garage: Office) -> None:
    first = garage.stamp({}, {})
    jobs.work_off()
    second = garage.stamp({}, {})
    assert (second.id, first.sent_before, second.sent_before) == (first.id, False, True)
    assert len(jobs.waiting()) == 0
    assert garage.stamps() == {1: 1, 2: 1}


def test_other_rows_other_person_or_other_company_is_another_run(garage: Office) -> None:
    other = office()
    begun = [
        garage.stamp({}),
        garage.stamp({}, {}),
        garage.stamp({}, by=garage.actor(garage.colleague(TrialRight.STAMP))),
        other.stamp({}),
    ]
    assert len({run.id for run in begun}) == 4


def test_same_after_cancelling_or_asked_for_again_is_a_new_run(garage: Office) -> None:
    first = garage.stamp({})
    garage.cancel(first)
    second = garage.stamp({})
    third = garage.begin("trial.stamp", rows=[("R1", {"number": 1})], again=True)
    assert len({first.id, second.id, third.id}) == 3
    assert garage.stamp({}).id == third.id


def test_export_that_is_done_is_made_anew(garage: Office) -> None:
    first = garage.export(parts=1)
    assert garage.export(parts=1).id == first.id
    jobs.work_off()
    assert garage.export(parts=1).id != first.id


def test_same_sent_at_the_same_moment_is_one_run(garage: Office) -> None:
    barrier = Barrier(4)

    def send(_: int) -> int:
        try:
            barrier.wait()
            return garage.stamp({}, {}, {}).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    assert len(jobs.waiting()) == 1


def test_paused_run_does_nothing_until_it_is_resumed(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(25)])
    jobs.work_off(1)
    garage.pause(run)
    jobs.work_off()
    assert counts(run) == ("paused", 10, 0)
    garage.resume(run)
    assert counts(run) == ("waiting", 10, 0)
    jobs.work_off()
    assert counts(run) == ("done", 25, 0)
    assert set(garage.stamps().values()) == {1}


def test_job_from_before_a_pause_does_nothing_after_it(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(25)])
    garage.pause(run)
    garage.resume(run)
    assert [given["step"] for _, _, given in jobs.waiting()] == [1, 2]
    jobs.work_off(1)
    assert counts(run) == ("waiting", 0, 0)
    jobs.work_off()
    assert counts(run) == ("done", 25, 0)


def test_cancelled_run_keeps_what_is_done_and_does_no_more(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(25)])
    jobs.work_off(1)
    garage.cancel(run)
    jobs.work_off()
    assert counts(run) == ("cancelled", 10, 0)
    assert now(run).ended_at is not None
    assert RunRow.objects.using(OWNER).filter(run=run, verdict="pending").count() == 15
    assert garage.events("run.cancelled")[0].after == {"accepted": 10, "refused": 0}


def test_moves_write_who_made_them(garage: Office) -> None:
    colleague = garage.colleague(TrialRight.STAMP)
    run = garage.stamp({})
    garage.pause(run, by=garage.actor(colleague))
    garage.resume(run)
    said = [(event.kind, event.account) for event in garage.events()]
    assert said == [
        ("run.begun", garage.clerk.account_id),
        ("run.paused", colleague.account_id),
        ("run.resumed", garage.clerk.account_id),
    ]


ALLOWED = {
    "waiting": {"pause", "cancel"},
    "running": {"pause", "cancel"},
    "paused": {"resume", "cancel"},
    "failed": {"resume", "cancel"},
    "cancelled": set[str](),
    "done": set[str](),
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("move", ["pause", "resume", "cancel"])
def test_only_legal_moves_are_made(garage: Office, state: str, move: str) -> None:
    run = garage.stamp({})
    Run.objects.using(OWNER).filter(pk=run.pk).update(state=state)
    if move in ALLOWED[state]:
        getattr(garage, move)(run)
        assert now(run).state != state
    else:
        with pytest.raises(IllegalMove):
            getattr(garage, move)(run)
        assert now(run).state == state


@pytest.mark.parametrize("state", Run.State)
@pytest.mark.parametrize("to", Run.State)
def test_refused_move_is_told_in_words(state: Run.State, to: Run.State) -> None:
    run = Run(state=state)
    if to in Run.MOVES[state]:
        moves.move(run, to)
        assert run.state == to
        return
    with pytest.raises(IllegalMove) as refused:
        moves.move(run, to)
    otherwise = f"This is not possible now. State: {state.label}."
    assert str(refused.value.message) == str(moves.REFUSALS.get(to, otherwise))


def test_export_cannot_be_paused(garage: Office) -> None:
    run = garage.export(parts=1)
    with pytest.raises(IllegalMove, match="cannot be paused"):
        garage.pause(run)


def test_move_without_right_or_by_a_stranger_is_refused(garage: Office) -> None:
    run = garage.stamp({})
    with pytest.raises(Forbidden):
        garage.cancel(run, by=garage.actor(garage.colleague(TrialRight.LIST)))
    stranger = office()
    with pytest.raises(NotVisible):
        garage.cancel(run, by=stranger.actor())
    assert now(run).state == "waiting"


def test_run_of_the_whole_company_is_not_for_who_works_in_one_branch(garage: Office) -> None:
    colleague = garage.colleague(TrialRight.STAMP, branch=garage.zwolle)
    run = garage.stamp({})
    own = garage.stamp({"number": 2}, by=garage.actor(colleague))
    with pytest.raises(Forbidden):
        garage.pause(run, by=garage.actor(colleague))
    garage.pause(own, by=garage.actor(colleague))
