"""The list, the page of one run and its file: who may see them, and what they show while it goes on."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from remise.core.ledger.book import Book
from remise.core.ledger.operations import Start
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.runs import selectors
from remise.runs.models import Run, RunRow
from tests import jobs, sessions, world
from tests.runs.office import Office, now, office
from tests.runs.trial.kinds import TrialRight
from tests.world import OWNER

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(garage: Office) -> Client:
    client = sessions.client_of(garage.clerk, garage.portal)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(run: Run, name: str = "detail") -> str:
    return reverse(f"runs:{name}", args=[run.id])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_shows_what_this_member_may_see(garage: Office, client: Client) -> None:
    garage.stamp({})
    assert text(client, reverse("runs:list")).count("rows-stack") == 1
    listing = garage.colleague(TrialRight.LIST)
    reader = sessions.client_of(listing, garage.portal)
    assert "Stamp" not in text(reader, reverse("runs:list"))


def test_list_without_any_right_is_refused(garage: Office) -> None:
    nobody = sessions.client_of(garage.colleague("users.manage"), garage.portal)
    assert nobody.get(reverse("runs:list")).status_code == 403


def test_list_asks_the_database_as_often_for_three_as_for_one(garage: Office, client: Client) -> None:
    text(client, reverse("runs:list"))  # a session notes at its first page that it is used
    asked = []
    for number in range(3):
        garage.stamp({"number": number})
        with CaptureQueriesContext(connection) as queries:
            text(client, reverse("runs:list"))
        asked.append(len(queries))
    assert asked[0] == asked[2]


def test_list_turns_its_pages(garage: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "PAGE", 2)
    ids = [garage.stamp({"number": number}).id for number in range(5)][::-1]
    by = garage.actor()
    with enter(by.scope):
        first = selectors.page_of_runs(by)
        assert ([one.run.id for one in first.rows], first.newer, first.older) == (ids[:2], None, str(ids[1]))
        second = selectors.page_of_runs(by, after=str(ids[1]))
        assert ([one.run.id for one in second.rows], second.newer, second.older) == (
            ids[2:4],
            str(ids[2]),
            str(ids[3]),
        )
        last = selectors.page_of_runs(by, after=str(ids[3]))
        assert ([one.run.id for one in last.rows], last.newer, last.older) == (ids[4:], str(ids[4]), None)
        back = selectors.page_of_runs(by, before=str(ids[2]))
        assert ([one.run.id for one in back.rows], back.newer, back.older) == (ids[:2], None, str(ids[1]))


@pytest.mark.parametrize(
    "asked", ["after=%C2%B2", "before=-1", "after=" + "9" * 40, "show=nothing", "after=x&before=y"]
)
def test_place_in_a_list_that_is_none_shows_a_page(garage: Office, client: Client, asked: str) -> None:
    run = garage.stamp({})
    text(client, f"{page(run)}?{asked}")
    text(client, f"{reverse('runs:list')}?{asked}")


def test_detail_shows_progress_verdicts_and_reasons(garage: Office, client: Client) -> None:
    run = garage.stamp({}, {"then": "refuse", "words": "Too late."})
    shown = text(client, page(run))
    assert "0 of 2" in shown
    assert f'hx-get="{page(run)}?state=waiting"' in shown
    jobs.work_off()
    shown = text(client, page(run))
    assert "2 of 2" in shown
    assert "Too late." in shown
    assert f'hx-get="{page(run)}' not in shown


def test_rows_can_be_narrowed_to_the_refused(garage: Office, client: Client) -> None:
    run = garage.stamp({}, {"then": "refuse", "words": "Too late."}, {})
    jobs.work_off()
    shown = text(client, page(run) + "?show=refused")
    # Between tags: a random token may hold any two letters.
    assert (shown.count("<tr>"), set(re.findall(r">\s*(R\d)\s*<", shown))) == (2, {"R2"})


def test_receipt_of_an_accepted_row_is_shown(garage: Office, client: Client) -> None:
    run = garage.stamp({})
    jobs.work_off()
    policy = world.policy(garage.organisation, world.product(garage.portal))
    entry = some_entry(garage, policy.id)
    RunRow.objects.using(OWNER).filter(run=run).update(entry=entry)
    assert f"-{entry:06d}" in text(client, page(run))


def some_entry(garage: Office, policy: int) -> int:
    by = garage.actor()
    with enter(by.scope):
        book = Book.open(
            RegistrationVersion, by=by, organisation=garage.organisation.id, policy=policy, keys=["X999XX"]
        )
        book.amend(book.by_key()["X999XX"], starts=date(2026, 1, 1), operations=(Start({}),))
        return book.settle()[0].id


def test_progress_is_a_part_of_the_same_page(garage: Office, client: Client) -> None:
    run = garage.stamp({})
    whole = text(client, page(run))
    part = client.get(page(run) + "?state=waiting", headers=HTMX)
    assert part.content.decode().strip() in whole
    assert "HX-Request" in part["Vary"]
    assert "HX-Refresh" not in part


def test_progress_reloads_the_page_when_the_state_changed(garage: Office, client: Client) -> None:
    run = garage.stamp({})
    jobs.work_off()
    part = client.get(page(run) + "?state=waiting", headers=HTMX)
    assert part["HX-Refresh"] == "true"


@pytest.mark.parametrize(("verb", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_button_moves_the_run(garage: Office, client: Client, verb: str, state: str) -> None:
    run = garage.stamp({})
    assert page(run, verb) in text(client, page(run))
    answer = client.post(page(run, verb))
    assert (answer.status_code, answer["Location"]) == (302, page(run))
    assert now(run).state == state
    assert page(run, verb) not in text(client, page(run))


def test_resume_goes_on(garage: Office, client: Client) -> None:
    run = garage.stamp({})
    client.post(page(run, "pause"))
    client.post(page(run, "resume"))
    jobs.work_off()
    assert now(run).state == "done"


def test_move_that_is_not_legal_says_why(garage: Office, client: Client) -> None:
    run = garage.stamp({})
    jobs.work_off()
    client.post(page(run, "cancel"))
    assert "This has ended: there is nothing left to cancel." in text(client, page(run))


@pytest.mark.parametrize("verb", ["again", "pause", "resume", "cancel"])
def test_moves_are_posted(garage: Office, client: Client, verb: str) -> None:
    assert client.get(page(garage.stamp({}), verb)).status_code == 405


def test_page_says_that_it_was_sent_before(garage: Office, client: Client) -> None:
    run, export = garage.stamp({}), garage.export(parts=1)
    assert "You sent this before" in text(client, page(run) + "?again")
    assert page(run, "again") not in text(client, page(run) + "?again")
    assert page(export, "again") not in text(client, page(export))
    shown = text(client, page(export) + "?again")
    assert "You asked for this before" in shown
    assert page(export, "again") in shown


def test_export_is_made_again_by_who_asks_for_it(garage: Office, media: Path) -> None:
    run = garage.export(parts=1)
    colleague = garage.colleague(TrialRight.LIST)
    answer = sessions.client_of(colleague, garage.portal).post(page(run, "again"))
    following = Run.objects.using(OWNER).get(organisation=garage.organisation.id, account=colleague.account_id)
    assert answer["Location"] == page(following)
    assert (following.kind, following.inputs) == (run.kind, run.inputs)
    own = garage.export(parts=1)
    assert (own.id, own.sent_before) == (run.id, True)  # the colleague's is another one


def test_file_that_was_sent_in_is_not_made_again(garage: Office, client: Client) -> None:
    run = garage.stamp({})
    client.post(page(run, "again"))
    assert "Only an export can be made again." in text(client, page(run))
    assert Run.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 1


def test_file_is_given_with_its_name_and_nothing_to_guess(garage: Office, client: Client, media: Path) -> None:
    run = garage.export(parts=2)
    assert client.get(page(run, "result")).status_code == 404
    jobs.work_off()
    assert page(run, "result") in text(client, page(run))
    answer = client.get(page(run, "result"))
    assert b"".join(answer).decode().splitlines()[-1] == f"19;{garage.clerk.account_id};remise_member"
    assert answer["Content-Disposition"] == 'attachment; filename="numbers.csv"'
    assert answer["Content-Type"] == "text/csv"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert garage.events("run.fetched")[0].account == garage.clerk.account_id


def test_file_that_is_gone_is_not_found(garage: Office, client: Client, media: Path) -> None:
    run = garage.export(parts=1)
    jobs.work_off()
    (media / now(run).result).unlink()
    assert client.get(page(run, "result")).status_code == 404


NAMES = ["detail", "result", "again", "pause", "resume", "cancel"]


@pytest.mark.parametrize("name", NAMES)
def test_stranger_finds_nothing_and_a_colleague_without_the_right_is_refused(
    garage: Office, media: Path, name: str
) -> None:
    run = garage.export(parts=1) if name == "result" else garage.stamp({})
    jobs.work_off() if name == "result" else None
    before = now(run).state
    elsewhere = office()
    colleague = garage.colleague(*(set(TrialRight) - {f"{run.kind}"}))
    for client, status in (
        (sessions.client_of(elsewhere.clerk, elsewhere.portal), 404),
        (sessions.client_of(colleague, garage.portal), 403),
    ):
        ask = client.get if name in {"detail", "result"} else client.post
        assert ask(page(run, name)).status_code == status
    assert now(run).state == before


def test_page_of_the_whole_company_is_not_for_who_works_in_one_branch(garage: Office) -> None:
    """Also where it was begun by who worked there at that moment, and may do the same everywhere."""
    there, colleague = (garage.colleague(TrialRight.STAMP, branch=garage.zwolle) for _ in range(2))
    runs = [garage.stamp({}), garage.stamp({"number": 2}, by=garage.actor(branch=garage.zwolle))]
    of_the_branch = [
        garage.stamp({"number": 3}, by=garage.actor(there, branch=garage.zwolle)),
        garage.stamp({"number": 4}, by=garage.actor(there)),
    ]
    client = sessions.client_of(colleague, garage.portal)
    assert [client.get(page(run)).status_code for run in runs] == [403, 403]
    assert [client.get(page(run)).status_code for run in of_the_branch] == [200, 200]
    listed = text(client, reverse("runs:list"))
    assert [page(run) in listed for run in (*runs, *of_the_branch)] == [False, False, True, True]
