"""Registering through the API: how many a second two processes do, each with a key of its own to be sent again."""

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from http.client import HTTPConnection
from itertools import count

from benchmarks import fleets
from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.plain import Plain
from benchmarks.registering import CHECK_CODE
from benchmarks.stage import RIGHTS, Stage, connect
from remise.api.models import IdempotencyKey
from remise.core import clock
from tests.api.program import token
from tests.world import OWNER

CLIENTS = 8
FLOOR = "its rows by plain SQL, one connection"


def registered(stage: Stage) -> Iterator[Figure]:
    """Eight clients of one program at once, against the same rows written by hand, one after the other."""
    world = stage.many
    garage = world.common
    world.use()
    _row, secret = token(world.members[garage.organisation.id], rights=RIGHTS)
    day = clock.today(garage.portal)
    calls = stage.sizes.rounds * stage.sizes.requests
    port = world.port
    path = f"/api/v1/policies/{garage.policy.number}/vehicles"
    headers = {
        "Host": f"{garage.portal.slug}.localhost",
        "Authorization": f"Bearer {secret.text}",
        "Content-Type": "application/json",
    }

    def client() -> HTTPConnection:
        """The plainest there is: it runs on the cores that are measured."""
        return HTTPConnection("127.0.0.1", port, timeout=60)

    def call(line: HTTPConnection, number: int) -> str:
        said = {
            "plate": fleets.plate(200_000 + number).value,
            "check_code": CHECK_CODE,
            "day": day.isoformat(),
            "details": {"cover": "wa"},
            "branch": garage.branch.id,
        }
        line.request("POST", path, json.dumps(said), headers | {"Idempotency-Key": str(uuid.uuid4())})
        answer = line.getresponse()
        told = answer.read()
        check(answer.status == 201, f"registering: {answer.status} {told[:200]!r}")
        return str(json.loads(told)["receipt"])

    def share(place: int) -> list[str]:
        with closing(client()) as line:
            return [call(line, number) for number in range(place, calls, CLIENTS)]

    with closing(client()) as line:
        for number in range(40):  # warm
            call(line, calls + number)
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        receipts = [receipt for share_ in pool.map(share, range(CLIENTS)) for receipt in share_]
    rate = calls / (time.perf_counter() - started)
    check(len(set(receipts)) == calls, "each has a receipt of its own")
    kept = IdempotencyKey.objects.using(OWNER).filter(organisation=garage.organisation.id, status=201).count()
    check(kept == calls + 40, f"{kept} answers are kept")
    with connect(world) as bare:
        plain, numbers = Plain(bare, garage), count()
        (floor,) = in_turns(
            lambda: plain.register(f"G{next(numbers)}", day, Decimal("20000.00")),
            rounds=stage.sizes.rounds,
            times=stage.sizes.requests,
        )
    yield Figure("api.register", rate, "registrations/s", FLOOR, rate / floor.rate, calls)


ALL = (Benchmark(("api.register",), registered),)
