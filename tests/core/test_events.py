"""Events and who follows them: at once in the action's transaction, or by a job, once however often it runs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event as Signal

import pytest
from django.db import ProgrammingError, connections, transaction

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.events import Happened
from remise.core.models import Delivery, Event
from remise.core.scope import ActorKind, enter
from remise.core.tasks import deliver
from tests import jobs, world
from tests.world import OWNER, Garage

KIND = "core.tried"


@pytest.fixture
def garage() -> Iterator[Garage]:
    jobs.forget()
    yield world.garage()
    jobs.forget()


@pytest.fixture
def follower() -> Iterator[list[Event]]:
    """Follows by a job; leaves an event of its own for each it takes."""
    taken: list[Event] = []

    def follow(by: Actor, event: Event) -> None:
        taken.append(event)
        events.record("core.followed", by=by, organisation=event.organisation, subject=("event", event.id))

    events.subscribe(KIND, "core.try", follow)
    yield taken
    events.unsubscribe(KIND, "core.try")


def tried(garage: Garage) -> None:
    by = garage.actor()
    with enter(by.scope):
        events.record(KIND, by=by, subject=("thing", 7), before={"a": 1}, after={"a": 2})


def kinds_of(garage: Garage) -> list[str]:
    found = Event.objects.using(OWNER).filter(portal=garage.portal.id).order_by("id")
    return list(found.values_list("kind", flat=True))


def test_record_keeps_who_what_and_when(garage: Garage) -> None:
    tried(garage)
    event = Event.objects.using(OWNER).get(portal=garage.portal.id)
    assert (event.account, event.by_system) == (garage.actor().account, "")
    assert (event.kind, event.via, event.organisation) == (KIND, "page", garage.organisation.id)
    assert (event.subject_kind, event.subject, event.before, event.after) == ("thing", 7, {"a": 1}, {"a": 2})


@pytest.mark.parametrize("statement", ["update core_event set by_system = 'x'", "delete from core_event"])
@pytest.mark.parametrize("kind", ActorKind)
def test_event_is_never_changed(garage: Garage, kind: ActorKind, statement: str) -> None:
    tried(garage)
    scope = garage.actor().scope
    with pytest.raises(ProgrammingError, match="permission denied"), enter(replace(scope, kind=kind)):
        connections["default"].cursor().execute(statement)


def test_subscriber_at_once_runs_in_the_transaction(garage: Garage) -> None:
    def refuse(by: Actor, event: Event) -> None:
        assert (by.kind, event.kind) == (ActorKind.MEMBER, KIND)
        assert transaction.get_connection().in_atomic_block
        raise DomainError("No.")

    events.subscribe(KIND, "core.refuse", refuse, at_once=True)
    try:
        with pytest.raises(DomainError):
            tried(garage)
    finally:
        events.unsubscribe(KIND, "core.refuse")
    assert kinds_of(garage) == []
    assert jobs.waiting() == []


def test_subscriber_follows_by_a_job_as_the_system(garage: Garage, follower: list[Event]) -> None:
    tried(garage)
    assert kinds_of(garage) == [KIND]
    assert [name for _, name, _ in jobs.waiting()] == ["core.deliver"]
    jobs.work_off()
    assert kinds_of(garage) == [KIND, "core.followed"]
    followed = Event.objects.using(OWNER).get(portal=garage.portal.id, kind="core.followed")
    assert (followed.by_system, followed.via, followed.subject) == ("core.deliver", "job", follower[0].id)


def test_action_rolled_back_leaves_neither_event_nor_job(garage: Garage, follower: list[Event]) -> None:
    by = garage.actor()
    with enter(by.scope):
        with pytest.raises(DomainError), transaction.atomic():  # noqa: PT012  # an action's savepoint
            events.record(KIND, by=by)
            raise DomainError("No.")
        events.record("core.refused", by=by)
    assert kinds_of(garage) == ["core.refused"]
    assert jobs.waiting() == []


def test_job_that_runs_twice_follows_once(garage: Garage, follower: list[Event]) -> None:
    tried(garage)
    _, _, arguments = jobs.waiting()[0]
    jobs.work_off()
    deliver.run(**arguments)
    deliver.run(**arguments)
    assert len(follower) == 1
    assert kinds_of(garage) == [KIND, "core.followed"]


def test_job_killed_while_it_follows_follows_once_in_the_end(garage: Garage) -> None:
    attempts = []

    def follow(by: Actor, event: Event) -> None:
        events.record("core.followed", by=by, organisation=event.organisation)
        attempts.append(event.id)
        if len(attempts) < 3:
            raise SystemExit  # the process ends here: nothing after it runs

    events.subscribe(KIND, "core.try", follow)
    try:
        tried(garage)
        _, _, arguments = jobs.waiting()[0]
        for _ in range(2):
            with pytest.raises(SystemExit):
                deliver.run(**arguments)
            assert kinds_of(garage) == [KIND]
        deliver.run(**arguments)
        deliver.run(**arguments)
    finally:
        events.unsubscribe(KIND, "core.try")
    assert len(attempts) == 3
    assert kinds_of(garage) == [KIND, "core.followed"]


@pytest.mark.parametrize("first_fails", [False, True])
def test_two_who_deliver_at_the_same_moment_follow_once(garage: Garage, first_fails: bool) -> None:
    inside, go_on, followed = Signal(), Signal(), []

    def follow(by: Actor, event: Event) -> None:
        followed.append(by)
        if len(followed) == 1:
            inside.set()
            assert go_on.wait(10)
            if first_fails:
                raise ZeroDivisionError
        events.record("core.followed", by=by, organisation=event.organisation)

    def run() -> None:
        try:
            deliver.run(**arguments)
        finally:
            connections.close_all()

    events.subscribe(KIND, "core.try", follow)
    try:
        tried(garage)
        _, _, arguments = jobs.waiting()[0]
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(run)
            assert inside.wait(10)
            second = pool.submit(run)
            with pytest.raises(TimeoutError):
                second.result(0.3)  # waits for the first
            go_on.set()
            second.result(10)
            assert isinstance(first.exception(10), ZeroDivisionError if first_fails else type(None))
    finally:
        events.unsubscribe(KIND, "core.try")
    assert kinds_of(garage) == [KIND, "core.followed"]
    assert Delivery.objects.using(OWNER).filter(portal=garage.portal.id).count() == 1


def test_each_subscriber_gets_its_own_delivery(garage: Garage, follower: list[Event]) -> None:
    others = []
    events.subscribe(KIND, "core.other", lambda _by, event: others.append(event.id))
    try:
        tried(garage)
        jobs.work_off()
    finally:
        events.unsubscribe(KIND, "core.other")
    assert [event.id for event in follower] == others
    assert len(others) == 1


def test_name_of_a_subscriber_is_taken_once(follower: list[Event]) -> None:
    with pytest.raises(ValueError, match="twice"):
        events.subscribe("another", "core.try", lambda _by, _event: None)


def test_job_of_an_unknown_subscriber_fails_and_stays(garage: Garage, follower: list[Event]) -> None:
    """As while an older worker runs beside newer pages: it is tried again, and not taken for done."""
    tried(garage)
    _, _, arguments = jobs.waiting()[0]
    with pytest.raises(KeyError):
        deliver.run(**arguments | {"subscriber": "core.later"})
    assert Delivery.objects.using(OWNER).filter(portal=garage.portal.id).count() == 0


def test_event_that_needs_nothing_done_leaves_no_job(garage: Garage, follower: list[Event]) -> None:
    events.subscribe(KIND, "core.try_seldom", lambda _by, _event: None, when=lambda after: after.get("a") == 3)
    try:
        tried(garage)
    finally:
        events.unsubscribe(KIND, "core.try_seldom")
    assert [ids["subscriber"] for _, _, ids in jobs.waiting()] == ["core.try"]


def at_the_door(garage: Garage) -> Actor:
    """Who may write an event, and read none."""
    return Actor(kind=ActorKind.PUBLIC, portal=garage.portal.id, by_system="test")


def test_what_happens_at_the_doors_is_followed_by_a_job(garage: Garage, follower: list[Event]) -> None:
    by = at_the_door(garage)
    with enter(by.scope):
        events.record(KIND, by=by, subject=("thing", 7))
    jobs.work_off()
    assert [(event.kind, event.subject) for event in follower] == [(KIND, 7)]


def test_job_looks_whether_an_event_that_a_door_wrote_needs_anything(garage: Garage, follower: list[Event]) -> None:
    """Who called the door knows its number and nothing that stands in it."""
    with enter(garage.actor().scope):
        events.record("core.other", by=garage.actor(), after={"a": 2})
    number = Event.objects.using(OWNER).get(portal=garage.portal.id, kind="core.other").id
    two: list[int] = []
    three: list[int] = []
    events.subscribe(
        "core.other", "core.try_two", lambda _by, one: two.append(one.id), when=lambda said: said["a"] == 2
    )
    events.subscribe(
        "core.other", "core.try_three", lambda _by, one: three.append(one.id), when=lambda said: said["a"] == 3
    )
    try:
        with enter(at_the_door(garage).scope):
            events.announce("core.other", [(garage.portal.id, number)])
        jobs.work_off()
    finally:
        for name in ("core.try_two", "core.try_three"):
            events.unsubscribe("core.other", name)
    assert (two, three) == ([number], [])


def test_nothing_follows_at_once_what_nobody_there_may_read(garage: Garage) -> None:
    by = at_the_door(garage)
    events.subscribe(KIND, "core.hurry", lambda _by, _event: None, at_once=True)
    try:
        with pytest.raises(ValueError, match=r"core\.hurry"), enter(by.scope):
            events.record(KIND, by=by)
        with pytest.raises(ValueError, match=r"core\.hurry"), enter(by.scope):
            events.announce(KIND, [(garage.portal.id, 1)])
    finally:
        events.unsubscribe(KIND, "core.hurry")
    assert kinds_of(garage) == []


def many(garage: Garage, numbers: range) -> None:
    by = garage.actor()
    happened = [Happened(("thing", n), after={"a": n % 2}) for n in numbers]
    with enter(by.scope):
        events.record_all(KIND, by=by, organisation=garage.organisation.id, happened=happened)


def test_many_events_are_written_in_order_and_followed_in_parcels(garage: Garage) -> None:
    taken: list[list[int | None]] = []
    events.subscribe_together(KIND, "core.try", lambda _by, some: taken.append([one.subject for one in some]))
    try:
        many(garage, range(events.PARCEL + 2))
        assert [name for _, name, _ in jobs.waiting()] == ["core.deliver_all"] * 2
        _, name, arguments = jobs.waiting()[0]
        jobs.work_off()
        jobs.put(name, arguments)  # once more, as after a kill
        jobs.work_off()
    finally:
        events.unsubscribe(KIND, "core.try")
    assert taken == [list(range(events.PARCEL)), [events.PARCEL, events.PARCEL + 1]]
    found = Event.objects.using(OWNER).filter(portal=garage.portal.id).order_by("id")
    assert [one.subject for one in found] == list(range(events.PARCEL + 2))


def test_those_who_follow_one_by_one_get_each_of_many(garage: Garage) -> None:
    """At once and in the same transaction, and only what they follow."""
    seen: list[int | None] = []
    events.subscribe(KIND, "core.try", lambda _by, one: seen.append(one.subject), at_once=True, when=lambda s: s["a"])
    try:
        many(garage, range(5))
    finally:
        events.unsubscribe(KIND, "core.try")
    assert seen == [1, 3]
    assert jobs.waiting() == []


def test_a_handler_of_many_gets_one_as_well(garage: Garage) -> None:
    seen: list[int] = []
    events.subscribe_together(KIND, "core.try", lambda _by, some: seen.append(len(some)), at_once=True)
    try:
        tried(garage)
    finally:
        events.unsubscribe(KIND, "core.try")
    assert seen == [1]
