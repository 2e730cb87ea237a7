"""Following what changes: everything, once, and nothing that the key may not see."""

import threading
from decimal import Decimal
from typing import Any

from django.db import connections

from remise.api.description import document
from remise.core import events, paging
from remise.core.actor import system
from remise.core.feed import followed
from remise.core.scope import enter
from remise.demo.state_register import Stand
from remise.desk import actions
from remise.fleet.actions import complete_registration
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import print_shipment, reprint_card, void_card
from tests import jobs, vehicles, world
from tests.api.program import Program, program
from tests.desk.office import office
from tests.green_cards import cards
from tests.notices.telling import connected, telling
from tests.routes import REMISE
from tests.world import Garage

# Kinds that no program follows: attempts, reading, the demo's clock, and what belongs to a person.
FOLLOWED_BY_NOBODY = {"access.refused", "api.called", "document.made", "document.read", "document.mailed"}
FOLLOWED_BY_NOBODY |= {"clock.moved"}
FOLLOWED_BY_NOBODY |= {"radar.asked"}  # what it finds is told
# What becomes of an invitation or of a right that is asked for is told as a colleague or a right.
FOLLOWED_BY_NOBODY |= {"invitation.made", "invitation.sent_again", "invitation.withdrawn"}
FOLLOWED_BY_NOBODY |= {"access.asked", "access.declined", "access.granted", "access.withdrawn", "looked"}
# Who asks to come in is of no company yet; who is let in is told as a colleague and the rights given.
FOLLOWED_BY_NOBODY |= {
    "application.made",
    "application.taken",
    "application.given_back",
    "link.asked",
    "link.taken",
    "link.given_back",
    "link.withdrawn",
    "administrator.appointed",
}
# What the insurer's side does to its book.
FOLLOWED_BY_NOBODY |= {"book.exported", "branch.added", "branch.changed"}
FOLLOWED_BY_NOBODY |= {"organisation.added", "organisation.changed", "policy.added", "policy.changed"}
FOLLOWED_BY_NOBODY |= {"product.added", "product.changed"}
FOLLOWED_BY_NOBODY |= {"policy.assigned", "intermediary.added", "intermediary.changed"}
# What is let go of and kept behind the scenes; nothing of a card changes with it.
FOLLOWED_BY_NOBODY |= {
    "green_card.delivery_chosen",
    "shipment.address_forgotten",
    "seal_key.made",
    "seal_key.replaced",
}
# What the insurer's people repair behind the scenes.
FOLLOWED_BY_NOBODY |= {"job.let_go", "job.retried", "jobs.retried", "mail.let_go", "mail.sent_again"}
FOLLOWED_BY_NOBODY |= {"help.remark_settled", "notice.sent_again"}
# What a person does with the own data: the company reads that a colleague changed or left.
FOLLOWED_BY_NOBODY |= {"account.exported", "account.corrected", "account.closed"}
# Who of the desk is at something, what they note, and how they word it: a customer deals with the desk.
FOLLOWED_BY_NOBODY |= {"request.assigned", "request.noted"}
FOLLOWED_BY_NOBODY |= {"template.written", "template.changed", "template.retired"}
# What two insurers agree between them.
FOLLOWED_BY_NOBODY |= {"agreement.made", "agreement.ended"}
# What a file says before anybody says that it may be done.
FOLLOWED_BY_NOBODY |= {"run.line_mended", "run.line_left_out"}
# How long the insurer keeps what, and what it holds.
FOLLOWED_BY_NOBODY |= {"retention.set", "hold.set", "hold.lifted"}


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
                said = {"entry": held.entry, "policy": garage.policy.id}
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

    said = re.compile(r'record(?:_all)?\(\s*"([a-z]+\.[a-z_]+)"')
    texts = [file.read_text() for file in REMISE.glob("**/*.py") if "accounts" not in str(file)]
    kinds = {kind for text in texts for kind in said.findall(text)}
    known = {kind for entry in followed for kind in entry.kinds}
    assert kinds - known - FOLLOWED_BY_NOBODY == set()


def test_place_that_is_none_is_refused() -> None:
    caller = program(world.garage())
    behind = paging.sealed(f"{2**62}~1") or ""  # of a transaction that this cluster has not reached
    for place in ("nonsense", behind):
        answer = caller.get("/events", after=place)
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor")


def told_of(caller: Program, prefix: str, number: int) -> list[dict[str, Any]]:
    """So many events of these kinds, each in the shape that the description promises and nothing besides."""
    jobs.eventually(lambda: sum(one["kind"].startswith(prefix) for one in follow(caller)[0]) >= number)
    told = [one for one in follow(caller)[0] if one["kind"].startswith(prefix)]
    assert len(told) == number
    for one in told:
        (entry,) = (entry for entry in followed if one["kind"] in entry.kinds)
        entry.shape.model_validate(one["data"])
        assert set(one["data"]) <= set(entry.shape.model_fields), one["kind"]
    return told


