"""Web and database killed at random moments while people register: what was confirmed is there, and once."""

import contextlib
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import psycopg
import pytest

from remise.config import database as databases
from remise.config import serve
from remise.config.embedded_postgres import EmbeddedPostgres
from remise.config.provision import addresses_of
from remise.core import clock
from remise.fleet.rights import FleetRight
from tests import database, world
from tests.sessions import client_of

pytestmark = pytest.mark.full

REGISTRATIONS = 200
PATIENCE = 60.0


class Web:
    """The web server, in a process group that can be killed at once and comes back."""

    def __init__(self) -> None:
        self.port = serve.free_port(0)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            serve.web(self.port, workers=1).command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = self._start()

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(admin_url: str) -> Iterator[EmbeddedPostgres]:
    """A database server of this test's own, to be killed without harm to others."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="remise-kill-") as directory:
        Path(directory).chmod(0o755)
        server = EmbeddedPostgres.at(Path(directory) / "data", durable=False)
        try:
            with database.clone(server.start()):
                yield server
        finally:
            server.stop()
            os.environ.clear()
            os.environ.update(before)
            database.use(addresses_of(admin_url, f"remise_test_{os.getpid()}", databases.passwords()))


@pytest.fixture
def web(server: EmbeddedPostgres) -> Iterator[Web]:
    made = Web()
    yield made
    made.stop()


def kill_database(server: EmbeddedPostgres) -> Callable[[], None]:
    def kill() -> None:
        if server.pid is not None:
            os.kill(server.pid, signal.SIGKILL)
        time.sleep(0.1)
        server.start()

    return kill


@pytest.mark.parametrize("victim", ["web", "database"])
def test_kill_at_random_moments_loses_and_doubles_nothing(victim: str, server: EmbeddedPostgres, web: Web) -> None:
    garage = world.garage()
    sanne = world.member(garage.organisation, rights=list(FleetRight))
    cookie = client_of(sanne, garage.portal).cookies["session"].value
    kill = web.kill if victim == "web" else kill_database(server)
    confirmed: set[str] = set()
    done = threading.Event()
    kills = 0

    def strike() -> None:
        """In the middle of some registration, after a few that went well."""
        nonlocal kills
        chance, after = random.Random(20), 0
        while not done.wait(chance.uniform(0, 0.05)):
            if len(confirmed) > after:
                kill()
                kills += 1
                after = len(confirmed) + chance.randrange(4, 16)

    striker = threading.Thread(target=strike)
    striker.start()
    try:
        register_all(web.port, garage, cookie, confirmed)
    finally:
        done.set()
        striker.join()
    assert kills >= 10
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
