"""A run with rows: one verdict per row, in order, once, as the person who began it."""

import pytest

from remise.core.scope import enter
from remise.organisations import actions as organisation_actions
from remise.organisations.models import Grant, Membership
from remise.organisations.rights import OrganisationRight
from remise.runs import rows, steps
from remise.runs.models import Run, RunRow
from tests import jobs, world
from tests.runs.office import Office, counts, now, verdicts
from tests.runs.trial.kinds import TrialRight
from tests.world import OWNER

DONE = ("accepted", "", "")
OURS = "Something went wrong on our side. Nothing was done for this line."


def test_run_gives_each_row_its_verdict(garage: Office) -> None:
    run = garage.stamp({}, {"then": "refuse", "words": "Too late."}, {"words": "As asked"})
    jobs.work_off()
    assert verdicts(run) == [DONE, ("refused", "told_to", "Too late."), ("accepted", "", "As asked")]
    assert counts(run) == ("done", 2, 1)
    assert garage.stamps() == {1: 1, 3: 1}


def test_run_takes_rows_in_order_and_in_steps(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(25)])
    assert [name for _, name, _ in jobs.waiting()] == ["runs.advance"]
    jobs.work_off(1)
    assert counts(run) == ("running", 10, 0)
    assert [event.subject for event in garage.events("trial.stamped")] == list(range(1, 11))
    jobs.work_off()
    assert counts(run) == ("done", 25, 0)
    assert len(jobs.waiting()) == 0


def test_step_ends_early_when_rows_take_long(garage: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "SECONDS", 0.05)
    run = garage.stamp(*[{"seconds": 0.03} for _ in range(9)])
    jobs.work_off(1)
    assert now(run).state == "running"
    assert 0 < now(run).accepted < 9


def test_run_acts_as_member_in_the_place_of_who_began_it(garage: Office) -> None:
    garage.stamp({})
    jobs.work_off()
    event = garage.events("trial.stamped")[0]
    assert (event.account, event.by_system, event.via) == (garage.clerk.account_id, "", "import")
    assert event.organisation == garage.organisation.id
    said = [event.kind for event in garage.events() if event.kind.startswith("run.")]
    assert said == ["run.begun", "run.done"]


def test_run_without_rows_is_done(garage: Office) -> None:
    run = garage.stamp()
    jobs.work_off()
    assert counts(run) == ("done", 0, 0)


def test_key_that_comes_twice_is_refused_the_second_time(garage: Office) -> None:
    run = garage.begin("trial.stamp", rows=[("A", {"number": 1}), ("A", {"number": 2}), ("B", {"number": 3})])
    assert (run.rows, run.refused) == (3, 1)
    jobs.work_off()
    twice = "This is in the file twice. The first one counts."
    assert verdicts(run) == [DONE, ("refused", "twice", twice), DONE]
    assert garage.stamps() == {1: 1, 3: 1}


