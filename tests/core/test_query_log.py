"""What a test or a developer counts includes the ledger's own statements."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.core.ledger.book import SLICE, Book
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
    garage = world.garage()
    first, then = register(garage, "AB12CD"), register(garage, "AB12CD")
    opens = ["insert into core_entry", "insert into fleet_registrationversion"]
    past = ["from core_entry", "from fleet_registrationversion"]
    # What was made a moment ago has no past; who says the same again changes no version.
    for told, expected in (first, opens), (then, [*past, "insert into core_entry"]):
        assert len(told) == 1 + len(expected)
        assert all(part in sql for part, sql in zip(["insert into core_item", *expected], told, strict=True))
    assert "AB12CD" in first[0]


def test_ledger_asks_as_often_for_a_slice_of_items_as_for_one() -> None:
    garage = world.garage()
    one = register(garage, "AB12CD")
    # Of many the numbers are taken first.
    assert len(register(garage, *[f"L{number}" for number in range(SLICE)])) == len(one) + 1
    # The item once, and each slice its entries and its versions.
    assert len(register(garage, *[f"K{number}" for number in range(4 * SLICE)])) == len(one) + 1 + 3 * 2


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
