"""When background work needs a person."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from remise.core.jobs import Lane
from remise.operations.rules import SLOW_AFTER, SOON, State, Trouble, is_busy, troubles

counts = st.integers(0, 3)
times = st.timedeltas(timedelta(0), timedelta(hours=3))
states = st.builds(
    State,
    workers=counts,
    due=counts,
    running=counts,
    failed=counts,
    not_delivered=counts,
    waited=st.dictionaries(st.sampled_from(list(Lane)), times),
    next_in=st.none() | times,
)


@given(states)
def test_all_is_well_only_where_nothing_stopped_and_somebody_works(state: State) -> None:
    in_time = all(waited <= SLOW_AFTER[lane] for lane, waited in state.waited.items())
    well = state.workers > 0 and state.failed == 0 and state.not_delivered == 0 and in_time
    assert (troubles(state) == ()) is well


@given(states)
def test_each_trouble_is_said_once_and_the_worst_first(state: State) -> None:
    found = troubles(state)
    order = list(Trouble)
    assert sorted(set(found), key=order.index) == list(found)
    assert not {Trouble.NO_WORKER, Trouble.SLOW} <= set(found)


@given(states)
def test_page_watches_while_something_can_change_soon(state: State) -> None:
    soon = state.next_in is not None and state.next_in <= SOON
    assert is_busy(state) is bool(state.due or state.running or soon)


def test_long_work_may_wait_longer_than_what_is_quick() -> None:
    def slow(lane: Lane, minutes: int) -> bool:
        state = State(1, 1, 0, 0, 0, {lane: timedelta(minutes=minutes)})
        return troubles(state) == (Trouble.SLOW,)

    assert [slow(Lane.QUICK, 5), slow(Lane.QUICK, 6)] == [False, True]
    assert [slow(Lane.LONG, 60), slow(Lane.LONG, 61)] == [False, True]