@pytest.mark.parametrize("how", ["break", "break in database"])
def test_fault_of_ours_refuses_the_row_and_the_run_goes_on(
    garage: Office, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    run = garage.stamp({}, {"then": how, "words": "12-AB-CD"}, {})
    jobs.work_off()
    assert verdicts(run) == [DONE, ("refused", "fault", OURS), DONE]
    assert garage.stamps() == {1: 1, 3: 1}
    row = RunRow.objects.using(OWNER).get(run=run, position=2)
    assert f"'row': {row.id}" in caplog.text
    assert "12-AB-CD" not in caplog.text


def test_many_faults_in_one_step_stop_the_run_and_it_can_be_tried_again(
    garage: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "FAULTS", 3)
    run = garage.stamp({}, *[{"then": "break", "words": ""} for _ in range(3)], {})
    jobs.work_off()
    assert counts(run) == ("failed", 0, 0)
    assert now(run).message == "Something went wrong on our side. You can try again."
    assert garage.stamps() == {}
    assert garage.events("run.failed")[0].by_system == "runs.advance"
    RunRow.objects.using(OWNER).filter(run=run).update(data={"number": 7})
    garage.resume(run)
    jobs.work_off()
    assert counts(run) == ("done", 5, 0)
    assert now(run).message == ""


def test_step_whose_database_goes_away_is_undone_and_tried_again(garage: Office) -> None:
    run = garage.stamp({}, {"then": "lose database"})
    with pytest.raises(steps.PASSING):
        jobs.work_off()
    assert counts(run) == ("waiting", 0, 0)
    assert garage.stamps() == {}


def test_step_killed_before_commit_leaves_nothing_and_its_job_does_it_again(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(12)], {"then": "be killed"}, {})
    jobs.work_off(1)
    _, _, again = jobs.waiting("runs.advance")[0]
    with pytest.raises(SystemExit):
        jobs.work_off()
    assert counts(run) == ("running", 10, 0)
    assert len(jobs.waiting("runs.advance")) == 0
    RunRow.objects.using(OWNER).filter(run=run, position=13).update(data={"number": 13})
    jobs.put("runs.advance", again)
    jobs.work_off()
    assert counts(run) == ("done", 14, 0)
    assert garage.stamps() == dict.fromkeys(range(1, 15), 1)


def test_job_that_runs_twice_does_its_step_once(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(15)])
    _, _, first = jobs.waiting()[0]
    jobs.work_off(1)
    jobs.put("runs.advance", first)
    jobs.put("runs.advance", first)
    jobs.work_off()
    assert counts(run) == ("done", 15, 0)
    assert set(garage.stamps().values()) == {1}


def test_rights_taken_away_refuse_the_rows_that_are_left(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(12)])
    jobs.work_off(1)
    Grant.objects.using(OWNER).filter(membership=garage.clerk, right=TrialRight.STAMP).delete()
    jobs.work_off()
    assert counts(run) == ("done", 10, 2)
    assert verdicts(run)[10:] == [("refused", "right_missing", "You do not have the right for this yet.")] * 2
    assert garage.events("run.done")[0].by_system == "runs.advance"


def test_membership_that_ended_refuses_the_rows_that_are_left(garage: Office) -> None:
    run = garage.stamp(*[{} for _ in range(11)])
    jobs.work_off(1)
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    with enter(garage.actor(owner).scope):
        organisation_actions.end_membership(by=garage.actor(owner), membership=garage.clerk.id)
    jobs.work_off()
    assert verdicts(run)[10] == (
        "refused",
        "membership_ended",
        "Who began this no longer works for this company, or its key was taken back.",
    )
    assert Membership.objects.using(OWNER).get(pk=garage.clerk.pk).state == "ended"


def test_right_in_one_branch_counts_for_work_in_that_branch(garage: Office) -> None:
    colleague = garage.colleague(TrialRight.STAMP, branch=garage.zwolle)
    run = garage.stamp({}, by=garage.actor(colleague, branch=garage.zwolle))
    jobs.work_off()
    assert counts(run) == ("done", 1, 0)
    Grant.objects.using(OWNER).filter(membership=colleague).update(branch=garage.deventer)
    other = garage.stamp({"number": 2}, by=garage.actor(colleague, branch=garage.deventer))
    Grant.objects.using(OWNER).filter(membership=colleague).update(branch=garage.zwolle)
    jobs.work_off()
    assert counts(other) == ("done", 0, 1)


def test_words_are_in_the_language_of_who_began_it(garage: Office) -> None:
    from django.utils import translation

    with translation.override("de"):
        run = garage.stamp({})
    assert now(run).language == "de"


def test_run_that_waits_for_nobody_else_can_be_started_again_when_it_stands_still(garage: Office) -> None:
    from datetime import timedelta

    from django.utils import timezone

    run = garage.stamp({})
    jobs.forget()
    Run.objects.using(OWNER).filter(pk=run.pk).update(stepped_at=timezone.now() - timedelta(minutes=16))
    assert now(run).is_stalled
    garage.resume(run)
    jobs.work_off()
    assert counts(run) == ("done", 1, 0)
