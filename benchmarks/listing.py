"""The stock of a large fleet over HTTP, page by page and searched, among few and among many vehicles of others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from urllib.parse import urlencode

import httpx
import psycopg
from django.db import connections
from django.utils import translation

from benchmarks.figures import Benchmark, Figure, Samples, check, in_turns
from benchmarks.stage import Stage, World, connect
from benchmarks.statements import fetched, written
from remise.core import clock, paging
from remise.core.identifiers import Plate
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.selectors import stock as selectors
from remise.fleet.selectors.stock import StockQuery
from remise.ui.formats import number
from tests.world import OWNER

FLOOR = "its bare SQL as the owner, p95"


@dataclass(frozen=True, slots=True)
class Ask:
    """One page that is asked for."""

    query: StockQuery
    after: str = ""

    @property
    def address(self) -> str:
        asked = {"q": self.query.search, "sort": self.query.sort, "after": self.after}
        return "/vehicles/?" + urlencode({name: value for name, value in asked.items() if value})


def lists(world: World) -> list[Ask]:
    """Newest first as it opens, by plate, by make, dearest first; and deep in the middle of it."""
    today = clock.today(world.large.portal)
    asks = [Ask(StockQuery(day=today, sort=sort)) for sort in ("-since", "plate", "make", "-value")]
    with enter(world.large.actor(FleetRight.VIEW).scope):
        open_ = RegistrationVersion.objects.filter(policy=world.large.policy.id).as_of(today)
        middle = open_.order_by("plate")[open_.count() // 2]
    return [*asks, Ask(StockQuery(day=today, sort="plate"), after=f"{middle.plate}~{middle.plate}")]


def searches(world: World) -> list[Ask]:
    """A whole plate, the beginning of one, a common make, a rare one, and what is not there."""
    today = clock.today(world.large.portal)
    with enter(world.large.actor(FleetRight.VIEW).scope):
        some = RegistrationVersion.objects.filter(policy=world.large.policy.id).as_of(today).order_by("plate")[1_000]
    words = (Plate(some.plate).formatted, some.plate[:3], "opel", "opel classic", "zzz")
    return [Ask(StockQuery(day=today, search=word)) for word in words]


def listed(stage: Stage) -> Iterator[Figure]:
    return _timed(stage, "fleet.list", lists)


def searched(stage: Stage) -> Iterator[Figure]:
    return _timed(stage, "fleet.search", searches)


ALL = (
    Benchmark(("fleet.list.p95", "fleet.list.growth"), listed),
    Benchmark(("fleet.search.p95", "fleet.search.growth"), searched),
)


def _timed(stage: Stage, name: str, asks: Callable[[World], list[Ask]]) -> Iterator[Figure]:
    sizes = stage.sizes
    few, many = ([*_pages(world, asks)] for world in (stage.few, stage.many))
    with connect(stage.many, owner=True, as_django=True) as bare:
        floor = _statements(stage.many, bare, asks(stage.many))
        among_few, among_many, sql = in_turns(
            *(turned(pages) for pages in (few, many, floor)), rounds=sizes.rounds, times=sizes.requests
        )
    yield Figure(f"{name}.p95", among_many.p95, "ms", FLOOR, sql.p95 / among_many.p95, among_many.n)
    yield _growth(f"{name}.growth", among_few, among_many, sizes.few)


def _growth(name: str, few: Samples, many: Samples, rows: int) -> Figure:
    growth = many.p95 / few.p95
    return Figure(name, growth, "times", f"p95 among {rows:,} of others", 1 / growth, many.n)


def turned(things: Sequence[Callable[[], object]]) -> Callable[[], object]:
    """One after the other, and round again."""
    turn = cycle(things)

    def one() -> object:
        return next(turn)()

    return one


def _pages(world: World, asks: Callable[[World], list[Ask]]) -> Iterator[Callable[[], httpx.Response]]:
    """Each page as a request, once it was seen to show what is there."""
    visitor = world.visitor(world.large)
    for ask in asks(world):
        _check_page(world, ask, visitor.get(ask.address))
        yield partial(visitor.get, ask.address)


def _check_page(world: World, ask: Ask, answer: httpx.Response) -> None:
    """The rows in their order and the totals, worked out from all rows in Python."""
    check(answer.status_code == 200, f"{ask.address}: {answer.status_code}")
    query = ask.query
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "select plate, starts, make, value from fleet_registrationversion where policy = %s and known_to is null"
            " and starts <= %s and (ends is null or ends > %s)",
            [world.large.policy.id, query.day, query.day],
        )
        rows = cursor.fetchall()
    text = query.search.upper()
    found = [row for row in rows if row[0].startswith(text.replace("-", "")) or row[2].startswith(text)]
    place = {"since": 1, "plate": 0, "make": 2, "value": 3}[query.sort.lstrip("-")]
    found.sort(key=lambda row: (row[place], row[0]), reverse=query.descending)
    after = ask.after.rpartition("~")[2]
    shown = [row[0] for row in found if not after or row[0] > after][: paging.SIZE]
    places = [answer.text.find(f"</span>{Plate(plate).formatted}<") for plate in shown]
    check(-1 not in places and places == sorted(places), f"{ask.address} does not show its rows in order")
    check(not found or _totals(len(found)) in answer.text, f"{ask.address} counts otherwise than {len(found)}")


def _totals(vehicles: int) -> str:
    with translation.override("nl"):
        return f"{number(vehicles)}</dd>"


def _statements(world: World, bare: psycopg.Connection, asks: Sequence[Ask]) -> list[Callable[[], object]]:
    """The SQL of each page, rows and totals."""
    world.use()
    actor, policy = world.large.actor(FleetRight.VIEW), world.large.policy

    def shown(ask: Ask) -> None:
        selectors.page(selectors.stock(actor, policy, ask.query), ask.query, after=ask.after)
        selectors.totals(actor, policy, ask.query)

    return [partial(fetched, bare, written(actor, partial(shown, ask))) for ask in asks]
