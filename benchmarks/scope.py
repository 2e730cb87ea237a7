"""What the wall costs: the statements of a page of the stock, as a member behind it and as the owner without it."""

from collections.abc import Iterator
from typing import Any

import psycopg

from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.plain import SCOPE
from benchmarks.stage import Stage, World, connect
from benchmarks.statements import fetched, written
from remise.core import clock, paging
from remise.fleet.rights import FleetRight
from remise.fleet.selectors import stock as selectors
from remise.fleet.selectors.stock import StockQuery
from tests.world import Garage

type Answers = list[list[tuple[Any, ...]]]

VS = "the owner, without the wall"


def overhead(stage: Stage) -> Iterator[Figure]:
    world = stage.many
    world.use()
    for name, garage in (("scope.overhead", world.large), ("scope.overhead.small", world.common)):
        yield _overhead(stage, world, name, garage)


ALL = (Benchmark(("scope.overhead", "scope.overhead.small"), overhead),)


def _overhead(stage: Stage, world: World, name: str, garage: Garage) -> Figure:
    actor = garage.actor(FleetRight.VIEW)
    query = StockQuery(day=clock.today(garage.portal))

    def page() -> None:
        selectors.page(selectors.stock(actor, garage.policy, query), query)
        selectors.totals(actor, garage.policy, query)

    statements = written(actor, page)
    with connect(world, as_django=True) as member, connect(world, owner=True, as_django=True) as owner:

        def behind() -> Answers:
            """With the statement that takes the role and its scope."""
            with member.transaction():
                member.execute(SCOPE, {"portal": garage.portal.id, "organisation": garage.organisation.id})
                return fetched(member, statements)

        def without() -> Answers:
            with owner.transaction():
                return fetched(owner, statements)

        answers = behind()
        check(answers == without() and len(answers[0]) > paging.SIZE, "both see the same, and something")
        _check_wall(member, garage)
        walled, bare = in_turns(behind, without, rounds=stage.sizes.rounds, times=stage.sizes.requests)
    more = 100 * (walled.typical / bare.typical - 1)
    return Figure(name, more, "per cent", VS, bare.typical / walled.typical, walled.n)


def _check_wall(member: psycopg.Connection, garage: Garage) -> None:
    with member.transaction():
        member.execute(SCOPE, {"portal": garage.portal.id, "organisation": garage.organisation.id})
        others = "select count(*) from fleet_registrationversion where organisation <> %s"
        check(member.execute(others, [garage.organisation.id]).fetchone() == (0,), "the wall stands")
