"""Print batches: each shipment goes into one of them, once."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError
from django.urls import reverse

from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.documents.models import Document
from remise.fleet.actions import deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import print_shipment, void_card
from remise.green_cards.models import BatchShipment, CardSettings, GreenCard, PrintBatch, Shipment
from remise.green_cards.posting import waiting
from remise.green_cards.posting.making import make_batch
from remise.green_cards.posting.rights import PostingRight
from remise.green_cards.posting.selectors import wanted_until
from remise.green_cards.posting.waiting import cancel_ended
from tests import sessions, vehicles, world
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.posting.office import batch, fresh, job, lines, made, staff
from tests.races import at_once
from tests.world import OWNER, Garage

State = Shipment.State


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def posted(garage: Garage, cards: int = 1, **more: object) -> Shipment:
    return issue(garage, *[held(garage) for _ in range(cards)], format="paper", **({"address": HOME} | more))  # type: ignore[arg-type]


def void(garage: Garage, shipment: Shipment, *, count: int = 1) -> None:
    by = garage.actor(*FleetRight)
    for card in GreenCard.objects.using(OWNER).filter(shipment=shipment.id).order_by("serial")[:count]:
        with enter(by.scope):
            void_card(by=by, card=card.id, reason="lost")


def test_request_on_paper_waits_and_a_file_does_not(garage: Garage) -> None:
    paper, file = posted(garage, 3), issue(garage, held(garage))
    assert (fresh(paper).state, fresh(file).state) == (State.WAITING, "")
    assert fresh(paper).post_by is not None


def test_batch_takes_what_waits_and_marks_it_printed(garage: Garage) -> None:
    first, second = posted(garage, 3), posted(garage)
    issue(garage, held(garage))
    found = batch(garage)
    assert (found.number, found.cards) == (1, 4)
    assert [(one.shipment_id, len(one.documents)) for one in lines(found)] == [(first.id, 3), (second.id, 1)]
    assert {fresh(one).state for one in (first, second)} == {State.PRINTING}
    assert GreenCard.objects.using(OWNER).filter(shipment=first.id, printed_at=None).count() == 0
    with pytest.raises(BrokenRule) as refused:
        made(garage)
    assert refused.value.code == "nothing_waits"


def test_pressed_twice_is_one_batch(garage: Garage) -> None:
    posted(garage)
    key = uuid4()
    first, again = made(garage, key=key), made(garage, key=key)
    assert first.batch is not None
    assert again.batch is not None
    assert first.batch.id == again.batch.id
    assert PrintBatch.objects.using(OWNER).filter(portal=garage.portal.id).count() == 1


@pytest.mark.parametrize("same_key", [True, False], ids=["double click", "two people"])
def test_two_at_once_take_each_shipment_once(garage: Garage, same_key: bool) -> None:
    shipments = [posted(garage) for _ in range(6)]
    CardSettings.objects.using(OWNER).update_or_create(portal=garage.portal, defaults={"batch_cards": 3})
    key = uuid4()
    outcomes = at_once(*[lambda: made(garage, key=key if same_key else uuid4())] * 2)
    batches = {one.batch.id for one in outcomes if not isinstance(one, BaseException)}
    assert len(batches) == (1 if same_key else 2)
    found = BatchShipment.objects.using(OWNER).filter(shipment__in=[one.id for one in shipments])
    taken = list(found.values_list("shipment", flat=True))
    assert len(taken) == len(set(taken)) == (3 if same_key else 6)
    numbers = PrintBatch.objects.using(OWNER).filter(portal=garage.portal.id).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, len(batches) + 1))


def test_database_refuses_a_shipment_in_two_batches(garage: Garage) -> None:
    shipment = posted(garage)
    line = lines(batch(garage))[0]
    another = PrintBatch.objects.using(OWNER).create(
        portal=garage.portal.id, number=9, key=uuid4(), language="nl", both_sides=True, cards=1,
        made_at=shipment.requested_at, made_by=1,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="green_cards_batchshipment_once"):
        BatchShipment.objects.using(OWNER).create(
            portal=line.portal, organisation=line.organisation, batch=another, shipment_id=shipment.id, place=1,
            documents=[],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"), [("waiting", "sent"), ("printing", "cancelled"), ("cancelled", "waiting")]
)
def test_database_refuses_a_move_that_is_none(garage: Garage, before: str, after: str) -> None:
    shipment = posted(garage)
    found = Shipment.objects.using(OWNER).filter(id=shipment.id)
    if before != "waiting":
        found.update(state=before)
    with pytest.raises((IntegrityError, psycopg.Error)):
        found.update(state=after, sent_at=shipment.requested_at if after == "sent" else None)


def test_database_knows_the_moves_that_the_model_has(owner_connection: psycopg.Connection) -> None:
    """Its trigger alone, on a table of nothing but states."""
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute(
            "create temp table moved (state text); create trigger moves before update of state on moved"
            " for each row execute function shipment_moves()"
        )
        for before in State:
            for after in State:
                owner_connection.execute("truncate moved")
                owner_connection.execute("insert into moved values (%s)", [before])
                try:
                    with owner_connection.transaction():
                        owner_connection.execute("update moved set state = %s", [after])
                    moved = True
                except psycopg.errors.RestrictViolation:
                    moved = False
                assert moved == (before == after or after in Shipment.MOVES[before]), f"{before} to {after}"


def test_card_that_ended_is_left_out(garage: Garage) -> None:
    shipment = posted(garage, 3)
    void(garage, shipment)
    (line,) = lines(batch(garage))
    numbers = Document.objects.using(OWNER).filter(id__in=line.documents).values_list("number", flat=True)
    assert sorted(numbers) == ["0000002", "0000003"]


def test_shipment_whose_cards_all_ended_is_not_posted(garage: Garage) -> None:
    shipment, other = posted(garage), posted(garage)
    void(garage, shipment)
    found = made(garage)
    assert found.cancelled == 1
    assert found.batch is not None
    assert [line.shipment_id for line in lines(found.batch)] == [other.id]
    assert fresh(shipment).state == State.CANCELLED
    assert fresh(shipment).forget_on is not None
    (event,) = Event.objects.using(OWNER).filter(kind="shipment.cancelled", subject=shipment.id)
    assert event.organisation == garage.organisation.id


def test_cards_whose_cover_ended_at_two_companies_are_left_out(garage: Garage) -> None:
    other = world.garage(at=garage.portal)
    gone = [posted(garage), posted(other)]
    for of, shipment in zip([garage, other], gone, strict=True):
        by = of.actor(*FleetRight)
        items = list(GreenCard.objects.using(OWNER).filter(shipment=shipment).values_list("item_id", flat=True))
        with enter(by.scope):
            deregister_vehicles(by=by, policy=of.policy, items=items, day=vehicles.back(of, 1))
    assert made(garage).cancelled == 2


def test_nothing_but_ended_ones_makes_no_batch_and_keeps_no_number(garage: Garage) -> None:
    void(garage, posted(garage))
    assert made(garage).batch is None
    posted(garage)
    assert batch(garage).number == 1


def test_night_cancels_what_has_nothing_left_to_print(garage: Garage) -> None:
    shipment, good = posted(garage), posted(garage)
    void(garage, shipment)
    Shipment.objects.using(OWNER).filter(id__in=[shipment.id, good.id]).update(requested_at="2020-01-01T00:00Z")
    cancel_ended(job(garage))
    assert (fresh(shipment).state, fresh(good).state) == (State.CANCELLED, State.WAITING)


def test_night_goes_through_all_that_waits_part_by_part(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PART", 2)
    shipments = [posted(garage, 2) for _one in range(5)]
    for one in (shipments[1], shipments[4]):
        void(garage, one, count=2)
    Shipment.objects.using(OWNER).filter(portal=garage.portal.id).update(requested_at="2020-01-01T00:00Z")
    cancel_ended(job(garage))
    assert [one for one in shipments if fresh(one).state == State.CANCELLED] == [shipments[1], shipments[4]]


def test_no_more_cards_are_judged_than_a_batch_takes(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, and however many cards are in each; ended ones in between make it no smaller."""
    CardSettings.objects.using(OWNER).update_or_create(portal=garage.portal, defaults={"batch_cards": 5})
    monkeypatch.setattr(waiting, "PART", 2)
    shipments = [posted(garage, 2) for _one in range(7)]
    void(garage, shipments[1], count=2)
    judged: list[int] = []
    real = waiting.worth_printing

    def counted(*asked: Any) -> Any:
        found = real(*asked)
        judged.extend(found)
        return found

    monkeypatch.setattr(waiting, "worth_printing", counted)
    found = made(garage)
    assert found.batch is not None
    assert ([line.shipment_id for line in lines(found.batch)], found.cancelled) == (
        [shipments[0].id, shipments[2].id],
        1,
    )
    assert judged == [one.id for one in shipments[:4]]


