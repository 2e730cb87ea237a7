"""The ledger against a naive replay, over random sequences; a frozen past; writers at the same time."""

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import psycopg
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.core.ledger.book import Book
from remise.core.ledger.operations import End, Index, Operation, Set, Start, Terms, Value, detail
from remise.core.models import Entry, Item
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from tests import world

DAY = date(2026, 1, 1)
HORIZON = 40


@dataclass(frozen=True)
class Step:
    starts: int
    length: int | None
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Undo:
    which: int  # of the live entries, counted round


terms = st.fixed_dictionaries(
    {},
    optional={
        "make": st.sampled_from(["A", "B"]),
        "cover": st.sampled_from(["wa", "casco"]),
        "value": st.sampled_from([Decimal("100.00"), Decimal("333.33")]),
        "details.seats": st.sampled_from([5, 9, None]),
        "details.place": st.sampled_from(["Shed 2", 'a "b", {c}\\']),
    },
)
# With these sums many come out at half a cent, above zero and below it.
percents = st.sampled_from([Decimal(percent) for percent in ("9.1", "50", "0.5", "-12.5", "-3.335", "-150", "0")])
operation = st.one_of(
    st.builds(Start, terms),
    st.builds(Set, terms),
    st.builds(Index, st.just("value"), percents),
    st.just(End()),
    st.just(Set({"value": Decimal("200.01")})),
)
steps = st.lists(
    st.one_of(
        st.builds(
            Step,
            st.integers(0, HORIZON - 5),
            st.none() | st.integers(1, 15),
            st.lists(operation, min_size=1, max_size=2).map(tuple),
        ),
        st.builds(Undo, st.integers(0, 20)),
    ),
    min_size=1,
    max_size=10,
)


def naive(entries: list[Entry], known_at: datetime, day: date) -> Terms | None:
    """The meaning, written as plainly as can be: walk what was known in order and apply it."""
    from remise.core.ledger.operations import decode

    known = [e for e in entries if e.at <= known_at]
    undone = {e.undoes_id for e in known if e.undoes_id}
    covered, last_word, state = False, 0, dict[str, Value]()
    live = [e for e in known if not e.undoes_id and e.id not in undone and e.starts]
    for entry in sorted(live, key=lambda e: (e.starts or DAY, e.id)):
        older = entry.id < last_word  # entered before cover was last started or ended: overruled
        if not older and (entry.starts or DAY) <= day and (entry.ends is None or day < entry.ends):
            for one in decode(entry.operations or [], RegistrationVersion.SCHEMA):
                if isinstance(one, Start):
                    covered, last_word, state = True, entry.id, dict(one.terms)
                elif isinstance(one, Set):
                    state |= one.terms
                elif isinstance(one, Index):
                    state[one.term] = grown(state.get(one.term), one.percent)
                elif isinstance(one, End):
                    covered, last_word = False, entry.id
                else:
                    raise NotImplementedError(one)
    return {k: v for k, v in state.items() if v is not None} if covered else None


def grown(sum_: Value, percent: Decimal) -> Value:
    """By so many percent, in whole cents: counted in fractions of a cent, and half a cent goes away from zero."""
    if sum_ is None:
        return None
    assert isinstance(sum_, Decimal)
    exact = Fraction(sum_) * (Fraction(100) + Fraction(percent))  # in cents
    whole = int(abs(exact) + Fraction(1, 2))
    return Decimal(-whole if exact < 0 else whole) / 100


def play(garage: world.Garage, key: str, sequence: list[Step | Undo]) -> list[datetime]:
    """Each step in its own transaction; returns the moments."""
    moments = []
    for step in sequence:
        with enter(garage.actor().scope):
            book = Book.open(
                RegistrationVersion,
                by=garage.actor(),
                organisation=garage.organisation.id,
                policy=garage.policy.id,
                keys=[key],
            )
            item = book.by_key()[key]
            if isinstance(step, Undo):
                if not item.postings:
                    continue
                book.undo(item, sorted(item.postings)[step.which % len(item.postings)])
            else:
                starts = DAY + timedelta(step.starts)
                ends = starts + timedelta(step.length) if step.length else None
                book.amend(item, starts=starts, ends=ends, operations=step.operations)
            moments.append(book.settle()[0].at)
    return moments


@pytest.fixture(scope="module")
def garage() -> world.Garage:
    return world.garage()


@settings(max_examples=200, deadline=None)
@given(sequence=steps)
def test_versions_equal_naive_replay(garage: world.Garage, sequence: list[Step | Undo]) -> None:
    versions_equal_naive_replay(garage, sequence)


@pytest.mark.full
@settings(max_examples=4_000, deadline=None)
@given(sequence=steps)
def test_versions_equal_naive_replay_over_thousands(garage: world.Garage, sequence: list[Step | Undo]) -> None:
    versions_equal_naive_replay(garage, sequence)


