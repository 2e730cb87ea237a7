"""The plan against a register of the test's own: whatever changes, and whatever the register refuses or is slow with,
once all has arrived it holds exactly the cover of the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.core.ledger.operations import End, Posting, Set, Start
from remise.core.ledger.operations import replay as replay_ledger
from remise.notices.planning import Cover, Plan, Said, Told, covers, plan, replay
from remise.notices.rules import Kind

DAY = date(2026, 3, 2)


def day(number: int) -> date:
    return DAY + timedelta(number)


def cover(starts: int, ends: int | None = None, code: str | None = "0413") -> Cover:
    return Cover(day(starts), None if ends is None else day(ends), code)


def start(starts: int, code: str = "0413") -> Said:
    return Said(Kind.START, day(starts), None, code)


def end(starts: int, ends: int) -> Said:
    return Said(Kind.END, day(starts), day(ends), None)


def correct(starts: int, ends: int | None, code: str = "0413") -> Said:
    return Said(Kind.CORRECT, day(starts), None if ends is None else day(ends), code)


def annul(starts: int) -> Said:
    return Said(Kind.ANNUL, day(starts), None, None)


def accepted(*said: Said) -> list[Told]:
    return [Told(number, each, arrives=True) for number, each in enumerate(said, 1)]


def waiting(number: int, said: Said) -> Told:
    return Told(number, said, arrives=False)


def refused(number: int, said: Said) -> Told:
    return Told(number, said, arrives=False, refused=True)


# What each change becomes, in words: what the register has, what the ledger says now, and what it is told.
CHANGES: dict[str, tuple[list[Told], list[Cover], Plan]] = {
    "registered": ([], [cover(0)], Plan(write=(start(0),))),
    "deregistered": (accepted(start(0)), [cover(0, 9)], Plan(write=(end(0, 9),))),
    "registered and ended before anything went": (
        [waiting(1, start(0))],
        [cover(0, 9)],
        Plan(write=(end(0, 9),)),
    ),
    "undone before it went": ([waiting(1, start(0))], [], Plan(withdraw=(1,))),
    "undone after it went": (accepted(start(0)), [], Plan(write=(annul(0),))),
    "ended on its first day": (accepted(start(0)), [], Plan(write=(annul(0),))),
    "end undone before it went": ([*accepted(start(0)), waiting(2, end(0, 9))], [cover(0)], Plan(withdraw=(2,))),
    "end undone after it went": (accepted(start(0), end(0, 9)), [cover(0)], Plan(write=(correct(0, None),))),
    "end moved": (accepted(start(0), end(0, 9)), [cover(0, 5)], Plan(write=(correct(0, 5),))),
    "end moved before it went": (
        [*accepted(start(0)), waiting(2, end(0, 9))],
        [cover(0, 5)],
        Plan(withdraw=(2,), write=(end(0, 5),)),
    ),
    "begun again later": (accepted(start(0), end(0, 9)), [cover(0, 9), cover(12)], Plan(write=(start(12),))),
    "begun again on the day it ended": (
        accepted(start(0), end(0, 9)),
        [cover(0)],
        Plan(write=(correct(0, None),)),
    ),
    "another check code": (accepted(start(0)), [cover(0, code="9999")], Plan(write=(correct(0, None, "9999"),))),
    "another check code before it went": (
        [waiting(1, start(0))],
        [cover(0, code="9999")],
        Plan(withdraw=(1,), write=(start(0, "9999"),)),
    ),
    "refused, and another check code": (
        [refused(1, start(0))],
        [cover(0, code="9999")],
        Plan(replace=(1,), write=(start(0, "9999"),)),
    ),
    "refused, and nothing changed": ([refused(1, start(0))], [cover(0)], Plan()),
    "refused, and undone": ([refused(1, start(0))], [], Plan(withdraw=(1,))),
    "refused, and ended": ([refused(1, start(0))], [cover(0, 9)], Plan(write=(end(0, 9),))),
    "told another day": (accepted(start(0)), [cover(-3)], Plan(write=(annul(0), start(-3)))),
    "another code before the end": (
        [waiting(1, start(0)), waiting(2, end(0, 9))],
        [cover(0, 9, "9999")],
        Plan(withdraw=(1, 2), write=(start(0, "9999"), end(0, 9))),
    ),
    "taken back before what follows it": (
        [*accepted(start(0)), waiting(2, end(0, 5)), waiting(3, start(5))],
        [cover(5)],
        Plan(withdraw=(2, 3), write=(annul(0), start(5))),
    ),
    "twice": ([waiting(1, start(0)), waiting(2, end(0, 9))], [cover(0, 9)], Plan()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_plan_tells_what_changed(change: str) -> None:
    told, wanted, expected = CHANGES[change]
    assert plan(wanted, told) == expected


def test_covers_that_follow_at_once_are_one() -> None:
    code = {"check_code": "0413"}
    postings = [
        Posting(1, day(0), None, (Start(code),)),
        Posting(2, day(5), None, (End(),)),
        Posting(3, day(5), None, (Start({"check_code": "9999"}),)),
    ]
    assert covers(replay_ledger(postings)) == [cover(0, code="9999")]


@dataclass
class Register:
    """Holds what it was told, in the order of arrival, and checks that each tells something that can be."""

    held: dict[date, Cover] = field(default_factory=dict)

    def take(self, said: Said) -> None:
        known = self.held.get(said.starts)
        assert (known is None) == (said.kind is Kind.START), said
        if said.kind is Kind.ANNUL:
            del self.held[said.starts]
        elif said.kind is Kind.END:
            assert known is not None
            assert known.ends is None
            self.held[said.starts] = replace(known, ends=said.ends)
        else:
            self.held[said.starts] = Cover(said.starts, said.ends, said.check_code)
        spans = sorted(self.held.values(), key=lambda cover: cover.starts)
        for one, other in pairwise(spans):
            assert one.ends is not None, "two at once"
            assert one.ends <= other.starts, "two at once"


class House:
    """One vehicle: a ledger, its notices, and a register that they reach one by one or refuses some."""

    def __init__(self) -> None:
        self.postings: dict[int, Posting] = {}
        self.notices: dict[int, tuple[Said, str]] = {}
        self.register = Register()
        self.arrivals = 0

    def wanted(self) -> list[Cover]:
        return covers(replay_ledger(self.postings.values()))

    def amend(self, starts: int, *operations: Start | Set | End) -> None:
        self.arrivals += 1
        self.postings[self.arrivals] = Posting(self.arrivals, day(starts), None, operations)

    def settle(self) -> None:
        told = [
            Told(number, said, state in ("under way", "accepted"), refused=state == "refused")
            for number, (said, state) in self.notices.items()
            if state != "gone"
        ]
        todo = plan(self.wanted(), told)
        for number in (*todo.withdraw, *todo.replace):
            self.notices[number] = (self.notices[number][0], "gone")
        for said in todo.write:
            self.notices[len(self.notices) + 1] = (said, "waiting")

    def step(self, answer: str) -> None:
        """The first that is open: one that waits goes, one that went is answered."""
        for number, (said, state) in self.notices.items():
            if state == "waiting":
                self.notices[number] = (said, "under way")
                return
            if state == "under way":
                if answer == "accepted":
                    self.register.take(said)
                self.notices[number] = (said, answer)
                if answer == "refused":
                    self.settle()
                return
            if state == "refused":
                return

    def mend(self) -> None:
        """The desk sends what was refused once more."""
        for number, (said, state) in self.notices.items():
            if state == "refused":
                self.notices[number] = (said, "waiting")

    def drain(self) -> None:
        for _step in range(100):
            self.mend()
            self.step("accepted")

    # What people do; refused silently where the fleet would refuse it.

    def add(self, starts: int, code: str) -> None:
        if all(one.ends is not None and one.ends <= day(starts) for one in self.wanted()):
            self.amend(starts, Start({"check_code": code}))

    def end(self, ends: int, _code: str) -> None:
        last = self.wanted()[-1:]
        if last and last[0].starts <= day(ends) and (last[0].ends is None or last[0].ends > day(ends)):
            self.amend(ends, End())

    def code(self, _day: int, code: str) -> None:
        last = self.wanted()[-1:]
        if last:
            self.amend((last[0].starts - DAY).days, Set({"check_code": code}))

    def undo(self, which: int, _code: str) -> None:
        if self.postings:
            del self.postings[sorted(self.postings)[which % len(self.postings)]]


DEEDS = st.tuples(
    st.sampled_from(["add", "end", "undo", "add", "end", "undo", "code"]),
    st.integers(0, 12),
    st.sampled_from(["0413", "9999"]),
    st.lists(st.sampled_from(["accepted", "accepted", "accepted", "refused"]), max_size=4),
)


@given(st.lists(DEEDS, max_size=14))
@settings(max_examples=400, deadline=None)
def test_register_ends_up_with_the_cover_of_the_ledger(deeds: list[tuple[str, int, str, list[str]]]) -> None:
    house = House()
    for deed, number, code, answers in deeds:
        act: Callable[[int, str], None] = getattr(house, deed)
        act(number, code)
        house.settle()
        before = dict(house.notices)
        house.settle()
        assert house.notices == before  # done twice, nothing is left to do
        for answer in answers:
            house.step(answer)
    house.drain()
    held = [house.register.held[starts] for starts in sorted(house.register.held)]
    assert held == house.wanted()
    assert replay(said for said, state in house.notices.values() if state == "accepted") == house.wanted()
