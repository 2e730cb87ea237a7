"""The paid register of chassis numbers: asked seldom, awaited for a moment, and never a matter of who types."""

import time
from collections.abc import Iterator, Mapping, Sequence
from threading import Event

import pytest
from django.core.cache import cache
from django.test.utils import override_settings

from remise.core.actor import Actor
from remise.core.identifiers import Plate, Vin
from remise.core.limits import Limit
from remise.core.scope import enter
from remise.vehicles import chassis
from remise.vehicles.models import ChassisNumber
from remise.vehicles.register import lookup, paid
from remise.vehicles.register.lookup import look_up
from tests import vehicles, world
from tests.conftest import Serve
from tests.races import at_once
from tests.register.published import everything, stand_of
from tests.world import Garage

VIN = Vin("ZZZ12345678900413")
PATIENCE = 20.0  # of the tests, on a busy machine
asked: list[str] = []
free = Event()


class Register:
    """Says of each question that it came."""

    def vins(self, plates: Sequence[Plate], *, seconds: float) -> Mapping[Plate, Vin]:
        asked.extend(plate.value for plate in plates)
        return self.told(plates)

    def told(self, plates: Sequence[Plate]) -> Mapping[Plate, Vin]:
        return {}


class Knows(Register):
    def told(self, plates: Sequence[Plate]) -> Mapping[Plate, Vin]:
        return dict.fromkeys(plates, VIN)


class KnowsOthers(Register):
    def told(self, plates: Sequence[Plate]) -> Mapping[Plate, Vin]:
        return {Plate("TT601D"): VIN}


class Broken(Register):
    def told(self, plates: Sequence[Plate]) -> Mapping[Plate, Vin]:
        raise RuntimeError("not today")


class Hangs(Register):
    """Whatever time it was given."""

    def told(self, plates: Sequence[Plate]) -> Mapping[Plate, Vin]:
        assert free.wait(4 * PATIENCE)
        return dict.fromkeys(plates, VIN)


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    asked.clear()
    free.clear()
    cache.delete(paid.RESTING)
    yield
    free.set()
    cache.delete(paid.RESTING)


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def type_in(by: Actor, plate: Plate, register: type[Register]) -> bool:
    """Look a plate up; whether the company then knows its number."""
    with override_settings(CHASSIS_REGISTER=f"{__name__}.{register.__name__}"), enter(by.scope):
        look_up(by, plate)
        return chassis.is_known(by.company, plate)


def test_number_that_is_told_is_kept_and_not_asked_again(garage: Garage) -> None:
    by, plate = garage.actor(), vehicles.fresh_plate()
    assert [type_in(by, plate, Knows) for _again in range(3)] == [True] * 3
    assert asked == [plate.value]
    assert ChassisNumber.objects.using(world.OWNER).get(plate=plate.value).source == "register"
    # Another company has numbers of its own.
    assert type_in(world.garage(at=garage.portal).actor(), plate, Knows)


@pytest.mark.parametrize("register", [Register, KnowsOthers])
def test_plate_that_it_does_not_know_is_asked_once_a_day(garage: Garage, register: type[Register]) -> None:
    plate = vehicles.fresh_plate()
    for by in (garage.actor(), garage.actor(), world.garage(at=garage.portal).actor()):
        assert not type_in(by, plate, register)
    assert asked == [plate.value]
    assert not type_in(world.garage().actor(), plate, register)  # another insurer pays itself
    assert asked == [plate.value] * 2


@pytest.mark.parametrize("register", [Broken, Hangs])
def test_silent_register_holds_nobody_up_and_rests(garage: Garage, register: type[Register]) -> None:
    by, plate, other = garage.actor(), vehicles.fresh_plate(), vehicles.fresh_plate()
    began = time.monotonic()
    with override_settings(RDW_SECONDS=0.5):
        assert not type_in(by, plate, register)
    assert time.monotonic() - began < PATIENCE  # it would have kept the page for longer
    assert cache.get(paid.RESTING)
    assert not type_in(by, other, Knows)
    assert asked == [plate.value]
    cache.delete(paid.RESTING)
    assert type_in(by, plate, Knows)  # silence is no answer


def test_account_that_asks_too_often_is_not_served(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "BY_ACCOUNT", Limit(f"test-{world.unique()}", times=2, seconds=60))
    by = garage.actor()
    assert [type_in(by, vehicles.fresh_plate(), Knows) for _plate in range(3)] == [True, True, False]
    assert len(asked) == 2


def test_one_look_up_is_counted_once(serve: Serve, garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although it asks two registers."""
    monkeypatch.setattr(lookup, "BY_ACCOUNT", Limit(f"test-{world.unique()}", times=2, seconds=60))
    serve(everything())
    by = garage.actor()
    assert [type_in(by, vehicles.fresh_plate(), Knows) for _plate in range(3)] == [True, True, False]


def test_plate_that_does_not_exist_is_not_paid_for(serve: Serve, garage: Garage) -> None:
    serve(stand_of())
    assert not type_in(garage.actor(), vehicles.fresh_plate(), Knows)
    assert not type_in(garage.actor(), Plate("HA1234"), Knows)
    assert asked == []


def test_those_who_type_one_plate_at_once_pay_once(garage: Garage) -> None:
    by, plate = garage.actor(), vehicles.fresh_plate()

    def slowly() -> None:
        with enter(by.scope):
            look_up(by, plate)

    with override_settings(CHASSIS_REGISTER=f"{__name__}.Slow"):
        at_once(*[slowly] * 4)
    assert asked == [plate.value]


class Slow(Knows):
    def told(self, plates: Sequence[Plate]) -> Mapping[Plate, Vin]:
        free.wait(0.5)
        return super().told(plates)
