"""What somebody meets who types a plate: an answer, what is stored, or nothing; never an error, never a long wait."""

import threading
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test.utils import override_settings
from django.utils import timezone

from remise.core.actor import Actor, system
from remise.core.identifiers import Plate
from remise.core.limits import Limit
from remise.core.scope import enter
from remise.demo.register_server import Mode, Stand
from remise.vehicles.models import Vehicle
from remise.vehicles.register import lookup
from remise.vehicles.register.lookup import LookedUp, look_up
from remise.vehicles.register.typical import learn_typical_values
from tests import vehicles, world
from tests.conftest import Serve
from tests.races import at_once
from tests.register.published import everything, row_of, stand_of

PATIENCE = 20.0  # of the tests, on a busy machine; a register that is slow takes longer
BROKEN = [Mode.FAIL, Mode.RESET, Mode.HTML, Mode.THROTTLE, Mode.SLOW, Mode.DRIP]


@pytest.fixture
def by() -> Actor:
    return world.garage().actor()


def looked_up(by: Actor, plate: Plate) -> LookedUp:
    with enter(by.scope):
        return look_up(by, plate)


def test_look_up_stores_what_the_register_says(serve: Serve, by: Actor) -> None:
    plate = vehicles.fresh_plate()
    serve(stand_of(row_of(plate)))
    found = looked_up(by, plate)
    assert found.is_fresh
    stored = Vehicle.objects.using(world.OWNER).get(plate=plate.value)
    assert found.vehicle == stored
    assert (stored.make, stored.colour, stored.fuel) == ("VOLVO", "GRIJS", "Elektriciteit")
    assert (stored.catalogue_value, stored.value_doubt, stored.source) == (Decimal(41495), "", "RDW")
    assert timezone.now() - stored.looked_up_at < timedelta(minutes=1)


def test_answer_of_today_is_not_asked_again(serve: Serve, by: Actor) -> None:
    plate = vehicles.fresh_plate()
    stand = serve(stand_of(row_of(plate)))
    for _ in range(3):
        assert looked_up(by, plate).is_fresh
    assert len(stand.asked) == 2  # the vehicle and its fuel


def test_answer_of_yesterday_is_asked_again(serve: Serve, by: Actor) -> None:
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, make="OPEL", looked_up_at=timezone.now() - lookup.FRESH)
    serve(stand_of(row_of(plate)))
    found = looked_up(by, plate)
    assert found.vehicle is not None
    assert found.vehicle.make == "VOLVO"


def test_unknown_plate_is_told_and_keeps_what_was_said(serve: Serve, by: Actor) -> None:
    never, gone = vehicles.fresh_plate(), vehicles.fresh_plate()
    vehicles.in_register(gone, looked_up_at=timezone.now() - lookup.FRESH)
    stand = serve(stand_of())
    for plate in (never, gone, never):
        found = looked_up(by, plate)
        assert found.is_fresh
        assert found.vehicle is not None
        assert not found.vehicle.found
    assert Vehicle.objects.using(world.OWNER).get(plate=gone.value).make == "VOLVO"
    assert len(stand.asked) == 4


@pytest.mark.parametrize("mode", BROKEN)
def test_broken_register_leaves_what_is_stored_and_holds_nobody_up(serve: Serve, by: Actor, mode: Mode) -> None:
    old, new = vehicles.fresh_plate(), vehicles.fresh_plate()
    vehicles.in_register(old, looked_up_at=timezone.now() - timedelta(days=9))
    stand = serve(everything(mode=mode))
    started = time.monotonic()
    with override_settings(RDW_SECONDS=0.6):
        found = looked_up(by, old)
        assert (found.is_fresh, found.vehicle is not None) == (False, True)
        assert time.monotonic() - started < PATIENCE  # a slow one would take `stand.seconds`
        assert cache.get(lookup.RESTING)
        assert looked_up(by, new) == LookedUp(None, is_fresh=False)
    # The second one did not wait at all: the register is left alone for a while.
    assert {plates for _, plates in stand.asked} == {(old.value,)}


def test_lies_do_not_reach_the_page(serve: Serve, by: Actor) -> None:
    serve(everything(mode=Mode.LIE))
    for _ in range(8):
        cache.delete(lookup.RESTING)
        found = looked_up(by, vehicles.fresh_plate())
        assert found.vehicle is None or found.vehicle.make == "VOLVO"


def test_no_register_and_trade_plates_ask_nobody(serve: Serve, by: Actor) -> None:
    assert looked_up(by, vehicles.fresh_plate()) == LookedUp(None, is_fresh=False)
    stand = serve(everything())
    assert looked_up(by, Plate("HA1234")) == LookedUp(None, is_fresh=False)
    assert stand.asked == []


def test_two_at_once_ask_once(serve: Serve, by: Actor) -> None:
    plate = vehicles.fresh_plate()
    answering = threading.Event()

    def slowly(asked: str) -> list[dict[str, object]]:
        answering.wait(0.5)
        return [row_of(asked)]

    stand = serve(Stand(vehicles=slowly))
    found = at_once(*[lambda: looked_up(by, plate)] * 4)
    assert [one.is_fresh for one in found] == [True] * 4
    assert len(stand.asked) == 2


def test_value_that_stands_out_is_marked_with_its_reason(serve: Serve, by: Actor) -> None:
    make = f"MERK {world.unique()}"
    peers = [vehicles.in_register(make=make, model="SMALL", catalogue_value=Decimal(11_000 + n)) for n in range(5)]
    assert peers
    with enter(system(portal=by.in_portal, name="test").scope):
        learn_typical_values()
    odd, zero, placeholder = (vehicles.fresh_plate() for _ in range(3))
    serve(
        stand_of(
            row_of(odd, merk=make, handelsbenaming="SMALL", catalogusprijs="97026"),
            row_of(zero, catalogusprijs="0"),
            row_of(placeholder, catalogusprijs="55555"),
        )
    )
    doubts = {}
    for plate in (odd, zero, placeholder):
        found = looked_up(by, plate).vehicle
        assert found is not None
        doubts[plate] = (found.value_doubt, found.sure_value)
    assert doubts == {odd: ("unlike_its_model", None), zero: ("", None), placeholder: ("placeholder", None)}


def test_too_many_plates_of_one_account_are_served_from_what_is_stored(
    serve: Serve, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BY_ACCOUNT", Limit(f"test-{world.unique()}", times=2, seconds=60))
    stand = serve(everything())
    found = [looked_up(by, vehicles.fresh_plate()).is_fresh for _ in range(4)]
    assert found == [True, True, False, False]
    assert len(stand.asked) == 4


def test_member_may_not_write_the_registers_table(by: Actor) -> None:
    plate = vehicles.in_register().plate
    with pytest.raises(Exception, match="permission denied"), enter(by.scope):
        Vehicle.objects.filter(plate=plate).update(make="OPEL")
