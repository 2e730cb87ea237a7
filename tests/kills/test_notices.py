"""A worker killed again and again while it tells the state register, which hangs up, fails and says things twice:
each cover reaches the register once, and nothing is forgotten."""

import itertools
import os
import random
import time
from collections.abc import Iterator

import psycopg
import pytest

from remise.config import serve
from remise.demo.state_register import Mode, Stand, serving
from tests import jobs
from tests.kills.servers import PATIENCE, Killable
from tests.notices.telling import Telling, telling
from tests.vehicles import OnCover

pytestmark = pytest.mark.full

KILLS, EACH = 20, 4  # vehicles that come between two kills


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    made = Stand()
    with serving(made) as url:
        monkeypatch.setenv("STATE_REGISTER_URL", url)
        yield made


def ask(statement: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        return owner.execute(statement.encode(), values).fetchall()


def hurry(of: Telling) -> None:
    """No wait is waited for: what is due later is due now."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute(
            "update notices_batch set due = now() where portal = %s and sent_at is null", [of.garage.portal.id]
        )
        for name in ("notices.send", "notices.fetch_answers"):
            owner.execute(
                "insert into procrastinate_jobs (queue_name, task_name, args)"
                " values ('long', %s, jsonb_build_object('portal', %s::bigint))",
                [name, of.garage.portal.id],
            )


def test_worker_killed_at_random_moments_tells_each_cover_once(stand: Stand) -> None:
    of = telling()
    held: list[OnCover] = []
    chance = random.Random(20)
    worker = Killable(serve.worker().command)
    moods = itertools.cycle([Mode.WELL, Mode.DEAF, Mode.FAIL, Mode.TWICE, Mode.WELL])
    try:
        for _kill in range(KILLS):
            stand.mode = next(moods)
            held += [of.register() for _one in range(EACH)]
            hurry(of)
            before = stand.asked
            jobs.eventually(lambda before=before: stand.asked > before)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.1))  # while it speaks, or notes what it heard
            worker.kill()
        stand.mode = Mode.WELL
        give_up = time.monotonic() + 3 * PATIENCE
        open_ones = "select count(*) from notices_notice where portal = %s and state in ('pending', 'going', 'sent')"
        while ask(open_ones, of.garage.portal.id) != [(0,)]:
            assert time.monotonic() < give_up
            hurry(of)
            time.sleep(0.5)
    finally:
        worker.stop()
    tickets = [said["ticket"] for said in stand.told()]
    assert len(tickets) == len(set(tickets)) == KILLS * EACH
    assert {plate for _policy, plate, _starts in stand.cover} == {one.plate.value for one in held}
    assert len(stand.batches) > 1
    told = ask(
        "select subject, count(*) from core_event where portal = %s and kind = 'notice.accepted' group by 1",
        of.garage.portal.id,
    )
    assert [count for _notice, count in told] == [1] * len(held)
