"""What a run holds is let go in time: the file, and what was sent in and refused."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from remise.runs import moves
from remise.runs.models import Run, RunRow
from remise.runs.rules import ABANDONED, FILES, ROWS
from tests import jobs, sessions
from tests.runs.office import Office, counts, now, office
from tests.world import OWNER

pytestmark = pytest.mark.usefixtures("media")
A_MINUTE = timedelta(minutes=1)


def sweep(of: Office) -> None:
    jobs.put("runs.forget", {"portal": of.portal.id})
    jobs.work_off()


def set_back(run: Run, column: str, by: timedelta) -> None:
    """As if it was so long ago."""
    Run.objects.using(OWNER).filter(pk=run.pk).update(**{column: timezone.now() - by})


def files(media: Path) -> list[Path]:
    return list(media.glob("runs/*"))


def data(run: Run) -> list[object]:
    return list(RunRow.objects.using(OWNER).filter(run=run).order_by("position").values_list("data", flat=True))


def made(of: Office) -> Run:
    run = of.export(parts=1)
    jobs.work_off()
    return run


def test_accepted_row_forgets_at_once_what_was_sent(garage: Office) -> None:
    run = garage.stamp({"driver": "J. de Vries"}, {"driver": "A. Smit", "then": "refuse", "words": "No."})
    jobs.work_off()
    assert data(run) == [{}, {"number": 2, "driver": "A. Smit", "then": "refuse", "words": "No."}]


def test_file_is_kept_for_a_week_and_then_gone(garage: Office, media: Path) -> None:
    run = made(garage)
    set_back(run, "ended_at", FILES.usual - A_MINUTE)
    sweep(garage)
    assert default_storage.exists(now(run).result)
    set_back(run, "ended_at", FILES.usual + A_MINUTE)
    sweep(garage)
    assert files(media) == []
    assert (now(run).state, now(run).result, counts(run)) == ("done", "", ("done", 10, 0))
    event = garage.events("run.forgotten")
    assert [(one.subject, one.by_system) for one in event] == [(run.id, "runs.forget")]
    sweep(garage)
    assert len(garage.events("run.forgotten")) == 1


def test_refused_rows_are_kept_for_a_month_and_then_empty(garage: Office) -> None:
    run = garage.stamp({}, {"driver": "A. Smit", "then": "refuse", "words": "No."})
    jobs.work_off()
    set_back(run, "ended_at", ROWS.usual - A_MINUTE)
    sweep(garage)
    assert data(run)[1] != {}
    set_back(run, "ended_at", ROWS.usual + A_MINUTE)
    sweep(garage)
    assert data(run) == [{}, {}]
    assert counts(run) == ("done", 1, 1)


def test_rows_that_were_never_done_are_emptied_too(garage: Office) -> None:
    run = garage.stamp({"driver": "A. Smit"})
    garage.cancel(run)
    set_back(run, "ended_at", ROWS.usual + A_MINUTE)
    sweep(garage)
    assert data(run) == [{}]


def test_what_nobody_went_on_with_is_given_up(garage: Office) -> None:
    run = garage.stamp({"driver": "A. Smit"})
    garage.pause(run)
    set_back(run, "stepped_at", ABANDONED.usual - A_MINUTE)
    sweep(garage)
    assert now(run).state == "paused"
    set_back(run, "stepped_at", ABANDONED.usual + A_MINUTE)
    sweep(garage)
    assert (now(run).state, now(run).message, data(run)) == ("cancelled", _thirty_days(run), [{}])


def _thirty_days(run: Run) -> str:
    assert run.language == "en"
    return "Nothing happened with this for 1 month."


def test_another_insurers_files_are_left_alone(garage: Office, media: Path) -> None:
    elsewhere = office()
    run = made(elsewhere)
    set_back(run, "ended_at", FILES.usual + A_MINUTE)
    sweep(garage)
    assert default_storage.exists(now(run).result)
    sweep(elsewhere)
    assert files(media) == []


def test_business_time_counts(garage: Office, media: Path) -> None:
    made(garage)
    garage.portal.clock_offset = FILES.usual + A_MINUTE
    garage.portal.save(using=OWNER)
    sweep(garage)
    assert files(media) == []


def test_killed_between_file_and_note_the_next_sweep_does_the_rest(
    garage: Office, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made(garage)
    set_back(run, "ended_at", FILES.usual + A_MINUTE)
    forget = moves.forget

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    monkeypatch.setattr(moves, "forget", killed)
    with pytest.raises(SystemExit):
        sweep(garage)
    assert (files(media), now(run).result != "") == ([], True)
    monkeypatch.setattr(moves, "forget", forget)
    sweep(garage)
    assert now(run).result == ""


def test_export_killed_while_it_is_stored_leaves_no_file_for_ever(garage: Office, media: Path) -> None:
    run = garage.export(parts=1)
    _, _, again = jobs.waiting()[0]
    save = default_storage.save

    def save_and_be_killed(name: str, content: object) -> str:
        save(name, content)  # type: ignore[arg-type]
        raise SystemExit

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_storage, "save", save_and_be_killed)
        with pytest.raises(SystemExit):
            jobs.work_off()
    assert len(files(media)) == 1
    jobs.put("runs.export", again)
    jobs.work_off()
    assert (now(run).state, len(files(media))) == ("done", 1)
    assert default_storage.exists(now(run).result)


def test_page_says_until_when_and_then_that_it_is_gone_and_makes_it_again(garage: Office, media: Path) -> None:
    client = sessions.client_of(garage.clerk, garage.portal)
    run = made(garage)
    address = reverse("runs:detail", args=[run.id])
    assert "The file is kept until" in shown(client, address)
    set_back(run, "ended_at", FILES.usual + A_MINUTE)
    sweep(garage)
    page = shown(client, address)
    assert "The file is no longer kept" in page
    assert "A file is kept for 1 week." in page
    assert reverse("runs:result", args=[run.id]) not in page
    assert client.get(reverse("runs:result", args=[run.id])).status_code == 404
    answer = client.post(reverse("runs:again", args=[run.id]))
    jobs.work_off()
    following = Run.objects.using(OWNER).get(portal=garage.portal.id, id__gt=run.id)
    assert answer["Location"] == reverse("runs:detail", args=[following.id])
    assert (following.inputs, following.state, len(files(media))) == (run.inputs, "done", 1)
    assert moment(following) > moment(run)


def moment(run: Run) -> datetime:
    return now(run).began_at


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()
