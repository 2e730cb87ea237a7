"""What the wall costs: the statements of a page of the stock, as a member behind it and as the owner without it."""

from collections.abc import Iterator

from django.db import connection, transaction

from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.stage import Stage, World
from remise.core import clock
from remise.core.scope import enter
from remise.fleet import selectors
from remise.fleet.rights import FleetRight
from remise.fleet.selectors import Page, StockQuery, Totals
from tests.world import OWNER, Garage

VS = "the owner, without the wall"


def overhead(stage: Stage) -> Iterator[Figure]:
    world = stage.many
    world.use()
    for name, garage in (("scope.overhead", world.large), ("scope.overhead.small", world.common)):
        yield _overhead(stage, world, name, garage)


ALL = (Benchmark(("scope.overhead", "scope.overhead.small"), overhead),)


def _overhead(stage: Stage, world: World, name: str, garage: Garage) -> Figure:
    actor = garage.actor(FleetRight.VIEW)
    query = StockQuery(day=clock.today(world.large.portal))

    def behind() -> tuple[Page, Totals]:
        """With the statement that takes the role and its scope."""
        with enter(actor.scope):
            versions = selectors.stock(actor, garage.policy, query)
            return selectors.page(versions, query), selectors.totals(versions)

    def without() -> tuple[Page, Totals]:
        with transaction.atomic(using=OWNER):
            versions = selectors.stock(actor, garage.policy, query).using(OWNER)
            return selectors.page(versions, query), selectors.totals(versions)

    check(behind() == without(), "both see the same")
    check(behind()[1].vehicles > 0, "there is something to see")
    with enter(world.common.actor().scope), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from fleet_registrationversion where organisation <> %s",
            [world.common.organisation.id],
        )
        check(cursor.fetchone() == (0,), "the wall stands")
    walled, bare = in_turns(behind, without, rounds=stage.sizes.rounds, times=stage.sizes.requests)
    more = 100 * (walled.typical / bare.typical - 1)
    return Figure(name, more, "per cent", VS, bare.typical / walled.typical, walled.n)
