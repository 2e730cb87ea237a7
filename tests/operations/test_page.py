"""The operator's page: whether all is well at a glance, what is not, and the buttons that mend it."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils.html import escape

from remise.desk.rights import DeskRight
from remise.messages.models import Mail
from remise.operations.rights import OperationsRight
from tests import jobs, sessions, world
from tests.desk.office import office as desk_office
from tests.operations.office import Office, dead_letter, office
from tests.world import OWNER

HTMX = {"HX-Request": "true"}


@pytest.fixture
def here(owner_connection: psycopg.Connection) -> Iterator[Office]:
    jobs.forget()
    alive(owner_connection)
    yield office()
    jobs.forget()
    owner_connection.execute("delete from procrastinate_workers")


def alive(owner: psycopg.Connection) -> None:
    owner.execute("delete from procrastinate_workers")
    owner.execute("insert into procrastinate_workers (name) values ('here:1'), ('here:1')")


def shown(client: Client, path: str = "/operations/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def asked(page: str) -> list[str]:
    """What it asks by itself; the search box asks when somebody types."""
    return [address for address in re.findall(r'hx-get="([^"]+)"', page) if not address.startswith("/search/")]


def note(page: str) -> str:
    (found,) = re.findall(r'class="note-title">(.*?)</p>', page)
    return str(found)


def tile(page: str, label: str) -> str:
    (found,) = re.findall(rf">{label}(?:</a>)?</h3>\s*<p class=\"tile-number\">(.*?)</p>", page)
    return str(found)


def test_nothing_wrong_is_said_in_one_line(here: Office) -> None:
    page = shown(here.client())
    assert note(page) == "Everything is being done"
    labels = ["Waiting now", "Running", "Gave up", "Not delivered", "Workers"]
    assert [tile(page, label) for label in labels] == ["0", "0", "0", "0", "1"]
    for empty in ("No work gave up", "Every mail was delivered", "Nothing is running", "Nothing is waiting"):
        assert empty in page
    assert asked(page) == []


def test_what_gave_up_and_came_back_is_counted_and_listed(here: Office) -> None:
    number = here.failed(task="messages.send", mail="0b6e7f3a-95d5-4d3c-8f0a-0d5b8d5c7f10")
    here.failed(task="runs.export", run=1, step=1)
    letter = dead_letter(here.portal)
    page = shown(here.client())
    assert note(page) == "2 jobs gave up · 1 mail was not delivered"
    assert "Send a mail" in page
    assert "tried 11 times" in page
    assert f'action="/operations/jobs/{number}/retry"' in page
    assert "Try all 2 again" in page
    assert letter.recipient in page
    assert escape(letter.subject) in page
    assert "The mail server refuses it" in page
    assert f'action="/operations/mails/{letter.id}/send-again"' in page
    assert asked(page) == []  # nothing that changes by itself


def test_without_a_worker_the_page_says_that_nothing_is_done(
    here: Office, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    page = shown(here.client())
    assert note(page) == "Nothing is being done: no worker is running"
    assert tile(page, "Workers") == "0"
    assert "5\N{NO-BREAK SPACE}minutes ago" in page


def test_work_that_waits_too_long_is_said(here: Office, owner_connection: psycopg.Connection) -> None:
    jobs.put("messages.send", {"portal": here.portal.id, "mail": "x"})
    owner_connection.execute("update procrastinate_events set at = now() - interval '12 minutes'")
    page = shown(here.client())
    assert note(page) == "Work has been waiting for 12\N{NO-BREAK SPACE}minutes"
    assert tile(page, "Longest wait") == "12\N{NO-BREAK SPACE}minutes"


def test_page_refreshes_itself_while_something_waits_or_runs(
    here: Office, owner_connection: psycopg.Connection
) -> None:
    client = here.client()
    jobs.put("runs.advance", {"portal": here.portal.id, "run": 1, "step": 1})
    page = shown(client)
    (again,) = asked(page)
    part = client.get(again, headers=HTMX)
    assert "HX-Refresh" not in part
    assert "HX-Request" in part["Vary"]
    assert "<html" not in part.content.decode()
    assert 'hx-swap-oob="true"' in part.content.decode()
    owner_connection.execute("update procrastinate_jobs set status = 'doing'")
    assert "Nothing is waiting" in client.get(again, headers=HTMX).content.decode()
    # What has buttons changed: the whole page is fetched.
    here.failed()
    assert client.get(again, headers=HTMX)["HX-Refresh"] == "true"


def test_no_worker_any_more_fetches_the_whole_page(here: Office, owner_connection: psycopg.Connection) -> None:
    client = here.client()
    jobs.put("runs.advance", {"portal": here.portal.id, "run": 1, "step": 1})
    (again,) = asked(shown(client))
    owner_connection.execute("delete from procrastinate_workers")
    assert client.get(again, headers=HTMX)["HX-Refresh"] == "true"


@pytest.mark.parametrize("opens", [True, False])
def test_failed_job_leads_to_what_it_is_about_for_who_may_read_it(here: Office, opens: bool) -> None:
    garage = world.garage(at=here.portal)
    asked = desk_office(garage=garage).late()
    (event,) = [one.id for one in desk_events(here)]
    here.failed(task="core.deliver", event=event, subscriber="fleet.await_answer")
    rights: list[Any] = [*OperationsRight, *(DeskRight if opens else ())]
    reader = world.member(world.insurer(here.portal), rights=rights, name="Hanna Smit")
    page = shown(sessions.client_of(reader, here.portal))
    assert garage.organisation.name in page
    assert (f'href="/desk/{asked.id}"' in page) is opens


def desk_events(here: Office) -> list[Any]:
    return here.events("request.opened")


def test_who_may_only_look_gets_no_buttons_and_is_refused(here: Office) -> None:
    number, letter = here.failed(), dead_letter(here.portal)
    client = here.client(here.onlooker)
    page = shown(client)
    assert "Try again" not in page
    assert "Send again" not in page
    paths = [f"jobs/{number}/retry", "jobs/retry", f"jobs/{number}/let-go"]
    paths += [f"mails/{letter.id}/send-again", f"mails/{letter.id}/let-go"]
    answers = {path: client.post(f"/operations/{path}") for path in paths}
    assert {answer.status_code for answer in answers.values()} == {403}
    assert {answer["X-Reason-Code"] for answer in answers.values()} == {"right_missing"}
    assert jobs.status_of(number) == ("failed", 11)


def test_what_is_another_portals_is_404(here: Office) -> None:
    there = office()
    number, letter = there.failed(), dead_letter(there.portal)
    client = here.client()
    for path in (f"jobs/{number}/retry", f"jobs/{number}/let-go"):
        assert client.post(f"/operations/{path}").status_code == 404
    for path in (f"mails/{letter.id}/send-again", f"mails/{letter.id}/let-go"):
        assert client.post(f"/operations/{path}").status_code == 404
    assert letter.recipient not in shown(client)
    assert jobs.status_of(number) == ("failed", 11)


def test_button_pressed_twice_says_that_it_was_done(here: Office) -> None:
    number, client = here.failed(), here.client()
    said = [client.post(f"/operations/jobs/{number}/retry", follow=True).content.decode() for _ in range(2)]
    assert "It is tried again now." in said[0]
    assert "This was done already." in said[1]
    assert len(here.events("job.retried")) == 1


def test_all_are_tried_again_by_one_button(here: Office) -> None:
    numbers, client = [here.failed(n) for n in range(3)], here.client()
    said = [client.post("/operations/jobs/retry", follow=True).content.decode() for _ in range(2)]
    assert "3 jobs are tried again now." in said[0]
    assert "There was nothing to try again." in said[1]
    assert {jobs.status_of(number) for number in numbers} == {("todo", 0)}


def test_mail_is_let_go_by_its_button(here: Office) -> None:
    letter, client = dead_letter(here.portal), here.client()
    page = client.post(f"/operations/mails/{letter.id}/let-go", follow=True).content.decode()
    assert "Every mail was delivered" in page
    assert Mail.objects.using(OWNER).get(id=letter.id).recipient == ""


def test_more_than_a_page_holds_are_counted(here: Office, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute(
        "insert into procrastinate_jobs (queue_name, task_name, args, status)"
        " select 'quick', 'no.longer.there', jsonb_build_object('portal', %s::bigint), 'failed'"
        " from generate_series(1, 1200)",
        [here.portal.id],
    )
    client = here.client()
    page = shown(client)
    assert "50 of 1,200" in page
    assert page.count("Work of an earlier version") == 50
    seen = [int(number) for number in re.findall(r"jobs/(\d+)/retry\"", page)]
    while following := re.search(r'rel="next" href="([^"]+)"', page):
        page = shown(client, f"/operations/{following[1]}")
        seen += [int(number) for number in re.findall(r"jobs/(\d+)/retry\"", page)]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 1200
    (back,) = re.findall(r'rel="prev" href="([^"]+)"', page)
    page = shown(client, f"/operations/{back}")
    assert [int(number) for number in re.findall(r"jobs/(\d+)/retry\"", page)] == seen[-100:-50]
    client.post("/operations/jobs/retry")
    assert tile(shown(client), "Gave up") == "200"


def test_mails_page_on_by_themselves(here: Office) -> None:
    letters = [dead_letter(here.portal) for _ in range(52)]
    here.failed()
    client = here.client()
    page = shown(client)
    assert "50 of 52" in page
    assert letters[0].recipient not in page
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert following.endswith("#not-delivered")
    page = shown(client, f"/operations/{following}")
    assert [letter.recipient in page for letter in (letters[0], letters[1], letters[2])] == [True, True, False]
    assert tile(page, "Gave up") == "1"
    # What stood on a page was mended meanwhile: the first one is shown, and not that nothing is wrong.
    assert letters[51].recipient in shown(client, f"/operations/?mail_after={letters[0].id}")


def test_later_page_watches_its_own_place(here: Office) -> None:
    """Else it would be fetched anew for ever."""
    numbers = [here.failed(n) for n in range(52)]
    jobs.put("runs.advance", {"portal": here.portal.id, "run": 1, "step": 1})
    client = here.client()
    page = shown(client, f"/operations/?after={numbers[2]}")
    (again,) = asked(page)
    assert "HX-Refresh" not in client.get(html.unescape(again), headers=HTMX)


@pytest.mark.parametrize(
    ("error", "place", "said"),
    [
        ("ConnectionRefusedError", "remise.vehicles.register.client:80", "Another system could not be reached"),
        ("BrokenRule: policy_not_in_force", "remise.fleet.rules:88", "A rule does not allow it."),
        ("ZeroDivisionError", "remise.runs.rows:41", "Something unexpected went wrong."),
        ("WorkerLost", "", "The worker ended in the middle of it"),
    ],
)
def test_why_a_job_gave_up_stands_beside_it(
    here: Office, owner_connection: psycopg.Connection, error: str, place: str, said: str
) -> None:
    number = here.failed()
    owner_connection.execute(
        "update procrastinate_jobs set fault = %s::jsonb where id = %s",
        [json.dumps({"error": error, "place": place}), number],
    )
    page = shown(here.client())
    assert said in page
    assert (f"{error} in {place}" if place else error) in page


def test_home_tells_what_stopped_to_who_may_see_it(here: Office) -> None:
    stranger = world.member(world.insurer(here.portal), rights=[DeskRight.VIEW], name="Daan Hoekstra")
    assert "gave up" not in shown(here.client(), "/")
    here.failed()
    dead_letter(here.portal)
    assert "1 job gave up, 1 mail was not delivered" in shown(here.client(here.onlooker), "/")
    assert "gave up" not in shown(sessions.client_of(stranger, here.portal), "/")
