"""Putting one vehicle on a policy over HTTP, until its receipt is on the screen."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count

import httpx

from benchmarks import fleets
from benchmarks.figures import Benchmark, Figure, Samples, check, in_turns
from benchmarks.plain import Plain
from benchmarks.stage import Stage, World, connect
from remise.core import clock
from remise.core.models import Entry, Event
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion

FLOOR = "its rows by plain SQL, p95"
CHECK_CODE = "1234"


def registered(stage: Stage) -> Iterator[Figure]:
    """The form is sent and the page with the receipt comes back: two requests, as in a browser."""
    sizes = stage.sizes
    few, many = (Registering(world) for world in (stage.few, stage.many))
    with connect(stage.many) as bare:
        plain = Plain(bare, stage.many.common)
        numbers = count()
        day = clock.today(stage.many.common.portal)

        def by_hand() -> None:
            plain.register(f"F{next(numbers)}", day, Decimal("20000.00"))

        among_few, among_many, floor = in_turns(few.one, many.one, by_hand, rounds=sizes.rounds, times=sizes.requests)
        by_plain = next(numbers)
    few.check()
    many.check(besides=by_plain)
    yield Figure("register.shown.p95", among_many.p95, "ms", FLOOR, floor.p95 / among_many.p95, among_many.n)
    sent = Samples([many.sent[-sizes.requests * (turn + 1) :][: sizes.requests] for turn in range(sizes.rounds)])
    yield Figure("register.p95", sent.p95, "ms", FLOOR, floor.p95 / sent.p95, sent.n)
    growth = among_many.p95 / among_few.p95
    vs = f"p95 among {sizes.few:,} of others"
    yield Figure("register.growth", growth, "times", vs, 1 / growth, among_many.n)


ALL = (Benchmark(("register.p95", "register.shown.p95", "register.growth"), registered),)


class Registering:
    """One employee at one company, with vehicle after vehicle that the register knows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.visitor = world.visitor(world.common)
        self.before = self._counts()
        self.day = clock.today(world.common.portal).isoformat()
        self.receipts: dict[str, str] = {}  # plate -> where its receipt is
        self.sent: list[float] = []  # seconds until the confirmation, without the page that shows it
        form = self.visitor.get("/vehicles/register")
        check(form.status_code == 200, f"the form: {form.status_code}")
        self.token = self.visitor.cookies["csrf"]
        for _turn in range(20):
            self.one()

    def one(self) -> None:
        plate = fleets.plate(len(self.receipts))
        started = time.perf_counter()
        sent = self.visitor.post(
            "/vehicles/register",
            data={"plate": plate.formatted, "check_code": CHECK_CODE, "day": self.day, "cover": "wa"},
            headers={"X-CSRFToken": self.token},
        )
        self.sent.append(time.perf_counter() - started)
        check(sent.status_code == 302, f"registering {plate}: {sent.status_code}")
        self.receipts[plate.value] = sent.headers["Location"]
        _check_receipt(self.visitor.get(sent.headers["Location"]), plate.formatted)

    def check(self, *, besides: int = 0) -> None:
        """Each is there once, with its entry, its event and a receipt of its own; `besides` were written by hand."""
        done = len(self.receipts)
        grown = [after - before for after, before in zip(self._counts(), self.before, strict=True)]
        check(grown == [done + besides] * 3, f"{done} registered and {besides} by hand became {grown}")
        check(len(set(self.receipts.values())) == done, "two vehicles have one receipt")
        with enter(self.world.common.actor().scope):
            held = RegistrationVersion.objects.filter(policy=self.world.common.policy.id).known()
            there = list(held.filter(plate__in=self.receipts, check_code=CHECK_CODE).values_list("plate", flat=True))
        check(sorted(there) == sorted(self.receipts), "what was confirmed is there once")

    def _counts(self) -> list[int]:
        """Versions, entries and events of this company."""
        self.world.use()
        company = self.world.common.organisation.id
        with enter(self.world.common.actor().scope):
            kinds: list[Callable[[], int]] = [
                RegistrationVersion.objects.filter(organisation=company).count,
                Entry.objects.filter(organisation=company).count,
                Event.objects.filter(organisation=company, kind="vehicle.registered").count,
            ]
            return [rows() for rows in kinds]


def _check_receipt(page: httpx.Response, plate: str) -> None:
    check(page.status_code == 200 and plate in page.text, f"the receipt of {plate}: {page.status_code}")
