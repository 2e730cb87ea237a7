"""The generated register: the same at every start, and plates that could exist."""

from datetime import date

from remise.core.identifiers import Plate, Series
from remise.demo.register import CARS, VANS, Register

DAY = date(2026, 10, 21)


def test_same_seed_gives_same_vehicles() -> None:
    first, second = (Register(7) for _ in range(2))
    assert [first.car(before=DAY) for _ in range(50)] == [second.car(before=DAY) for _ in range(50)]


def test_plates_are_real_shapes_and_all_different() -> None:
    register = Register(7)
    cars = [register.car(before=DAY, kinds=kinds) for kinds in (CARS, VANS) for _ in range(400)]
    plates = [Plate.parse(car.plate) for car in cars]
    assert len(set(plates)) == 800
    assert not any(plate.is_trade for plate in plates)
    assert {plate.series for plate in plates} <= set(Series)
