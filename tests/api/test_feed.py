"""Following what changes: everything, once, and nothing that the key may not see."""

import threading
from typing import Any

from django.db import connections

from remise.core import events
from remise.core.feed import followed
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from tests import jobs, vehicles, world
from tests.api.program import Program, program
from tests.routes import REMISE

# Kinds that no program follows: attempts, reading, and what belongs to a person instead of a company.
FOLLOWED_BY_NOBODY = {"access.refused", "api.called", "document.made", "document.read", "document.mailed"}
# What the insurer's side does to its book, and what is told on pages only (docs/roadmap.md).
FOLLOWED_BY_NOBODY |= {"book.exported", "branch.added", "branch.changed", "membership.added", "membership.changed"}
FOLLOWED_BY_NOBODY |= {"organisation.added", "organisation.changed", "policy.added", "policy.changed"}
# What the insurer's people repair behind the scenes.
FOLLOWED_BY_NOBODY |= {"job.let_go", "job.retried", "jobs.retried", "mail.let_go", "mail.sent_again"}
NOT_YET = ("request.", "finding.", "green_card.")


def follow(caller: Program, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """All there is behind this place."""
    found: list[dict[str, Any]] = []
    while True:
        told = caller.get("/events", after=after).json()
        found += told["events"]
        after = told["after"]
        if not told["more"]:
            return found, after


def test_every_change_is_told_in_order() -> None:
    garage = world.garage()
    caller = program(garage)
    held = [vehicles.on_cover(garage) for _one in range(3)]
    undone = caller.post(f"/receipts/{held[1].entry}/correction").json()
    jobs.eventually(lambda: len(follow(caller)[0]) == 4)
    told, after = follow(caller)
    assert [one["data"]["entry"] for one in told] == [*(one.entry for one in held), undone["entry"]]
    assert [one["kind"] for one in told] == ["vehicle.registered"] * 3 + ["vehicle.corrected"]
    assert told[3]["data"]["undoes"] == held[1].entry
    assert (told[3]["via"], told[3]["key"]) == ("api", caller.token and caller.token.id)
    assert follow(caller, after) == ([], after)
    vehicles.on_cover(garage)
    jobs.eventually(lambda: len(follow(caller, after)[0]) == 1)


def test_change_committed_late_is_not_passed_over() -> None:
    """The one that writes first commits last: whoever went on by the highest number would never see it."""
    garage = world.garage()
    caller = program(garage)
    by = garage.actor(*FleetRight)
    held = vehicles.on_cover(garage)
    jobs.eventually(lambda: len(follow(caller)[0]) == 1)
    _, after = follow(caller)
    wrote, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with enter(by.scope):
                said = {"entry": held.entry}
                events.record("vehicle.registered", by=by, subject=("registration", held.item), after=said)
                wrote.set()
                assert may_end.wait(30)
        finally:
            connections.close_all()

    writing = threading.Thread(target=slow)
    writing.start()
    assert wrote.wait(30)
    quick = vehicles.on_cover(garage)
    seen, place = follow(caller, after)
    assert seen == []  # held back: an earlier number is still under way
    may_end.set()
    writing.join()
    jobs.eventually(lambda: len(follow(caller, place)[0]) == 2)
    told = [one["data"]["entry"] for one in follow(caller, place)[0]]
    assert sorted(told) == sorted([held.entry, quick.entry])


def test_feed_loses_and_doubles_nothing_while_many_write() -> None:
    garage = world.garage()
    caller = program(garage)
    done = threading.Event()
    told: list[int] = []

    def read() -> None:
        after = ""
        try:
            while not done.is_set():
                found, after = follow(caller, after)
                told.extend(one["data"]["entry"] for one in found)
            jobs.eventually(lambda: len(told) + len(follow(caller, after)[0]) >= 24)
            told.extend(one["data"]["entry"] for one in follow(caller, after)[0])
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    entries: list[int] = []

    def write() -> None:
        try:
            entries.extend(vehicles.on_cover(garage).entry for _one in range(6))
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert sorted(told) == sorted(entries)


def test_feed_shows_what_the_key_may_see() -> None:
    garage = world.garage()
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    here, there = vehicles.on_cover(garage), vehicles.on_cover(garage, branch=other.id)
    elsewhere = vehicles.on_cover(world.garage(at=garage.portal))
    everywhere = program(garage)
    jobs.eventually(lambda: len(follow(everywhere)[0]) == 2)
    entries = {one["data"]["entry"] for one in follow(everywhere)[0]}
    assert (entries, elsewhere.entry in entries) == ({here.entry, there.entry}, False)
    in_branch = program(garage, branches=[other.id])
    assert {one["data"]["entry"] for one in follow(in_branch)[0]} == {there.entry}
    assert follow(program(garage, held=[FleetRight.REGISTER])) == ([], "")


def test_feed_of_rights_is_for_who_manages_them() -> None:
    garage = world.garage()
    by = garage.actor("users.manage")
    with enter(by.scope):
        events.record("right.granted", by=by, subject=("membership", 1), after={"right": "vehicles.view"})
    manager = program(garage, held=["users.manage"])
    jobs.eventually(lambda: len(follow(manager)[0]) == 1)
    assert follow(program(garage))[0] == []


def test_every_kind_of_event_is_followed_or_says_why_not() -> None:
    import re

    said = re.compile(r'record\(\s*"([a-z]+\.[a-z_]+)"')
    texts = [file.read_text() for file in REMISE.glob("**/*.py") if "accounts" not in str(file)]
    kinds = {kind for text in texts for kind in said.findall(text)}
    known = {kind for entry in followed for kind in entry.kinds}
    left = kinds - known - FOLLOWED_BY_NOBODY
    assert {kind for kind in left if not kind.startswith(NOT_YET)} == set()


def test_place_that_is_none_is_refused() -> None:
    answer = program(world.garage()).get("/events", after="nonsense")
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor")