def versions_equal_naive_replay(garage: world.Garage, sequence: list[Step | Undo]) -> None:
    key = f"K{world.number()}"
    moments = play(garage, key, sequence)
    assert moments == sorted(set(moments))
    with enter(garage.actor().scope):
        item = Item.objects.filter(policy=garage.policy.id, key=key).first()
        entries = list(Entry.objects.filter(item=item).order_by("id"))
        versions = list(RegistrationVersion.objects.filter(item=item))
        for known_at in moments:
            for offset in range(-1, HORIZON + 16):
                day = DAY + timedelta(offset)
                held = [version for version in versions if holds(version, day, known_at)]
                assert len(held) <= 1
                assert (shown(held[0]) if held else None) == naive(entries, known_at, day)
            day = DAY + timedelta(known_at.microsecond % HORIZON)
            asked = list(RegistrationVersion.objects.filter(item=item).as_of(day, known_at))
            assert asked == [version for version in versions if holds(version, day, known_at)]


def holds(version: RegistrationVersion, day: date, known_at: datetime) -> bool:
    holding = version.starts <= day and (version.ends is None or day < version.ends)
    return holding and version.known_from <= known_at and (version.known_to is None or known_at < version.known_to)


def shown(version: RegistrationVersion) -> Terms:
    told = {term: value for term in version.SCHEMA if (value := getattr(version, term)) not in (None, "", {})}
    return told | {detail(name): value for name, value in told.pop("details", {}).items()}


def opened(garage: world.Garage, key: str = "AB12CD") -> None:
    play(garage, key, [Step(0, None, (Start({"make": "A"}),)), Step(10, None, (Set({"make": "B"}),))])


@pytest.mark.parametrize(
    "statement",
    [
        "update fleet_registrationversion set make = 'C' where known_to is null",
        "update fleet_registrationversion set known_to = null, closed_id = null where known_to is not null",
        "update fleet_registrationversion set known_to = now() where known_to is not null",
        "delete from fleet_registrationversion",
    ],
)
def test_past_is_frozen_even_for_owner(statement: str, owner_connection: psycopg.Connection) -> None:
    opened(world.garage())
    with pytest.raises(psycopg.IntegrityError):
        owner_connection.execute(statement)


def test_two_truths_are_refused(owner_connection: psycopg.Connection) -> None:
    garage = world.garage()
    opened(garage)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        owner_connection.execute(
            "insert into fleet_registrationversion (portal, organisation, item_id, policy, plate, make, model,"
            " starts, known_from, opened_id) select portal, organisation, item_id, policy, plate, make, model,"
            " starts + 1, now(), opened_id from fleet_registrationversion"
            " where known_to is null and policy = %s limit 1",
            [garage.policy.id],
        )


@pytest.mark.parametrize("table", ["core_entry", "core_item", "fleet_registrationversion", "core_event"])
def test_member_cannot_delete(table: str) -> None:
    garage = world.garage()
    with (
        pytest.raises(Exception, match="permission denied"),
        enter(garage.actor().scope),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"delete from {table}")


def test_entry_cannot_be_rewritten() -> None:
    garage = world.garage()
    with (
        pytest.raises(Exception, match="permission denied"),
        enter(garage.actor().scope),
        connection.cursor() as cursor,
    ):
        cursor.execute("update core_entry set by_system = 'somebody else'")


def test_concurrent_writers_leave_one_truth_and_no_error() -> None:
    """Four writers, twenty-five changes each, on five items: no deadlock, and the result is the replay."""
    garage = world.garage()
    errors: list[Exception] = []
    keys = [f"R{n}" for n in range(5)]

    def write(writer: int) -> None:
        try:
            for turn in range(25):
                play(
                    garage,
                    keys[(writer + turn) % 5],
                    [Step((writer * 7 + turn) % HORIZON, None, (Start({"make": f"M{writer}-{turn}"}),))],
                )
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with enter(garage.actor().scope):
        assert Entry.objects.filter(organisation=garage.organisation.id).count() == 100
        for item in Item.objects.filter(policy=garage.policy.id):
            entries = list(Entry.objects.filter(item=item).order_by("id"))
            last = max(entry.at for entry in entries)
            assert len({entry.at for entry in entries}) == len(entries)
            for offset in range(HORIZON):
                day = DAY + timedelta(offset)
                found = RegistrationVersion.objects.filter(item=item).as_of(day).first()
                assert ({"make": found.make} if found else None) == naive(entries, last, day)


def test_bulk_equals_single() -> None:
    """A thousand items amended in one book give what one by one gives."""
    garage = world.garage()
    keys = [f"B{n:04d}" for n in range(1000)]
    by = garage.actor()
    for starts, operations in ((0, (Start({"value": Decimal("100.00")}),)), (10, (Set({"make": "X"}),))):
        with enter(by.scope):
            book = Book.open(
                RegistrationVersion,
                by=by,
                organisation=garage.organisation.id,
                policy=garage.policy.id,
                keys=keys,
            )
            for item in book.items.values():
                book.amend(item, starts=DAY + timedelta(starts), operations=operations)
            entries = book.settle()
            assert len(entries) == 1000
            assert len({entry.id for entry in entries}) == 1000
    with enter(by.scope):
        rows = RegistrationVersion.objects.filter(policy=garage.policy.id).known()
        assert rows.count() == 2000
        assert rows.as_of(DAY + timedelta(9)).filter(make="").count() == 1000
        assert rows.as_of(DAY + timedelta(10)).filter(make="X", value=Decimal("100.00")).count() == 1000
