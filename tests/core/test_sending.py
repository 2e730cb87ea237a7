"""Many rows go out together: what waits for them comes afterwards, and an error of theirs is told."""

import pytest
from django.db import DataError, connection, transaction

from remise.core import events
from remise.core.actor import Actor
from remise.core.events import Happened
from remise.core.models import Event
from remise.core.scope import enter
from remise.core.sending import FEW, once_there, send, together
from tests import world
from tests.world import Garage

MANY = FEW + 1


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def test_what_waits_is_done_at_the_end_of_what_goes_out_together() -> None:
    done: list[str] = []
    with transaction.atomic(), together(MANY):
        answer = send("select pg_sleep(0.01), 7", [])
        once_there(lambda: done.append(str(answer.fetchone())))
        with together(MANY):  # part of the other
            once_there(lambda: done.append("then"))
        assert done == []
    assert done == ["('', 7)", "then"]


def test_alone_it_is_done_at_once() -> None:
    done: list[str] = []
    with together(FEW):
        once_there(lambda: done.append("now"))
        assert done == ["now"]


def test_error_comes_at_the_end_and_nothing_waits_for_it(garage: Garage) -> None:
    done: list[str] = []

    def fail() -> None:
        with transaction.atomic(), together(MANY):
            send("select 1 / %s::int", [0])
            once_there(lambda: done.append("never"))

    with enter(garage.actor().scope):
        with pytest.raises(DataError):
            fail()
        # The savepoint is undone, and the transaction goes on.
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    assert done == []


@pytest.mark.parametrize("count", [1, FEW, MANY])
def test_events_have_their_numbers_in_order(garage: Garage, count: int) -> None:
    followed: list[int] = []

    def follow(_by: Actor, written: object) -> None:
        assert isinstance(written, list)
        followed.extend(event.pk for event in written)

    events.subscribe_together("thing.counted", "tests.count", follow, at_once=True)
    try:
        with enter(garage.actor().scope):
            happened = [Happened(("thing", number), after={"n": number}) for number in range(count)]
            events.record_all(
                "thing.counted", by=garage.actor(), organisation=garage.organisation.id, happened=happened
            )
            stored = list(Event.objects.filter(kind="thing.counted").order_by("id"))
    finally:
        events.unsubscribe("thing.counted", "tests.count")
    assert [event.subject for event in stored] == list(range(count))
    assert [event.said for event in stored] == [{"n": number} for number in range(count)]
    assert followed == [event.pk for event in stored]
