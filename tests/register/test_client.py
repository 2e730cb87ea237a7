"""The client against a register that answers, waits, throttles, fails, hangs up and lies."""

import time

import pytest
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import Plate
from remise.demo.register_server import FUELS, VEHICLES, Mode
from remise.vehicles.register import client
from remise.vehicles.register.client import NotAnsweredError, ask, wait_asked
from tests import vehicles
from tests.conftest import Serve
from tests.register.published import FIXTURES, everything, fixtures, row_of, stand_of

LONG = 60.0
PATIENCE = 20.0  # on a busy machine; less than the register would take, or was given


def test_ask_one_with_its_fuel(serve: Serve) -> None:
    plate = vehicles.fresh_plate()
    stand = serve(stand_of(row_of(plate)))
    with override_settings(RDW_APP_TOKEN="a-token"):
        answer = ask([plate], seconds=LONG)
    assert (answer.published[plate.value].make, answer.published[plate.value].fuel) == ("VOLVO", "Elektriciteit")
    assert answer.unknown == frozenset()
    assert sorted(stand.asked) == sorted([(VEHICLES, (plate.value,)), (FUELS, (plate.value,))])
    assert set(stand.tokens) == {"a-token"}


def test_ask_many_in_one_request(serve: Serve) -> None:
    plates = [vehicles.fresh_plate() for _ in range(client.BATCH)]
    stand = serve(stand_of(*map(row_of, plates[1:])))
    answer = ask(plates, seconds=LONG)
    assert answer.published.keys() == {plate.value for plate in plates[1:]}
    assert answer.unknown == {plates[0].value}
    assert len(stand.asked) == 2


@pytest.mark.skipif(not FIXTURES.exists(), reason="the real answers are not beside this checkout")
def test_ask_of_real_rows(serve: Serve) -> None:
    serve(stand_of(*fixtures()["m9d7-ebf2"]))
    answer = ask([Plate("TT601D"), Plate("11ZKZ3"), Plate("GBB01B")], seconds=LONG)
    assert {plate: said.title() for plate, said in ((p, v.make) for p, v in answer.published.items())} == {
        "TT601D": "Volkswagen",
        "11ZKZ3": "Skoda",
    }
    assert answer.unknown == {"GBB01B"}


@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.RESET, Mode.HTML, Mode.THROTTLE])
def test_ask_of_a_broken_register_says_so_at_once(serve: Serve, mode: Mode) -> None:
    serve(everything(mode=mode, retry_after="7"))
    started = time.monotonic()
    with pytest.raises(NotAnsweredError) as silent:
        ask([vehicles.fresh_plate()], seconds=LONG)
    assert time.monotonic() - started < PATIENCE
    assert silent.value.after == (7 if mode is Mode.THROTTLE else 0)


@pytest.mark.parametrize("mode", [Mode.SLOW, Mode.DRIP])
def test_ask_of_a_slow_register_ends_in_time(serve: Serve, mode: Mode) -> None:
    serve(everything(mode=mode))
    started = time.monotonic()
    with pytest.raises(NotAnsweredError):
        ask([vehicles.fresh_plate()], seconds=0.5)
    assert time.monotonic() - started < PATIENCE


def test_ask_of_nobody_says_so(serve: Serve) -> None:
    with override_settings(RDW_URL="http://127.0.0.1:9"), pytest.raises(NotAnsweredError):
        ask([vehicles.fresh_plate()], seconds=LONG)
    with override_settings(RDW_URL="no address"), pytest.raises(NotAnsweredError):
        ask([vehicles.fresh_plate()], seconds=LONG)


def test_lies_are_no_answers(serve: Serve) -> None:
    """Whatever it says, a vehicle is believed only under its own plate and with a make; none is called unknown."""
    serve(everything(mode=Mode.LIE))
    for _ in range(12):
        plate = vehicles.fresh_plate()
        try:
            answer = ask([plate], seconds=LONG)
        except NotAnsweredError:
            continue
        assert answer.unknown == frozenset()
        assert answer.published[plate.value].make == "VOLVO"


def test_rows_of_others_make_nothing_unknown(serve: Serve) -> None:
    one, other = (vehicles.fresh_plate() for _ in range(2))
    stand = stand_of(row_of(one))
    said = stand.vehicles
    stand.vehicles = lambda plate: [*said(plate), row_of("XX99XX")]
    serve(stand)
    answer = ask([one, other], seconds=LONG)
    assert (set(answer.published), answer.unknown) == ({one.value}, frozenset())


@given(st.text())
def test_wait_asked_is_a_number_of_seconds(header: str) -> None:
    assert 0 <= wait_asked(header) < 1_000_000


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), ("", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 60)])
def test_wait_asked(header: str, seconds: float) -> None:
    assert wait_asked(header) == seconds
