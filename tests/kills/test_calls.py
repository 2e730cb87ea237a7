"""A program whose server is killed before it hears the answer: with the same key it is done once, and answered."""

import contextlib
import json
import os
import socket
import time
import uuid

import httpx
import psycopg
import pytest

from remise.core import clock
from tests import world
from tests.api.program import Program, program
from tests.kills.servers import PATIENCE, Web

pytestmark = pytest.mark.full

UNHEARD = 5


class Caller:
    """A program that sends the same again, under the same key, until it has an answer."""

    def __init__(self, web: Web, garage: world.Garage) -> None:
        self.web, self.garage = web, garage
        of: Program = program(garage)
        assert of.secret
        self.path = f"/api/v1/policies/{garage.policy.number}/vehicles"
        self.headers = {
            "Host": f"{garage.portal.slug}.localhost:{web.port}",
            "Authorization": f"Bearer {of.secret.text}",
            "Content-Type": "application/json",
        }
        self.replayed = 0

    def sent(self, plate: str) -> bytes:
        day = clock.today(self.garage.portal).isoformat()
        return json.dumps({"plate": plate, "check_code": "0413", "day": day}).encode()

    def register(self, plate: str, key: str) -> str:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.post(
                    f"http://127.0.0.1:{self.web.port}{self.path}",
                    content=self.sent(plate),
                    headers=self.headers | {"Idempotency-Key": key},
                    timeout=5,
                )
                if answer.status_code == 201:
                    self.replayed += "Idempotency-Replayed" in answer.headers
                    return str(answer.json()["receipt"])
                assert answer.status_code >= 500, answer.text
            time.sleep(0.05)
        raise AssertionError(f"no answer for {plate}")

    def send_and_hang_up(self, plate: str, key: str) -> socket.socket:
        """Send it as a whole, and hear no answer."""
        body = self.sent(plate)
        head = self.headers | {"Idempotency-Key": key, "Content-Length": str(len(body)), "Connection": "close"}
        lines = [f"POST {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        line = socket.create_connection(("127.0.0.1", self.web.port), timeout=5)
        line.sendall("\r\n".join(lines).encode() + body)
        return line


def written(garage: world.Garage) -> dict[str, tuple[int, str]]:
    """Plate -> how many entries it has, and the number of its receipt."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        rows = owner.execute(
            "select i.key, count(*), min(e.id) from core_entry e join core_item i on i.id = e.item_id"
            " where i.policy = %s group by i.key",
            [garage.policy.id],
        ).fetchall()
    return {plate: (count, str(entry)) for plate, count, entry in rows}


def wait_for(plate: str, garage: world.Garage) -> None:
    give_up = time.monotonic() + PATIENCE
    while plate not in written(garage):
        assert time.monotonic() < give_up
        time.sleep(0.001)


def test_kill_between_commit_and_answer_keeps_the_answer(web: Web) -> None:
    garage = world.garage()
    caller = Caller(web, garage)
    web.wait()
    for number in range(UNHEARD):
        plate, key = f"KU{number:03d}R", str(uuid.uuid4())
        with caller.send_and_hang_up(plate, key):
            wait_for(plate, garage)
            web.kill()
        count, _entry = written(garage)[plate]
        receipt = caller.register(plate, key)
        assert count == 1
        assert receipt == caller.register(plate, key)
    assert caller.replayed == 2 * UNHEARD
    assert {count for count, _entry in written(garage).values()} == {1}
