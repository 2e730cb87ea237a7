"""What a change made empty is said wherever it is told what the change did."""

from html import unescape

import pytest
from django.test import Client

from remise.core.scope import enter
from remise.fleet.actions import correct_entry
from remise.fleet.rights import FleetRight
from tests import sessions, vehicles, world
from tests.api import program
from tests.fleet.test_change_page import FIELDS, on_cover, send
from tests.fleet.test_receipt_pdf import receipt
from tests.vehicles import OnCover
from tests.world import Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage(fields=FIELDS)


@pytest.fixture
def client(garage: Garage) -> Client:
    return sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)


@pytest.fixture
def held(garage: Garage) -> OnCover:
    return on_cover(garage)


def emptied(client: Client, held: OnCover) -> int:
    """Driver and seats become empty, the cover another one; the entry's number."""
    answer = send(client, held, "confirm", driver="", seats="", cover="full")
    return int(answer["Location"].rsplit("/", 1)[1])


def text(page: str) -> str:
    return " ".join(unescape(page).split())


def test_receipt_and_its_pdf_say_what_was_emptied(client: Client, held: OnCover, garage: Garage) -> None:
    entry = emptied(client, held)
    shown = client.get(f"/vehicles/receipts/{entry}")
    assert shown.context["receipt"].emptied == ("Driver", "Seats")
    assert text(shown.content.decode()).count("made empty") == 2
    document, said = receipt(garage, entry)
    facts = document.snapshot["body"]["facts"]
    assert [fact for fact in facts if fact[1] == "made empty"] == [("Driver", "made empty"), ("Seats", "made empty")]
    assert ("Cover", "Full cover") in facts
    assert "made empty" in said


def test_history_says_what_was_emptied(client: Client, held: OnCover) -> None:
    emptied(client, held)
    page = client.get(f"/vehicles/{held.item}")
    newest, first = page.context["history"].lines
    assert (newest.emptied, first.emptied) == (("Driver", "Seats"), ())
    assert "Made empty: Driver, Seats" in text(page.content.decode())


def test_program_is_told_what_was_emptied(garage: Garage, held: OnCover) -> None:
    at = program.program(garage)
    today = vehicles.today(garage).isoformat()
    made = at.post(f"/vehicles/{held.item}/changes", {"day": today, "details": {"driver": None}})
    assert (made.status_code, made.json()["emptied"], made.json()["details"]) == (201, ["Driver"], [])
    lines = at.get(f"/vehicles/{held.item}").json()["lines"]
    assert [line["emptied"] for line in lines] == [["Driver"], []]


def test_what_a_registration_leaves_open_was_not_emptied(garage: Garage, client: Client) -> None:
    held = vehicles.on_cover(garage, cover="wa")
    shown = client.get(f"/vehicles/receipts/{held.entry}")
    assert shown.context["receipt"].emptied == ()
    assert "made empty" not in shown.content.decode()


def test_undone_it_is_as_before_and_its_receipt_says_nothing_empty(
    garage: Garage, client: Client, held: OnCover
) -> None:
    entry = emptied(client, held)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        undone = correct_entry(by=by, policy=garage.policy, entry=entry)
    assert "made empty" not in client.get(f"/vehicles/receipts/{undone.id}").content.decode()
    assert "Made empty: Driver, Seats" in text(client.get(f"/vehicles/{held.item}").content.decode())
