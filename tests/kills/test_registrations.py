"""Web and database killed at random moments while people register: what was confirmed is there, and once."""

import contextlib
import os
import time
from datetime import date

import httpx
import psycopg
import pytest

from remise.core import clock
from remise.fleet.rights import FleetRight
from tests import world
from tests.kills.servers import PATIENCE, Database, Web, struck
from tests.sessions import client_of

pytestmark = pytest.mark.full

REGISTRATIONS = 200


@pytest.mark.parametrize("victim", ["web", "postgres"])
def test_kill_at_random_moments_loses_and_doubles_nothing(victim: str, web: Web, postgres: Database) -> None:
    garage = world.garage()
    sanne = world.member(garage.organisation, rights=list(FleetRight))
    cookie = client_of(sanne, garage.portal).cookies["session"].value
    confirmed: set[str] = set()
    with struck(web.kill if victim == "web" else postgres.kill, confirmed) as kills:
        register_all(web.port, garage, cookie, confirmed)
    assert len(kills) >= 10
    assert len(confirmed) == REGISTRATIONS
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        entries = owner.execute(
            "select i.key, count(*) from core_entry e join core_item i on i.id = e.item_id"
            " where i.policy = %s group by i.key",
            [garage.policy.id],
        ).fetchall()
        versions = owner.execute(
            "select plate, count(*) from fleet_registrationversion where policy = %s and known_to is null group by 1",
            [garage.policy.id],
        ).fetchall()
        events = owner.execute(
            "select subject, count(*) from core_event where organisation = %s and kind = 'vehicle.registered'"
            " group by 1",
            [garage.organisation.id],
        ).fetchall()
    assert dict(entries) == dict.fromkeys(confirmed, 1)
    assert dict(versions) == dict.fromkeys(confirmed, 1)
    assert len(events) == REGISTRATIONS
    assert {count for _, count in events} == {1}


def register_all(port: int, garage: world.Garage, cookie: str, confirmed: set[str]) -> None:
    """Register plate after plate as a stubborn person would: no answer, try again; "already insured", it was done."""
    host = f"{garage.portal.slug}.localhost:{port}"
    for number in range(REGISTRATIONS):
        plate = f"KL{number:03d}R"
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with contextlib.suppress(httpx.HTTPError):
                answer = register_one(f"http://127.0.0.1:{port}", host, cookie, plate, clock.today(garage.portal))
                if answer.status_code == 302 or (
                    answer.status_code == 422 and "is already insured on this policy" in answer.text
                ):
                    confirmed.add(plate)
                    break
            time.sleep(0.05)


def register_one(address: str, host: str, cookie: str, plate: str, day: date) -> httpx.Response:
    token = "0" * 32
    data = {"plate": plate, "check_code": "0413", "day": day.isoformat(), "csrfmiddlewaretoken": token}
    return httpx.post(
        f"{address}/vehicles/register",
        data=data,
        cookies={"session": cookie, "csrf": token},
        headers={"Host": host, "Accept-Language": "en"},
        timeout=5,
    )
