"""What settling refuses, and what it leaves alone."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import IntegrityError, transaction

from remise.core.ledger.book import SLICE, Book
from remise.core.ledger.operations import Set, Start
from remise.core.ledger.projection import LedgerChangedError
from remise.core.models import Entry
from remise.core.scope import enter
from remise.core.sending import Numbered, together
from remise.fleet.models import RegistrationVersion
from tests import world
from tests.world import Garage

DAY = date(2026, 1, 1)


def book_of(garage: Garage, *keys: str) -> Book:
    return Book.open(
        RegistrationVersion,
        by=garage.actor(),
        organisation=garage.organisation.id,
        policy=garage.policy.id,
        keys=keys,
    )


@pytest.fixture
def garage() -> Garage:
    """With one vehicle, in two segments."""
    made = world.garage()
    for later, terms in ((0, {"make": "A"}), (10, {"make": "B"})):
        with enter(made.actor().scope):
            book = book_of(made, "AB12CD")
            book.amend(book.by_key()["AB12CD"], starts=DAY + timedelta(later), operations=(Start(terms),))
            book.settle()
    return made


def test_segment_that_stays_is_not_touched(garage: Garage) -> None:
    with enter(garage.actor().scope):
        first = RegistrationVersion.objects.known().get(policy=garage.policy.id, starts=DAY)
        book = book_of(garage, "AB12CD")
        book.amend(book.by_key()["AB12CD"], starts=DAY + timedelta(10), operations=(Set({"model": "x"}),))
        book.settle()
        assert RegistrationVersion.objects.known().get(policy=garage.policy.id, starts=DAY) == first
        assert RegistrationVersion.objects.filter(policy=garage.policy.id).count() == 4


def test_book_is_settled_once(garage: Garage) -> None:
    with enter(garage.actor().scope):
        book = book_of(garage, "AB12CD")
        book.settle()
        with pytest.raises(RuntimeError):
            book.settle()


def test_versions_changed_past_the_lock_are_found_out(garage: Garage, owner_connection: psycopg.Connection) -> None:
    with enter(garage.actor().scope):
        book = book_of(garage, "AB12CD")
        owner_connection.execute(
            "update fleet_registrationversion set known_to = clock_timestamp() where policy = %s"
            " and ends is null and known_to is null",
            [garage.policy.id],
        )
        book.amend(book.by_key()["AB12CD"], starts=DAY + timedelta(20), operations=(Set({"make": "C"}),))
        with pytest.raises(LedgerChangedError):
            book.settle()


def test_refusal_by_the_database_is_told_as_such(garage: Garage) -> None:
    with enter(garage.actor().scope):
        book = book_of(garage, "AB12CD")
        book.amend(book.by_key()["AB12CD"], starts=DAY, operations=(Set({"branch": -1}),))
        with pytest.raises(IntegrityError), transaction.atomic():
            book.settle()
        assert RegistrationVersion.objects.filter(policy=garage.policy.id).count() == 3


def test_entries_come_in_the_order_in_which_they_were_added(garage: Garage) -> None:
    with enter(garage.actor().scope):
        book = book_of(garage, "K1", "K2", "K3")
        for item in book.items.values():
            book.amend(item, starts=DAY, operations=(Start({"make": item.key}),))
        entries = book.settle()
        stored = Entry.objects.in_bulk([entry.id for entry in entries])
    assert [stored[entry.id].item_id for entry in entries] == list(book.items)
    assert [stored[entry.id].receipt for entry in entries] == [entry.receipt for entry in entries]


def test_what_goes_out_while_others_are_amended_is_all_there(garage: Garage) -> None:
    keys = [f"K{number:04d}" for number in range(2 * SLICE + 1)]
    with enter(garage.actor().scope):
        book = book_of(garage, *keys)
        with together(len(keys), Numbered.ENTRIES):
            for item in book.items.values():
                book.amend(item, starts=DAY, operations=(Start({"make": item.key}),))
            entries = book.settle()
        stored = Entry.objects.in_bulk([entry.id for entry in entries])
        held = RegistrationVersion.objects.known().filter(policy=garage.policy.id, plate__startswith="K")
        opened = {version.opened_id: (version.plate, version.make) for version in held}
    assert [stored[entry.id].item_id for entry in entries] == list(book.items)
    assert [opened[entry.id] for entry in entries] == [(item.key, item.key) for item in book.items.values()]
    assert sorted(stored) == [entry.id for entry in entries]


def test_item_that_is_under_way_is_not_amended_again(garage: Garage) -> None:
    keys = [f"K{number:04d}" for number in range(SLICE)]

    def amend_twice() -> None:
        book = book_of(garage, *keys)
        with together(len(keys), Numbered.ENTRIES):
            for item in [*book.items.values(), *book.items.values()]:
                book.amend(item, starts=DAY, operations=(Start({"make": "A"}),))

    with enter(garage.actor().scope):
        with pytest.raises(RuntimeError), transaction.atomic():
            amend_twice()
        assert not RegistrationVersion.objects.filter(plate__startswith="K").exists()
