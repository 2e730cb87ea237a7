"""Which vehicles come to a demo company and go: the same at every start, so that the stand-in register knows them too
without asking the database."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from remise.demo.people import BUSINESS_DAY, PORTALS, DemoCompany
from remise.demo.register import CARS, VANS, Car, Register, free_cars

HISTORY_DAYS = 730
LATELY = BUSINESS_DAY - timedelta(days=12)  # when the cars that can be tried came in their owner's name
MINIMUM_STAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Stay:
    """A vehicle's time in stock: from a day on, until a day or still."""

    car: Car
    starts: date
    ends: date | None = None


def seed_of(slug: str, number: int) -> int:
    """A seed that does not change between processes, as `hash` of a text does."""
    return sum(slug.encode()) * 100 + number


def everywhere() -> Iterator[Stay]:
    """Every vehicle of the demo world, and those that nobody insures yet."""
    for portal in PORTALS:
        for number, company in enumerate(portal.companies):
            if company.vehicles:
                yield from turnover(company, seed_of(portal.slug, number))
    yield from (Stay(car, LATELY) for car in free_cars(LATELY))


def turnover(company: DemoCompany, seed: int) -> list[Stay]:
    """Day by day: some are sold, and as many come as keep the stock near its size, a little larger each year."""
    random, register = Random(seed), Register(seed)  # noqa: S311  # a demo world, not a secret
    kinds = VANS if company.product == "fleet" else CARS
    held: list[Stay] = []
    gone: list[Stay] = []
    for back in range(HISTORY_DAYS, -1, -1):
        day = BUSINESS_DAY - timedelta(days=back)
        for one in [one for one in held if day - one.starts > MINIMUM_STAY and random.random() < 1 / company.stay]:
            held.remove(one)
            gone.append(Stay(one.car, one.starts, day - timedelta(days=1)))
        coming = _wanted(company.vehicles, back) - len(held)
        held += [Stay(register.car(before=day, kinds=kinds), day) for _ in range(coming)]
    return gone + held


def _wanted(size: int, back: int) -> int:
    """How many should be in stock so many days before today: first a month of moving in, then slow growth."""
    moved_in = min(1.0, (HISTORY_DAYS - back + 1) / 30)
    season = 0.03 * math.sin(back / 58)
    return round(size * moved_in * (1 - 0.18 * back / HISTORY_DAYS + (season if back else 0)))
