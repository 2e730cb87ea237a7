"""What a test or a developer counts includes the ledger's own statements."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.core.ledger.book import Book
from remise.core.ledger.operations import Start
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from tests import world


def register(garage: world.Garage, *keys: str) -> list[str]:
    """The statements that it took."""
    by = garage.actor()
    with enter(by.scope), CaptureQueriesContext(connection) as asked:
        book = Book.open(
            RegistrationVersion, by=by, organisation=garage.organisation.id, policy=garage.policy.id, keys=keys
        )
        for item in book.items.values():
            book.amend(item, starts=date(2026, 1, 1), operations=(Start({"make": "A"}),))
        book.settle()
    return [query["sql"] for query in asked.captured_queries]


def test_ledger_is_in_the_log_of_queries() -> None:
    told = register(world.garage(), "AB12CD")
    expected = [
        "insert into core_item",
        "from core_entry",
        "insert into core_entry",
        "insert into fleet_registrationversion",
    ]
    assert len(told) == len(expected)
    assert all(part in sql for part, sql in zip(expected, told, strict=True))
    assert "AB12CD" in told[0]


def test_ledger_asks_as_often_for_a_thousand_items_as_for_one() -> None:
    garage = world.garage()
    many = register(garage, *[f"K{number}" for number in range(1000)])
    # Of many the numbers are taken first.
    assert len(many) == len(register(garage, "AB12CD")) + 1
    assert len(many) == len(register(garage, *[f"L{number}" for number in range(200)]))


def test_ledger_is_not_logged_otherwise() -> None:
    connection.queries_log.clear()
    garage = world.garage()
    with enter(garage.actor().scope):
        Book.open(
            RegistrationVersion,
            by=garage.actor(),
            organisation=garage.organisation.id,
            policy=garage.policy.id,
            keys=["AB12CD"],
        ).settle()
    assert not connection.queries_log
