"""Amendments: one at a time, and a hundred thousand at once, through the book."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from statistics import median

from django.db import connection

from benchmarks.figures import Benchmark, Figure, check, in_turns, seconds
from benchmarks.plain import Plain
from benchmarks.stage import Stage, connect
from remise.core.ledger.book import Book
from remise.core.ledger.operations import Operation, Set, Start
from remise.core.models import Entry
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from tests.world import Garage

DAY = date(2026, 1, 1)
ITEMS = 400  # amended in turn
WORTH = Decimal("20000.00")

type Step = tuple[int, Callable[[int], Operation]]  # days after DAY, and what is done to the nth item
type Timeline = list[tuple[date, date | None, str, Decimal]]

# Opened, changed, and changed for a day before that: the last one cuts what the second one left.
STEPS: dict[str, Step] = {
    "open": (0, lambda n: Start({"make": "A", "value": WORTH + n})),
    "change": (100, lambda n: Set({"value": WORTH - n - 1})),
    "backdated": (50, lambda n: Set({"make": f"B{n}"})),
}


def follows(n: int) -> Timeline:
    """What the nth item holds after the three steps, worked out by hand."""
    first, second = DAY + timedelta(50), DAY + timedelta(100)
    return [(DAY, first, "A", WORTH + n), (first, second, f"B{n}", WORTH + n), (second, None, f"B{n}", WORTH - n - 1)]


def amend(stage: Stage) -> Iterator[Figure]:
    """A new value from a later day on, item after item, each in its own transaction."""
    world, sizes = stage.empty, stage.sizes
    world.use()
    ours, theirs = world.large, world.common
    items = _opened(ours)
    ours_turn, theirs_turn = count(), count()

    def by_book() -> None:
        turn = next(ours_turn)
        day, value = _nth(turn)
        with enter(ours.actor().scope):
            chosen = items[turn % ITEMS]
            book = Book.hold(RegistrationVersion, by=ours.actor(), organisation=ours.organisation.id, items=[chosen])
            book.amend(book.items[chosen], starts=day, operations=(Set({"value": value}),))
            book.settle()

    with connect(world) as bare:
        plain = Plain(bare, theirs)
        keys = [plain.register(f"P{n}", DAY, WORTH) for n in range(ITEMS)]

        def by_hand() -> None:
            turn = next(theirs_turn)
            plain.amend(keys[turn % ITEMS], f"P{turn % ITEMS}", *_nth(turn))

        for _turn in range(ITEMS):
            by_book()
            by_hand()
        book, hand = in_turns(by_book, by_hand, rounds=sizes.rounds, times=sizes.requests * 3)
    for garage, turns in ((ours, next(ours_turn)), (theirs, next(theirs_turn))):
        _check_values(garage, turns)
    yield Figure(
        "ledger.amend", book.rate, "amendments/s", "the same rows by plain SQL", book.rate / hand.rate, book.n
    )


def bulk(stage: Stage) -> Iterator[Figure]:
    """Many items in one book; `vs` is one item at a time, from a sample."""
    world, sizes = stage.empty, stage.sizes
    world.use()
    took: dict[str, list[float]] = {step: [] for step in STEPS}
    single: list[float] = []
    for turn in range(3):
        few = [f"S{turn}-{n}" for n in range(sizes.single)]
        single.append(seconds(lambda: _one_by_one(world.common, few)) / sizes.single)  # noqa: B023
        keys = [f"B{turn}-{n}" for n in range(sizes.items)]
        for step, change in STEPS.items():
            took[step].append(seconds(lambda: _change(world.large, keys, change)))  # noqa: B023
        _check_timelines(world.large, f"B{turn}-", sizes.items)
        _check_timelines(world.common, f"S{turn}-", sizes.single)
    slow = len(STEPS) / median(single)
    fast = {step: sizes.items / median(times) for step, times in took.items()}
    whole = len(STEPS) * sizes.items / median(map(sum, zip(*took.values(), strict=True)))
    vs = "one by one"
    yield Figure("ledger.bulk", whole, "items/s", vs, whole / slow, len(STEPS) * sizes.items)
    for step, rate in fast.items():
        yield Figure(f"ledger.bulk.{step}", rate, "items/s", vs, rate / slow, sizes.items)


ALL = (
    Benchmark(("ledger.amend",), amend),
    Benchmark(("ledger.bulk", *(f"ledger.bulk.{step}" for step in STEPS)), bulk),
)


def _nth(turn: int) -> tuple[date, Decimal]:
    """Of which day and value the amendment is: each item's amendments follow each other by a day."""
    return DAY + timedelta(1 + turn // ITEMS), WORTH + 1 + turn // ITEMS


def _opened(garage: Garage) -> list[int]:
    keys = [f"P{n}" for n in range(ITEMS)]
    _change(garage, keys, (0, lambda _n: Start({"make": "A", "value": WORTH})))
    with enter(garage.actor().scope):
        open_ = RegistrationVersion.objects.filter(policy=garage.policy.id, plate__in=keys).known()
        place = dict(open_.values_list("plate", "item"))
    return [place[key] for key in keys]


def _change(garage: Garage, keys: Sequence[str], step: Step, *, first: int = 0) -> None:
    """These keys, the first one being the `first`th item."""
    later, operation = step
    with enter(garage.actor().scope):
        book = Book.open(
            RegistrationVersion,
            by=garage.actor(),
            organisation=garage.organisation.id,
            policy=garage.policy.id,
            keys=keys,
        )
        items = book.by_key()
        for n, key in enumerate(keys, first):
            book.amend(items[key], starts=DAY + timedelta(later), operations=(operation(n),))
        book.settle()


def _one_by_one(garage: Garage, keys: Sequence[str]) -> None:
    for n, key in enumerate(keys):
        for step in STEPS.values():
            _change(garage, [key], step, first=n)


def _check_values(garage: Garage, turns: int) -> None:
    """Every item holds one value a day, each as it was given, and nothing is missing in between."""
    with enter(garage.actor().scope):
        for item in range(ITEMS):
            versions = RegistrationVersion.objects.filter(policy=garage.policy.id, plate=f"P{item}")
            found = list(versions.known().order_by("starts").values_list("starts", "ends", "value"))
            days = [_nth(turn) for turn in range(item, turns, ITEMS)]
            given = [(DAY, WORTH), *days]
            ends = [day for day, _value in given[1:]]
            wanted = [(day, end, value) for (day, value), end in zip(given, [*ends, None], strict=True)]
            check(found == wanted, f"item {item} of {garage.policy.number}: {found} is not {wanted}")
            check(versions.count() == 2 * len(days) + 1, f"item {item}: versions were lost or repeated")


def _check_timelines(garage: Garage, prefix: str, items: int) -> None:
    """Each item holds what follows from the steps, has its three entries, and still tells what was known before."""
    with enter(garage.actor().scope):
        open_ = RegistrationVersion.objects.filter(policy=garage.policy.id, plate__prefix=prefix).known()
        rows = open_.order_by("plate", "starts").values_list("plate", "starts", "ends", "make", "value")
        held: dict[str, Timeline] = {}
        for key, starts, ends, make, value in rows.iterator():
            held.setdefault(key, []).append((starts, ends, make, value or Decimal(0)))
        check(len(held) == items, f"{len(held)} of {items} items are there")
        right = all(timeline == follows(int(key.removeprefix(prefix))) for key, timeline in held.items())
        check(right, "a timeline is not what its entries say")
        entries = Entry.objects.filter(item__policy=garage.policy.id, item__key__startswith=prefix).count()
        check(entries == len(STEPS) * items, f"{entries} entries")
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from fleet_registrationversion"
                " where policy = %s and plate ^@ %s and known_to > known_from",
                [garage.policy.id, prefix],
            )
            # One closed by the change, one by the change for a day before it.
            check(cursor.fetchone() == (3 * items,), "what was known before is not there")
