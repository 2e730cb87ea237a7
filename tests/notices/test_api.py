"""What a program reads of the notices of a vehicle."""

from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.core.models import Event
from remise.core.scope import enter
from remise.demo.state_register import Stand
from remise.fleet.rights import FleetRight
from remise.notices import described
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


def test_answers_of_many_policies_are_told_in_as_many_queries_as_of_one() -> None:
    garage = telling().garage
    happened = []
    for number in range(3):
        policy = world.policy(garage.organisation, garage.policy.product, number=f"{garage.policy.number}-{number}")
        held = vehicles.on_cover(replace(garage, policy=policy))
        said = {"item": held.item, "policy": policy.id, "kind": "start", "code": ""}
        happened.append(Event(id=number, kind="notice.accepted", subject=number, after=said))
    by = garage.actor(FleetRight.VIEW)
    counted = []
    for some in (happened[:1], happened):
        with enter(by.scope), CaptureQueriesContext(connection) as captured:
            told = described.tell(by, some)
        assert [one["branch"] for one in told.values()] == [garage.branch.id] * len(some)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_program_of_another_company_meets_404() -> None:
    of = telling()
    held = of.register()
    stranger = program(world.garage(at=of.garage.portal))
    assert stranger.get(f"/vehicles/{held.item}/notices").status_code == 404