def elsewhere(garage: Garage) -> Program:
    """All rights, in another branch."""
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    return program(garage, branches=[other.id])


def test_cards_are_told() -> None:
    garage = world.garage()
    card = cards.card(garage)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        print_shipment(by=by, shipment=card.shipment_id)
    with enter(by.scope):
        reprint_card(by=by, card=card.id)
    with enter(by.scope):
        void_card(by=by, card=card.id, reason="lost")
    told = told_of(program(garage), "green_card.", 4)
    assert [one["kind"].partition(".")[2] for one in told] == ["issued", "printed", "reprinted", "voided"]
    told.append(told.pop(1))
    assert {one["data"]["card"] for one in told[:3]} == {card.id}
    assert (told[0]["data"]["number"], told[0]["data"]["valid_to"]) == (card.number, card.valid_to.isoformat())
    assert (told[1]["data"]["reprint"], told[2]["data"]["reason"]) == (1, "lost")
    assert told[3]["data"] == {"shipment": card.shipment_id, "cards": [card.id]}
    assert told_of(elsewhere(garage), "green_card.", 0) == []


def test_requests_are_told_without_anybodys_words() -> None:
    of = office()
    held = vehicles.on_cover(of.garage, days=5)
    asked = of.value(held)
    of.take(asked)
    of.do(actions.say, asked, of.mirjam, text="Welke prijslijst?")
    of.do(actions.say, asked, of.owner, text="Die van mei.")
    done = of.do(actions.accept, asked, of.mirjam, reason="Akkoord dus.", answer={"value": Decimal(38_000)})
    late = of.late()
    of.do(actions.withdraw, late, of.owner)
    told = told_of(program(of.garage), "request.", 7)
    words = [one["kind"].partition(".")[2] for one in told]
    assert words == ["opened", "taken", "asked", "answered", "accepted", "opened", "withdrawn"]
    first = told[0]["data"]
    assert (first["request"], first["request_kind"]) == (asked.id, "catalogue_value")
    assert (first["vehicle"], first["plate"], first["entry"]) == (held.item, held.plate.value, done.entry)
    assert told[5]["data"]["vehicle"] is None
    said = str(told)
    assert not any(word in said for word in ("Welke prijslijst", "Die van mei", "Akkoord dus", "Mirjam"))
    assert told_of(elsewhere(of.garage), "request.", 0) == []
    assert told_of(program(of.garage, held=[FleetRight.VIEW]), "request.", 0) == []


def test_findings_are_told() -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage, days=10)
    vehicle = vehicles.in_register(held.plate, in_name_since=vehicles.back(garage, 3))
    by = system(portal=garage.portal.id, name="fleet.ask_register").acting_for(garage.organisation.id)
    for since in (vehicles.back(garage, 3), vehicles.back(garage, 12)):
        vehicle.in_name_since = since
        with enter(by.scope):
            complete_registration(by=by, item=held.item, vehicle=vehicle)
    told = told_of(program(garage), "finding.", 2)
    assert [one["kind"] for one in told] == ["finding.raised", "finding.settled"]
    assert told[0]["data"]["in_name_since"] == vehicles.back(garage, 3).isoformat()
    assert {one["data"]["plate"] for one in told} == {held.plate.value}
    assert told_of(elsewhere(garage), "finding.", 0) == []


def test_answers_of_the_state_register_are_told() -> None:
    of = telling()
    held, other = of.register(), of.register()
    with connected(Stand(judge=lambda said: ("unknown_plate", "?") if said["plate"] == other.plate.value else None)):
        of.exchange()
    told = told_of(program(of.garage), "notice.", 2)
    said = {one["data"]["plate"]: (one["kind"], one["data"]["code"]) for one in told}
    assert said == {
        held.plate.value: ("notice.accepted", ""),
        other.plate.value: ("notice.rejected", "unknown_plate"),
    }
    assert told_of(elsewhere(of.garage), "notice.", 0) == []


def test_description_names_every_kind_that_is_told() -> None:
    schemas = document()["components"]["schemas"]
    shapes = [
        schemas[one["$ref"].rpartition("/")[2]] for one in schemas["ChangeShown"]["properties"]["data"]["anyOf"]
    ]
    said = " ".join(shape["description"] for shape in shapes)
    assert [kind for entry in followed for kind in entry.kinds if kind not in said] == []
