"""A run that makes a file: whole or not at all, as the person who asked for it."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from remise.core.actor import Actor
from remise.organisations.models import Grant
from remise.runs import steps
from remise.runs.models import Run
from remise.runs.steps import Step
from tests import jobs
from tests.runs.office import Office, counts, now
from tests.runs.trial.kinds import TrialRight
from tests.world import OWNER

pytestmark = pytest.mark.usefixtures("media")


@contextmanager
def during_part(number: int, happens: Callable[[], None]) -> Iterator[None]:
    """Have something happen just before a part is written, outside its transaction."""
    take, begun = steps.take, itertools.count(1)

    @contextmanager
    def take_and(system: Actor, **named: int) -> Iterator[Step | None]:
        if next(begun) == number + 1:
            happens()
        with take(system, **named) as taken:
            yield taken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "take", take_and)
        yield


def lines(run: Run) -> list[str]:
    with default_storage.open(now(run).result) as file:
        return str(file.read(), "utf-8").splitlines()


def test_export_writes_the_whole_file_as_the_member(garage: Office) -> None:
    run = garage.export(parts=3)
    jobs.work_off()
    assert counts(run) == ("done", 30, 0)
    assert lines(run) == [f"{number};{garage.clerk.account_id};remise_member" for number in range(30)]
    assert now(run).rows == 30
    assert now(run).file_name == "numbers.csv"
    assert [event.kind for event in garage.events()] == ["run.begun", "run.done"]


def test_export_shows_its_progress_after_each_part(garage: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    run, seen = garage.export(parts=3), []
    due = steps._due

    def watch(number: int, step: int) -> Run | None:
        seen.append((now(run).state, now(run).accepted))
        return due(number, step)

    monkeypatch.setattr(steps, "_due", watch)
    jobs.work_off()
    assert seen == [("waiting", 0), ("running", 10), ("running", 20), ("running", 30), ("running", 30)]


def test_export_without_a_line_is_an_empty_file(garage: Office) -> None:
    run = garage.export(parts=0)
    jobs.work_off()
    assert counts(run) == ("done", 0, 0)
    assert lines(run) == []


def test_name_of_the_file_is_made_harmless(garage: Office, media: Path) -> None:
    run = garage.export(parts=1, name="../../etc/stock 40.1/2.csv")
    jobs.work_off()
    assert now(run).file_name == "....etcstock_40.12.csv"
    assert len(list(media.glob("runs/*/*"))) == 1


def test_cancelled_export_stops_at_its_next_part(garage: Office, media: Path) -> None:
    run = garage.export(parts=3)

    def cancel_halfway() -> None:
        garage.cancel(run)

    with during_part(2, cancel_halfway):
        jobs.work_off()
    assert counts(run) == ("cancelled", 20, 0)
    assert list(media.rglob("*.csv")) == []


def test_export_cancelled_while_it_is_stored_leaves_no_file(
    garage: Office, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = garage.export(parts=1)
    save = default_storage.save

    def save_late(name: str, content: object) -> str:
        garage.cancel(run)
        return str(save(name, content))  # type: ignore[arg-type]

    monkeypatch.setattr(default_storage, "save", save_late)
    jobs.work_off()
    assert counts(run)[0] == "cancelled"
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_export_of_who_loses_the_right_is_cancelled_with_the_reason(garage: Office) -> None:
    run = garage.export(parts=3)

    def revoke() -> None:
        Grant.objects.using(OWNER).filter(membership=garage.clerk).delete()

    with during_part(1, revoke):
        jobs.work_off()
    assert now(run).state == "cancelled"
    assert now(run).message == "You do not have the right for this yet."
    assert now(run).result == ""


def test_export_of_who_gets_other_rights_is_begun_anew(garage: Office) -> None:
    run = garage.export(parts=3)
    _, _, again = jobs.waiting()[0]

    def narrow() -> None:
        Grant.objects.using(OWNER).filter(membership=garage.clerk, right=TrialRight.STAMP).delete()

    with during_part(2, narrow), pytest.raises(steps.NotNow):
        jobs.work_off()
    assert (now(run).state, now(run).result) == ("running", "")
    jobs.put("runs.export", again)
    jobs.work_off()
    assert len(lines(run)) == 30


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"refuse_at": 1}, "Not today."),
        ({"break_at": 1}, "Something went wrong on our side. You can try again."),
    ],
)
def test_export_that_fails_says_so_and_can_be_tried_again(
    garage: Office, inputs: dict[str, Any], message: str
) -> None:
    run = garage.export(parts=3, **inputs)
    jobs.work_off()
    assert (now(run).state, now(run).message) == ("failed", message)
    Run.objects.using(OWNER).filter(pk=run.pk).update(inputs={"parts": 2})
    garage.resume(run)
    jobs.work_off()
    assert counts(run) == ("done", 20, 0)
    assert len(lines(run)) == 20


def test_killed_export_is_begun_anew(garage: Office) -> None:
    run = garage.export(parts=3)
    _, _, again = jobs.waiting()[0]

    def killed() -> None:
        raise SystemExit

    with during_part(2, killed), pytest.raises(SystemExit):
        jobs.work_off()
    assert counts(run) == ("running", 20, 0)
    jobs.put("runs.export", again)
    jobs.work_off()
    assert lines(run)[-1].startswith("29;")
    assert len(lines(run)) == 30
