"""A file of many vehicles: looked through, and done; next to the page's own form and a plain loop, row by row."""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import transaction

from benchmarks.figures import Benchmark, Figure, check, seconds
from benchmarks.fleets import LETTERS, STRIDE
from benchmarks.stage import Stage
from remise.core import clock
from remise.core.actor import Actor, system
from remise.core.errors import DomainError
from remise.core.models import Entry, Event, Item
from remise.core.scope import enter
from remise.fleet import wanted
from remise.fleet.bulk.kinds import REGISTER
from remise.fleet.bulk.reading import Reading
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.fleet.sent import form_sent
from remise.organisations.models import Party
from remise.runs import checking, rows, tasks
from remise.runs.actions import confirm, send_file
from remise.runs.kinds import Row
from remise.runs.models import Run, RunRow
from tests import sessions, world
from tests.fleet.test_together import FIELDS
from tests.world import OWNER, Garage

LESSEES = 500


def take_in(stage: Stage) -> Iterator[Figure]:
    stage.empty.use()
    garage = world.garage(fields=FIELDS)
    by = sessions.actor_of(world.member(garage.organisation, rights=list(FleetRight)))
    count, few = stage.sizes.items, stage.sizes.single
    looked: list[float] = []
    done: list[float] = []
    forms: list[float] = []
    loops: list[float] = []
    with tempfile.TemporaryDirectory() as directory:
        settings.MEDIA_ROOT = directory
        for turn in range(3):
            numbers = range(turn * (count + 2 * few), (turn + 1) * (count + 2 * few))
            lines = [_line(garage, number) for number in numbers]
            own = lines[:count]
            run = _sent(garage, by, own, Path(directory) / f"{turn}.csv")
            looked.append(seconds(lambda: _look_through(garage, run)))  # noqa: B023
            forms.append(seconds(lambda: _by_form(garage, by, own[:few])) / few)  # noqa: B023
            # Before and after: what else the machine does changes from one minute to the next.
            loops.append(_looped(garage, by, lines[count : count + few], Path(directory) / f"{turn}-before.csv"))
            done.append(seconds(lambda: _do(garage, by, run)))  # noqa: B023
            loops.append(_looped(garage, by, lines[count + few :], Path(directory) / f"{turn}-after.csv"))
            _check(garage, run, own)
    for name, times, slow, vs in (
        ("fleet.preflight", looked, forms, "the page's form and rules, row by row"),
        ("fleet.commit", done, loops, "a plain Django loop with the same inserts"),
    ):
        rate = count / median(times)
        yield Figure(name, rate, "rows/s", vs, rate * median(slow), count)


ALL = (Benchmark(("fleet.preflight", "fleet.commit"), take_in),)


def _line(garage: Garage, number: int) -> Mapping[str, str]:
    n = number * STRIDE % (len(LETTERS) ** 3 * 1000)
    letters = [LETTERS[n // 1000 // len(LETTERS) ** place % len(LETTERS)] for place in range(3)]
    return {
        "plate": f"{letters[0]}{letters[1]}{n % 1000:03d}{letters[2]}",
        "check_code": f"{number % 10_000:04d}",
        "day": clock.today(garage.portal).isoformat(),
        "cover": "Casco" if number % 2 else "wa",
        "lessee": f"Lessee {number % LESSEES}",
    }


def _sent(garage: Garage, by: Actor, lines: list[Mapping[str, str]], path: Path) -> Run:
    text = "\n".join([";".join(lines[0]), *(";".join(line.values()) for line in lines)])
    path.write_text(text)
    with path.open("rb") as file, enter(by.scope):
        inputs = {"policy": garage.policy.number, "day": None, "branch": garage.branch.id}
        return send_file(
            by=by, kind=REGISTER.name, inputs=inputs, file=file, name=path.name, size=path.stat().st_size
        )


def _look_through(garage: Garage, run: Run) -> None:
    checking.produce(_system(garage), run=run.id, step=run.step)


def _by_form(garage: Garage, by: Actor, lines: list[Mapping[str, str]]) -> None:
    """As a loop over the file would do it: what the form says of the line, then what the rules say."""
    with enter(by.scope):
        here = Reading.of(by, {"policy": garage.policy.number, "branch": garage.branch.id})
        for line in lines:
            details = {"cover": line["cover"].lower(), "lessee": line["lessee"]}
            form_sent(by, here.policy, {**line, "details": details}, ())
            read = here.wanted(Row(line, key=line["plate"], run=0, inputs={}))
            (said,) = wanted.check(by, here.policy, [read])
            check(not isinstance(said, DomainError), "the line is right")


def _do(garage: Garage, by: Actor, run: Run) -> None:
    with enter(by.scope):
        confirm(by=by, run=run.id)
    while (now := Run.objects.using(OWNER).get(pk=run.pk)).is_active:
        rows.advance(_system(garage), run=now.id, step=now.step, job=tasks.advance)


def _looped(garage: Garage, by: Actor, lines: list[Mapping[str, str]], path: Path) -> float:
    """Seconds a line."""
    run = _sent(garage, by, lines, path)
    _look_through(garage, run)
    return seconds(lambda: _by_loop(garage, run)) / len(lines)


def _by_loop(garage: Garage, run: Run) -> None:
    """The rows that a registration leaves, object by object, each line of the file in a transaction."""
    owned = {"portal": garage.portal.id, "organisation": garage.organisation.id}
    for row in RunRow.objects.using(OWNER).filter(run=run.id).order_by("position"):
        line = row.data
        with transaction.atomic(using=OWNER):
            now = clock.now(garage.portal)
            party = (
                Party.objects.using(OWNER).filter(organisation=garage.organisation.id, name=line["lessee"]).first()
            )
            lessee = party or Party.objects.using(OWNER).create(**owned, kind=Party.Kind.PERSON, name=line["lessee"])
            item = Item.objects.using(OWNER).create(
                **owned, kind="vehicle", policy=garage.policy.id, key=line["plate"], known_at=now
            )
            terms = {"branch": garage.branch.id, "check_code": line["check_code"], "lessee": lessee.id}
            entry = Entry.objects.using(OWNER).create(
                **owned,
                item=item,
                starts=line["day"],
                operations=[{"op": "start", "terms": terms}],
                at=now,
                by_system="loop",
            )
            RegistrationVersion.objects.using(OWNER).create(
                **owned,
                item=item,
                policy=garage.policy.id,
                plate=line["plate"],
                starts=date.fromisoformat(line["day"]),
                known_from=now,
                opened=entry,
                make="",
                model="",
                cover="wa",
                **terms,
            )
            Event.objects.using(OWNER).create(
                **owned,
                kind="vehicle.registered",
                subject_kind="registration",
                subject=item.id,
                by_system="loop",
                via="import",
                at=now,
                after={"entry": entry.id},
            )
            row.verdict, row.entry, row.data = RunRow.Verdict.ACCEPTED, entry.id, {}
            row.save(using=OWNER, update_fields=["verdict", "entry", "data"])


def _check(garage: Garage, run: Run, lines: list[Mapping[str, str]]) -> None:
    now = Run.objects.using(OWNER).get(pk=run.pk)
    check((now.state, now.accepted, now.refused) == ("done", len(lines), 0), f"{now.state}: {now.message}")
    held = RegistrationVersion.objects.using(OWNER).filter(policy=garage.policy.id, opened__run=run.id)
    check(
        set(held.values_list("plate", flat=True)) == {line["plate"] for line in lines}, "another vehicle is covered"
    )


def _system(garage: Garage) -> Actor:
    return system(portal=garage.portal.id, name="bench", clock_offset=garage.portal.clock_offset)
