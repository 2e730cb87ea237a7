"""Pages by key: there and back again, each row once, whatever the address holds."""

from collections.abc import Iterator

import pytest

from remise.core.paging import Order, Page, page
from remise.core.scope import enter
from remise.runs.models import RunRow
from tests.runs.office import Office, office
from tests.runs.trial import kinds

ORDERS = [Order("position"), Order("verdict", tie="position", read=str)]


@pytest.fixture(scope="module")
def garage() -> Office:
    """Seventeen rows, many of which have the same verdict."""
    kinds.register()
    made = office()
    run = made.stamp(*[{} for _ in range(17)])
    RunRow.objects.using("owner").filter(run=run, position__in=[2, 3, 5, 7, 11]).update(verdict="accepted")
    RunRow.objects.using("owner").filter(run=run, position__in=[1, 4, 6]).update(verdict="refused")
    return made


@pytest.fixture(autouse=True)
def scope(garage: Office) -> Iterator[None]:
    with enter(garage.actor().scope):
        yield


def in_order(order: Order) -> list[int]:
    found = RunRow.objects.values_list(order.column, "position")
    return [position for _value, position in sorted(found, reverse=order.descending)]


def places(shown: Page[RunRow]) -> list[int]:
    return [row.position for row in shown.rows]


@pytest.mark.parametrize("size", [1, 4, 16, 17, 50])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("like", ORDERS, ids=lambda order: order.column)
def test_pages_lead_through_the_list_and_back(like: Order, descending: bool, size: int) -> None:
    order = Order(like.column, tie=like.tie, read=like.read, descending=descending)
    wanted = in_order(order)
    pages = [page(RunRow.objects.all(), order, size=size)]
    while pages[-1].older:
        pages.append(page(RunRow.objects.all(), order, after=pages[-1].older, size=size))
    assert [place for shown in pages for place in places(shown)] == wanted
    assert pages[0].newer is None
    back = [pages.pop()]
    while back[-1].newer:
        back.append(page(RunRow.objects.all(), order, before=back[-1].newer, size=size))
    assert [place for shown in reversed(back) for place in places(shown)] == wanted
    assert back[-1].newer is None


@pytest.mark.parametrize("text", ["", "x", "²", "-1", "9" * 40, "~", "x~y", "1~2", "1~"])
def test_key_that_is_none_shows_the_first_page(text: str) -> None:
    first = page(RunRow.objects.all(), Order("position"), size=5)
    assert page(RunRow.objects.all(), Order("position"), after=text, before=text, size=5) == first


@pytest.mark.parametrize("text", ["", "pending", "2026-02-30~3", "x~", "~1"])
def test_key_is_read_by_the_column(text: str) -> None:
    from datetime import date

    from remise.runs.models import Run

    order = Order("began_at", tie="id", read=lambda value: date.fromisoformat(value[:10]))
    assert len(page(Run.objects.all(), order, after=text, before=text).rows) == 1


def test_page_past_the_end_is_empty_and_leads_nowhere() -> None:
    assert page(RunRow.objects.all(), Order("position"), after="17") == Page([], None, None)


def test_showing_keeps_the_place() -> None:
    assert Page([1, 2], "a", "b").showing(["one", "two"]) == Page(["one", "two"], "a", "b")
