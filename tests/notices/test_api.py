"""What a program reads of the notices of a vehicle."""

from remise.demo.state_register import Stand
from tests import vehicles, world
from tests.api.program import program
from tests.notices.telling import connected, telling


def test_program_reads_how_the_register_stands_with_a_vehicle() -> None:
    of = telling()
    held = of.register(days=9)
    with connected(Stand()):
        of.exchange()
        of.deregister(held, days=2)
    told = program(of.garage).get(f"/vehicles/{held.item}/notices").json()
    assert [(one["kind"], one["state"]) for one in told] == [("end", "pending"), ("start", "accepted")]
    assert told[0]["ends"] == vehicles.back(of.garage, 1).isoformat()
    assert told[1]["sent_at"] is not None


def test_program_of_another_company_meets_404() -> None:
    of = telling()
    held = of.register()
    stranger = program(world.garage(at=of.garage.portal))
    assert stranger.get(f"/vehicles/{held.item}/notices").status_code == 404
