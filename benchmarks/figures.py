"""What a benchmark says, and how it takes the time: in turns with what it is compared with, several rounds."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.stage import Stage

type Timed = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. `ratio` > 1 = better than `vs`; `n` = how many were timed."""

    name: str
    value: float
    unit: str
    vs: str
    ratio: float
    n: int

    def line(self) -> str:
        return json.dumps(asdict(self) | {"value": _short(self.value), "ratio": _short(self.ratio)})


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Figures that are taken together."""

    names: tuple[str, ...]
    run: Callable[["Stage"], Iterator[Figure]]


def _short(number: float) -> float:
    """Three figures that mean something; more are noise."""
    return float(f"{number:.3g}") if abs(number) < 1000 else round(number)


class WrongAnswerError(AssertionError):
    """What was timed is not right: a figure of it would say nothing."""


def check(holds: bool, what: str) -> None:
    if not holds:
        raise WrongAnswerError(what)


@dataclass(slots=True)
class Samples:
    """Seconds of one thing, by round."""

    rounds: list[list[float]]

    @property
    def n(self) -> int:
        return sum(map(len, self.rounds))

    @property
    def p95(self) -> float:
        """Milliseconds: the median over the rounds, so that one disturbed round decides nothing."""
        return 1000 * median(_at(sorted(one), 0.95) for one in self.rounds)

    @property
    def typical(self) -> float:
        """Milliseconds: the median of the rounds' medians."""
        return 1000 * median(median(one) for one in self.rounds)

    @property
    def rate(self) -> float:
        """How many a second: the median over the rounds."""
        return median(len(one) / sum(one) for one in self.rounds)


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def in_turns(*things: Timed, rounds: int, times: int) -> list[Samples]:
    """Time each thing `times` a round, one after the other: what disturbs this machine disturbs all alike."""
    found = [Samples([]) for _thing in things]
    for _round in range(rounds):
        for samples in found:
            samples.rounds.append([])
        for turn in range(times):
            # Whoever comes first finds the processor's caches as the last one left them: the order goes round.
            for place in range(len(things)):
                chosen = (turn + place) % len(things)
                found[chosen].rounds[-1].append(seconds(things[chosen]))
    return found


def seconds(thing: Timed) -> float:
    started = time.perf_counter()
    thing()
    return time.perf_counter() - started
