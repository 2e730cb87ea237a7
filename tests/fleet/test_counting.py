"""Totals of a large fleet are read from their index alone, and the home page looks at no other company's rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from remise.core.scope import enter
from remise.fleet import frame
from remise.fleet.rights import FleetRight
from remise.fleet.selectors import stock as selectors
from remise.fleet.selectors.stock import StockQuery
from tests import plans, world
from tests.world import Garage

DAY = date(2025, 3, 1)


@pytest.fixture(scope="module")
def garage() -> Garage:
    made = world.garage()
    plans.bulk_fleet(made, 5_000, others=20_000)
    return made


def plans_of(garage: Garage, asked: Callable[[], object]) -> list[str]:
    """How each statement was carried out."""
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with enter(garage.actor().scope):
        with connection.execute_wrapper(note):
            asked()
        return [str(plans.explain(one)) for one in sent]


@pytest.mark.parametrize("search", ["", "opel"])
def test_totals_are_read_from_their_index_alone(garage: Garage, search: str) -> None:
    query = StockQuery(day=DAY, search=search)
    first = plans_of(garage, lambda: selectors.totals(garage.actor(FleetRight.VIEW), garage.policy, query))[0]
    assert "'Index Only Scan'" in first
    assert "'fleet_registration_make'" in first
    assert "'Heap Fetches': 0" in first


@pytest.mark.parametrize("search", ["", "op", "opel", "seat", "BD", "BD-FG", "seat classic", "--", "no such"])
def test_totals_count_what_the_list_shows(garage: Garage, search: str) -> None:
    by, query = garage.actor(FleetRight.VIEW), StockQuery(day=DAY, search=search)
    with enter(by.scope):
        rows = list(selectors.stock(by, garage.policy, query))
        found = selectors.totals(by, garage.policy, query)
    values = [row.value for row in rows if row.value is not None]
    assert (found.vehicles, found.value) == (len(rows), sum(values))
    assert found.without_value == len(rows) - len(values)


def test_home_page_looks_at_no_other_companys_rows(garage: Garage) -> None:
    plan = "".join(plans_of(garage, lambda: frame.tiles(garage.actor(FleetRight.VIEW))))
    assert "'Seq Scan', 'Parallel Aware': False, 'Async Capable': False, 'Relation Name': 'fleet_" not in plan
    assert "'fleet_registration_make'" in plan