def test_more_cards_wait_than_a_statement_has_places(garage: Garage) -> None:
    """PostgreSQL numbers what is bound to a statement with sixteen bits."""
    by = job(garage)
    shipment = posted(garage)
    with enter(by.scope):
        worth = waiting.worth_printing(by, [Shipment(id=shipment.id + place) for place in range(70_000)])
    assert [number for number, cards in worth.items() if cards] == [shipment.id]


def test_card_that_was_printed_before_goes_as_a_reprint(garage: Garage) -> None:
    shipment = posted(garage, 2)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        print_shipment(by=by, shipment=shipment.id)
    (line,) = lines(batch(garage))
    editions = Document.objects.using(OWNER).filter(id__in=line.documents).values_list("edition", flat=True)
    assert list(editions) == ["reprint-1"] * 2


def test_batch_takes_so_many_cards_and_what_is_due_first(garage: Garage) -> None:
    CardSettings.objects.using(OWNER).update_or_create(portal=garage.portal, defaults={"batch_cards": 4})
    late, large, small = posted(garage, 3), posted(garage, 5), posted(garage)
    Shipment.objects.using(OWNER).filter(id=late.id).update(post_by="2020-01-01")
    assert [[line.shipment_id for line in lines(batch(garage))] for _ in range(3)] == [
        [late.id],
        [large.id],
        [small.id],
    ]


