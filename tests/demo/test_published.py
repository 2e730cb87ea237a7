"""The stand-in register of the demo: the demo's own vehicles, and one made up for any other plate."""

from itertools import islice

import pytest
from django.test.utils import override_settings

from remise.core.identifiers import CheckCode, Plate
from remise.demo.published import DemoChassisRegister, demo_stand
from remise.demo.register import free_cars
from remise.demo.register_server import Stand
from remise.demo.turnover import LATELY, everywhere
from remise.vehicles.register.client import ask
from tests.conftest import Serve


@pytest.fixture
def stand(serve: Serve) -> Stand:
    return serve(demo_stand())


def test_demo_vehicles_are_published_as_they_were_told(stand: Stand) -> None:
    stays = list(islice(everywhere(), 50))
    said = ask([Plate(stay.car.plate) for stay in stays], seconds=10).published
    for stay in stays:
        found = said[stay.car.plate]
        model = stay.car.model
        assert (found.make, found.model, found.fuel) == (model.make, model.model, model.fuel)
        assert (found.catalogue_value, found.in_name_since) == (stay.car.value, stay.starts)


def test_any_other_plate_has_a_vehicle_and_some_have_none(stand: Stand) -> None:
    plates = [Plate("GBB01B"), Plate("TT601D"), Plate("X999BB")]
    first, again = (ask(plates, seconds=10) for _ in range(2))
    assert first == again
    assert first.unknown == {"X999BB"}


def test_check_codes_of_the_plates_to_try_are_known(stand: Stand) -> None:
    cars = free_cars(LATELY)
    with override_settings():
        vins = DemoChassisRegister().vins([Plate(car.plate) for car in cars] + [Plate("TT601D")], seconds=10)
    assert {plate.value: vin.check_code for plate, vin in vins.items()} == {
        car.plate: CheckCode(car.check_code) for car in cars
    }
