"""A vehicle on another day than today: what held then, under the band of the list, nothing to do, and a way back."""

import html
import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from remise.core.scope import enter
from remise.fleet.actions import deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import sessions, vehicles, world
from tests.vehicles import OnCover
from tests.world import Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage(last_day_covered=False)


@pytest.fixture
def held(garage: Garage) -> OnCover:
    """Insured from ten days ago, and from three days ago no more."""
    one, by = vehicles.on_cover(garage, days=10), garage.actor(*FleetRight)
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[one.item], day=vehicles.back(garage, 3))
    return one


@pytest.fixture
def client(garage: Garage) -> Client:
    return sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)


def page(client: Client, held: OnCover, day: date | None = None, known: datetime | None = None) -> str:
    asked = {"day": day.isoformat()} if day else {}
    if known:
        asked["known"] = known.isoformat()
    answer = client.get(f"/vehicles/{held.item}", asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def state(shown: str) -> str:
    (found,) = re.findall(r"<dt>State</dt>\s*<dd>(.*?)</dd>", shown)
    return str(found)


def test_day_in_the_past_shows_what_held_then(garage: Garage, held: OnCover, client: Client) -> None:
    day = vehicles.back(garage, 5)
    shown = page(client, held, day)
    assert state(shown) == "Insured"
    assert f"You see this vehicle as it is on {shown_day(day)}, as known now." in shown
    assert re.search(r'<a href="\?">Back to today</a>', shown)
    assert f"?day={day.isoformat()}&policy={garage.policy.number}" in shown
    assert "<form" not in shown[shown.index("<main") : shown.index("</main")]
    for other in (vehicles.back(garage, 11), vehicles.back(garage, 3), vehicles.today(garage) + timedelta(9)):
        assert state(page(client, held, other)) == "Not insured"


def test_today_has_no_band(garage: Garage, held: OnCover, client: Client) -> None:
    for shown in (page(client, held), page(client, held, vehicles.today(garage))):
        assert state(shown) == "Not insured"
        assert "Back to today" not in shown


def test_moment_shows_what_was_known_then(garage: Garage, held: OnCover, client: Client) -> None:
    before = timezone.now() - timedelta(days=1)
    shown = page(client, held, vehicles.back(garage, 5), before)
    assert state(shown) == "Not insured"  # entered today
    assert "as known on" in shown


def test_list_of_another_day_leads_to_the_vehicle_on_that_day(garage: Garage, held: OnCover, client: Client) -> None:
    day = vehicles.back(garage, 5)
    shown = html.unescape(client.get("/vehicles/", {"day": day.isoformat()}).content.decode())
    assert f'href="/vehicles/{held.item}?day={day.isoformat()}"' in shown
