"""Real workers killed at random moments: each row is done once, and so is what follows from it."""

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from remise.runs.models import Run
from tests import jobs
from tests.runs.office import Office, counts, now, verdicts


@pytest.mark.full
def test_run_is_done_once_after_two_kills(garage: Office) -> None:
    kill_again_and_again(garage, rows=60, kills=2, workers=1, seed=1)


@pytest.mark.full
@pytest.mark.parametrize(("workers", "seed"), [(1, 2), (2, 3)])
def test_run_is_done_once_after_many_kills(garage: Office, workers: int, seed: int) -> None:
    kill_again_and_again(garage, rows=300, kills=12, workers=workers, seed=seed)


def kill_again_and_again(garage: Office, *, rows: int, kills: int, workers: int, seed: int) -> None:
    chance = random.Random(seed)
    run = garage.stamp(*[{"seconds": 0.02} for _ in range(rows)])
    killed = 0
    with ExitStack() as stack:
        alive = [stack.enter_context(jobs.worker()) for _ in range(workers)]
        while killed < kills and not now(run).has_ended:
            wait_for_progress(run)
            time.sleep(chance.random() * 0.5)
            alive.pop(0).kill()
            killed += 1
            alive.append(stack.enter_context(jobs.worker()))
        jobs.eventually(lambda: now(run).has_ended, seconds=120)
        jobs.eventually(lambda: len(garage.stamps("trial.followed")) == rows, seconds=120)
        jobs.eventually(lambda: jobs.statuses() == {}, seconds=60)
        outputs = [worker.end() for worker in alive]
    assert killed == kills
    once = dict.fromkeys(range(1, rows + 1), 1)
    assert garage.stamps() == once
    assert garage.stamps("trial.followed") == once
    assert verdicts(run) == [("accepted", "", "")] * rows
    assert counts(run) == ("done", rows, 0)
    assert len(garage.events("run.done")) == 1
    assert not any(event in output for output in outputs for event in ("job failed", "run row", "run stopped"))


def wait_for_progress(run: Run) -> None:
    before = now(run).judged
    jobs.eventually(lambda: now(run).judged > before or now(run).has_ended)


@pytest.mark.full
def test_export_is_whole_after_a_kill(garage: Office, tmp_path: Path) -> None:
    run = garage.export(parts=30, seconds=0.1)
    with jobs.worker(MEDIA_ROOT=str(tmp_path)) as first:
        jobs.eventually(lambda: now(run).accepted > 50)
        first.kill()
    with jobs.worker(MEDIA_ROOT=str(tmp_path)):
        jobs.eventually(lambda: now(run).has_ended)
    assert counts(run) == ("done", 300, 0)
    lines = (tmp_path / now(run).result).read_text().splitlines()
    assert lines == [f"{number};{garage.clerk.account_id};remise_member" for number in range(300)]