def test_urgent_takes_what_is_to_be_posted_today(garage: Garage) -> None:
    late, _other = posted(garage), posted(garage)
    Shipment.objects.using(OWNER).filter(id=late.id).update(post_by="2020-01-01")
    found = made(garage, until=vehicles.today(garage)).batch
    assert found is not None
    assert [line.shipment_id for line in lines(found)] == [late.id]


def test_batch_takes_what_is_wanted_up_to_a_day_as_was_counted(garage: Garage) -> None:
    days = [date(2030, 3, 1), date(2030, 3, 2), date(2030, 3, 3)]
    shipments = [posted(garage, 2), posted(garage), posted(garage)]
    for shipment, day in zip(shipments, days, strict=True):
        Shipment.objects.using(OWNER).filter(id=shipment.id).update(post_by=day)
    by = staff(garage)
    with enter(by.scope):
        counted = wanted_until(by, days[1])
    assert (counted.shipments, counted.cards) == (2, 3)
    found = made(garage, until=days[1]).batch
    assert found is not None
    assert found.cards == counted.cards
    assert [line.shipment_id for line in lines(found)] == [one.id for one in shipments[:2]]
    assert fresh(shipments[2]).state == State.WAITING
    with pytest.raises(BrokenRule) as refused:
        made(garage, until=days[1])
    assert refused.value.code == "nothing_waits"


@pytest.mark.parametrize("given", ["", "soon", "2030-02-30"])
def test_day_that_is_none_makes_no_batch(garage: Garage, given: str) -> None:
    shipment = posted(garage)
    printer = world.member(world.insurer(garage.portal), rights=[*PostingRight], name="Mirjam Postma")
    client = sessions.client_of(printer, garage.portal)
    client.post(reverse("posting:make"), {"key": str(uuid4()), "until": given})
    assert fresh(shipment).state == State.WAITING
    assert client.get(reverse("posting:overview"), {"until": given}).status_code == 200


def test_shipments_to_one_address_lie_together(garage: Garage) -> None:
    elsewhere = replace(HOME, street="Dorpsstraat 1", postcode="1234 AB", town="Aalst")
    shipments = [posted(garage), posted(garage, address=elsewhere), posted(garage)]
    first, away, second = shipments
    assert [line.shipment_id for line in lines(batch(garage))] == [away.id, first.id, second.id]


def test_other_insurers_shipments_stay_where_they_are(garage: Garage) -> None:
    other = posted(world.garage())
    posted(garage)
    batch(garage)
    assert fresh(other).state == State.WAITING


def test_who_may_not_post_makes_no_batch(garage: Garage) -> None:
    posted(garage)
    with pytest.raises(Forbidden):
        made(garage, by=staff(garage, "desk.view"))
    customer = garage.actor(*FleetRight)
    with pytest.raises(NotVisible), enter(customer.scope):
        make_batch(by=customer, key=uuid4())
