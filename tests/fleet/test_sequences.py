"""Whatever is registered, deregistered and undone, in whatever order: what holds is what people were told."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.core import clock
from remise.core.errors import DomainError
from remise.core.identifiers import CheckCode
from remise.core.ledger.operations import End, Posting, Set, Start, replay
from remise.core.scope import enter
from remise.fleet.actions import correct_entry, deregister_vehicles, register_vehicle
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from tests import world
from tests.fleet.test_actions import plate

DAYS = range(-12, 13)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("register"), st.integers(-9, 9)),
        st.tuples(st.just("deregister"), st.integers(-9, 9)),
        st.tuples(st.just("undo"), st.just(0)),
    ),
    min_size=2,
    max_size=8,
)
FEW = settings(max_examples=25)
MANY = settings(FEW, max_examples=150)


class Told:
    """One vehicle, step by step, with what its people may rely on checked after each step."""

    def __init__(self, garage: world.Garage, *, last_day_covered: bool) -> None:
        self.garage = garage
        self.by = garage.actor(*FleetRight)
        self.today = clock.today(garage.portal)
        self.plate = plate()
        self.first_without = 1 if last_day_covered else 0
        self.item: int | None = None
        self.undoable: list[tuple[int, frozenset[date]]] = []  # entries that count, with what held before each

    def take(self, step: str, days: int) -> None:
        before = self.covered()
        call: Callable[[date], Callable[[date], bool] | None] = getattr(self, step)
        day = self.today + timedelta(days)
        try:
            with enter(self.by.scope):
                follows = call(day)
        except DomainError:
            follows = None
        wanted = before if follows is None else frozenset(d for d in self.days() if follows(d))
        assert self.covered() == wanted, (step, days)

    def register(self, day: date) -> Callable[[date], bool]:
        before = self._covered()
        done = register_vehicle(
            by=self.by,
            policy=self.garage.policy,
            plate=self.plate,
            check_code=CheckCode("0413"),
            starts=day,
            branch=self.garage.branch.id,
        )
        self.item = done.item
        self.undoable.append((done.entry.id, before))
        return lambda d: d >= day or d in before

    def deregister(self, day: date) -> Callable[[date], bool] | None:
        if self.item is None:
            return None
        before = self._covered()
        (done,) = deregister_vehicles(by=self.by, policy=self.garage.policy, items=[self.item], day=day)
        self.undoable.append((done.entry.id, before))
        ends = day + timedelta(self.first_without)
        return lambda d: d < ends and d in before

    def undo(self, _day: date) -> Callable[[date], bool] | None:
        """The last entry that counts."""
        if not self.undoable:
            return None
        entry, before = self.undoable.pop()
        correct_entry(by=self.by, policy=self.garage.policy, entry=entry)
        return lambda d: d in before

    def covered(self) -> frozenset[date]:
        with enter(self.by.scope):
            return self._covered()

    def _covered(self) -> frozenset[date]:
        versions = RegistrationVersion.objects.filter(policy=self.garage.policy.id, plate=self.plate.value).known()
        held = list(versions.values_list("starts", "ends"))
        return frozenset(
            day for day in self.days() if any(starts <= day and (not ends or day < ends) for starts, ends in held)
        )

    def days(self) -> list[date]:
        return [self.today + timedelta(days) for days in DAYS]


@pytest.mark.parametrize("last_day_covered", [True, False])
@FEW
@given(steps=STEPS)
def test_cover_is_what_people_were_told(last_day_covered: bool, steps: list[tuple[str, int]]) -> None:
    told = Told(world.garage(last_day_covered=last_day_covered), last_day_covered=last_day_covered)
    for step, days in steps:
        told.take(step, days)


@pytest.mark.full
@pytest.mark.parametrize("last_day_covered", [True, False])
@MANY
@given(steps=STEPS)
def test_cover_is_what_many_people_were_told(last_day_covered: bool, steps: list[tuple[str, int]]) -> None:
    test_cover_is_what_people_were_told.hypothesis.inner_test(last_day_covered, steps)


MONDAY = date(2026, 3, 2)


def on(days: int) -> date:
    return MONDAY + timedelta(days)


def test_end_of_an_undone_cover_does_not_end_the_next_one() -> None:
    end = Posting(2, on(10), None, (End(),))
    again = Posting(4, on(3), None, (Start({"branch": 1}),))
    assert [(s.starts, s.ends) for s in replay([end, again])] == [(on(3), None)]


def test_cover_that_was_ended_on_its_first_day_does_not_cut_an_earlier_one() -> None:
    never = [Posting(1, on(5), None, (Start({"branch": 1}),)), Posting(2, on(5), None, (End(),))]
    earlier = Posting(3, on(0), None, (Start({"branch": 2}),))
    (segment,) = replay([*never, earlier])
    assert (segment.starts, segment.ends, segment.terms) == (on(0), None, {"branch": 2})


def test_planned_change_of_an_ended_cover_does_not_change_the_next_one() -> None:
    ended = [
        Posting(1, on(0), None, (Start({"branch": 1}),)),
        Posting(2, on(20), None, (Set({"branch": 9}),)),
        Posting(3, on(5), None, (End(),)),
    ]
    following = Posting(4, on(7), None, (Start({"branch": 2}),))
    timeline = replay([*ended, following])
    assert [(s.starts, s.ends, s.terms["branch"]) for s in timeline] == [(on(0), on(5), 1), (on(7), None, 2)]


def test_end_before_a_return_ends_that_too() -> None:
    """It went off and came back the same day, so that people see one cover; then it goes off from an earlier day."""
    entries = [
        Posting(1, on(0), None, (Start({"branch": 1}),)),
        Posting(2, on(6), None, (End(),)),
        Posting(3, on(6), None, (Start({"branch": 1}),)),
    ]
    assert [(s.starts, s.ends) for s in replay(entries)] == [(on(0), None)]
    ended = Posting(4, on(2), None, (End(),))
    assert [(s.starts, s.ends) for s in replay([*entries, ended])] == [(on(0), on(2))]
