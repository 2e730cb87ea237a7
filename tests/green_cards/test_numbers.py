"""Numbers without a gap and without a double, whoever asks at the same time and whatever is rolled back."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection

from remise.core.errors import DomainError
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import issue_green_cards
from remise.green_cards.models import GreenCard
from tests import world
from tests.green_cards.cards import held, issue, serials

WORKERS, ROUNDS = 20, 6


class Undone(Exception):
    """Something after the cards went wrong."""


def test_twenty_at_once_leave_no_gap_and_no_double() -> None:
    garage = world.garage()
    others = [garage, *(world.garage(at=garage.portal) for _ in range(3))]  # of the same insurer
    on_cover = {id(one): [held(one) for _ in range(4)] for one in others}
    barrier, kept = threading.Barrier(WORKERS), list[int]()

    def work(worker: int) -> None:
        chance = random.Random(worker)
        barrier.wait()
        for turn in range(ROUNDS):
            of = chance.choice(others)
            some = chance.sample(on_cover[id(of)], chance.randrange(1, 4))
            by = of.actor(*FleetRight)
            try:
                with enter(by.scope):
                    made = issue_green_cards(
                        by=by, policy=of.policy, items=[one.item for one in some], format="pdf", key=uuid4()
                    )
                    count = GreenCard.objects.filter(shipment=made).count()
                    assert count == len(some)
                    if (worker + turn) % 3 == 0:
                        raise Undone
            except Undone:
                continue
            kept.append(count)
        connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(work, worker) for worker in range(WORKERS)]:
            done.result()
    assert serials(garage) == list(range(1, sum(kept) + 1))
    assert len(kept) == WORKERS * ROUNDS * 2 // 3


def test_rolled_back_request_gives_its_numbers_back() -> None:
    garage = world.garage()
    by, vehicle = garage.actor(*FleetRight), held(garage)
    for _ in range(2):
        try:
            with enter(by.scope):
                issue_green_cards(by=by, policy=garage.policy, items=[vehicle.item], format="pdf", key=uuid4())
                raise DomainError("the page failed after it")
        except DomainError:
            pass
    assert serials(garage) == []
    issue(garage, vehicle)
    assert serials(garage) == [1]
