"""A letter that came back: the desk notes it, the company sees it, and has the same cards sent again."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import print_shipment, send_again, void_card
from remise.green_cards.addresses import Address
from remise.green_cards.frame import tasks
from remise.green_cards.models import GreenCard, Shipment
from remise.green_cards.posting.returning import note_return, undo_return
from remise.green_cards.posting.rights import PostingRight
from remise.green_cards.posting.sending import take_back
from tests import sessions, world
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.posting.office import batch, drawn, fresh, lines, post, sent, staff
from tests.races import at_once
from tests.world import OWNER, Garage

State = Shipment.State
Reason = Shipment.ReturnReason
ELSEWHERE = replace(HOME, street="Dorpsweg 3", town="Meppel")


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def posted(garage: Garage, cards: int = 1) -> Shipment:
    shipment = issue(garage, *[held(garage) for _ in range(cards)], format="paper", address=HOME)
    post(garage)
    return shipment


def returned(garage: Garage, shipment: Shipment, reason: str = Reason.ADDRESS, by: Actor | None = None) -> Shipment:
    by = by or staff(garage)
    with enter(by.scope):
        return note_return(by=by, shipment=shipment.id, reason=reason)


def again(
    garage: Garage, shipment: Shipment, *, to: Address = ELSEWHERE, key: UUID | None = None, by: Actor | None = None
) -> Shipment:
    by = by or garage.actor(*FleetRight)
    with enter(by.scope):
        return send_again(by=by, shipment=shipment.id, address=to, key=key or uuid4())


def to_do(garage: Garage, *rights: str) -> list[str]:
    by = garage.actor(*(rights or FleetRight))
    with enter(by.scope):
        return [task.url for task in tasks(by)]


def happened(kind: str, of: Shipment) -> int:
    return Event.objects.using(OWNER).filter(kind=kind, subject=of.id).count()


def test_company_sees_that_a_letter_came_back_and_why(garage: Garage) -> None:
    shipment = posted(garage, 2)
    assert to_do(garage) == []
    returned(garage, shipment, Reason.REFUSED)
    stored = fresh(shipment)
    assert (stored.state, stored.return_reason, stored.returned_by) == (
        State.RETURNED,
        Reason.REFUSED,
        staff(garage).account,
    )
    assert stored.returned_on is not None
    assert stored.forget_on == stored.returned_on + timedelta(days=30)  # the company looks at the address
    assert to_do(garage) == [f"/cards/shipments/{shipment.id}"]
    assert to_do(garage, FleetRight.VIEW) == []
    card = GreenCard.objects.using(OWNER).filter(shipment=shipment.id).earliest("id")
    owner = world.member(garage.organisation, rights=list(FleetRight), name="Sanne de Wit")
    page = sessions.client_of(owner, garage.portal).get(f"/cards/{card.id}").content.decode()
    assert f"/cards/shipments/{shipment.id}/again" in page
    assert HOME.street in page


def test_noted_twice_is_noted_once_with_the_first_reason(garage: Garage) -> None:
    shipment = posted(garage)
    at_once(*[lambda: returned(garage, shipment)] * 2)
    returned(garage, shipment, Reason.UNKNOWN)
    assert happened("shipment.returned", shipment) == 1
    assert fresh(shipment).return_reason == Reason.ADDRESS


def not_returned(garage: Garage, shipment: Shipment) -> Shipment:
    by = staff(garage)
    with enter(by.scope):
        return undo_return(by=by, shipment=shipment.id)


def test_return_that_was_noted_by_mistake_is_taken_back(garage: Garage) -> None:
    shipment = posted(garage)
    before = fresh(shipment)
    returned(garage, shipment)
    mirjam = world.member(world.insurer(garage.portal), rights=[*PostingRight], name="Mirjam Postma")
    office = sessions.client_of(mirjam, garage.portal)
    address = reverse("posting:shipment", args=[shipment.id])
    assert "It did not come back" in office.get(address).content.decode()
    at_once(*[lambda: not_returned(garage, shipment)] * 2)
    stored = fresh(shipment)
    assert (stored.state, stored.return_reason, stored.returned_at, stored.returned_by) == (
        State.SENT,
        "",
        None,
        None,
    )
    assert (stored.sent_at, stored.forget_on) == (before.sent_at, before.forget_on)
    assert happened("shipment.return_undone", shipment) == 1
    assert to_do(garage) == []
    with pytest.raises(BrokenRule) as refused:
        again(garage, shipment)
    assert refused.value.code == "not_returned"
    returned(garage, shipment, Reason.REFUSED)  # and this time it did
    assert office.post(reverse("posting:not_returned", args=[shipment.id])).status_code == 302
    assert fresh(shipment).state == State.SENT


def test_return_stays_once_the_cards_were_sent_again(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    again(garage, shipment)
    with pytest.raises(BrokenRule) as refused:
        not_returned(garage, shipment)
    assert (refused.value.code, fresh(shipment).state) == ("sent_again_already", State.RETURNED)


@pytest.mark.parametrize("reason", ["", "eaten by the dog"])
def test_return_has_one_of_the_reasons(garage: Garage, reason: str) -> None:
    shipment = posted(garage)
    with pytest.raises(BrokenRule) as refused:
        returned(garage, shipment, reason)
    assert (refused.value.code, fresh(shipment).state) == ("no_reason", State.SENT)


def test_what_was_not_posted_does_not_come_back(garage: Garage) -> None:
    paper = issue(garage, held(garage), format="paper", address=HOME)
    file = issue(garage, held(garage))
    with pytest.raises(BrokenRule) as refused:
        returned(garage, paper)
    assert refused.value.code == "not_posted"
    with pytest.raises(NotVisible):
        returned(garage, file)


def test_who_may_not_post_notes_nothing(garage: Garage) -> None:
    shipment = posted(garage)
    clerk, customer, elsewhere = staff(garage, "desk.view"), garage.actor(*FleetRight), staff(world.garage())
    for by, refused in ((clerk, Forbidden), (customer, NotVisible), (elsewhere, NotVisible)):
        with pytest.raises(refused):
            returned(garage, shipment, by=by)


def test_sent_again_the_same_cards_go_to_the_corrected_address(garage: Garage) -> None:
    shipment = posted(garage, 2)
    cards = list(GreenCard.objects.using(OWNER).filter(shipment=shipment.id).order_by("serial"))
    returned(garage, shipment)
    made = again(garage, shipment)
    assert (made.state, made.town, made.again_of_id) == (State.WAITING, "Meppel", shipment.id)
    assert to_do(garage) == []
    assert happened("shipment.sent_again", made) == 1
    assert GreenCard.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == 2  # no new ones
    of = batch(garage)
    (line,) = lines(of)
    assert (line.shipment_id, len(line.documents), of.cards) == (made.id, 2, 2)
    sheet = "".join(drawn(garage, of).pages)
    assert ELSEWHERE.street in sheet
    assert all(card.number in sheet for card in cards)
    sent(garage, of)
    assert fresh(made).state == State.SENT
    assert fresh(shipment).state == State.RETURNED
    # The customer finds all of it by the new shipment, too.
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        assert len(print_shipment(by=by, shipment=made.id)) == 2


def test_pressed_twice_it_is_sent_again_once(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    key = uuid4()
    at_once(*[lambda: again(garage, shipment, key=key)] * 2)
    made = again(garage, shipment, key=key)
    assert Shipment.objects.using(OWNER).filter(again_of=shipment.id).count() == 1
    assert happened("shipment.sent_again", made) == 1


def test_two_colleagues_send_it_again_once(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    outcomes = at_once(*[lambda: again(garage, shipment)] * 2)
    (refused,) = [one for one in outcomes if isinstance(one, BaseException)]
    assert isinstance(refused, BrokenRule)
    assert refused.code == "sent_again_already"
    assert Shipment.objects.using(OWNER).filter(again_of=shipment.id).count() == 1


def test_what_came_back_once_more_is_sent_once_more(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    second = again(garage, shipment)
    post(garage)
    returned(garage, second, Reason.UNKNOWN)
    assert to_do(garage) == [f"/cards/shipments/{second.id}"]
    third = again(garage, second)
    assert third.again_of_id == shipment.id
    with pytest.raises(BrokenRule) as refused:
        again(garage, shipment)  # from a page of long ago
    assert refused.value.code == "sent_again_already"
    assert len(post(garage).shipments.using(OWNER).values_list("id")) == 1


def test_letter_that_did_not_come_back_is_not_sent_again(garage: Garage) -> None:
    shipment = posted(garage)
    with pytest.raises(BrokenRule) as refused:
        again(garage, shipment)
    assert refused.value.code == "not_returned"


def test_cards_that_ended_are_not_sent_again(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=GreenCard.objects.get(shipment=shipment.id).id, reason="lost")
    assert to_do(garage) == []
    with pytest.raises(BrokenRule) as refused:
        again(garage, shipment)
    assert refused.value.code == "card_not_valid"


def test_address_must_be_whole(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    with pytest.raises(BrokenRule) as refused:
        again(garage, shipment, to=replace(HOME, town=""))
    assert refused.value.code == "address_missing"


def test_nobody_else_sends_it_again(garage: Garage) -> None:
    shipment = posted(garage)
    returned(garage, shipment)
    reader, stranger = garage.actor(FleetRight.VIEW), world.garage(at=garage.portal).actor(*FleetRight)
    for by, refused in ((reader, Forbidden), (stranger, NotVisible)):
        with pytest.raises(refused):
            again(garage, shipment, by=by)


def test_batch_of_which_an_envelope_came_back_is_not_taken_back(garage: Garage) -> None:
    shipment = issue(garage, held(garage), format="paper", address=HOME)
    of = post(garage)
    returned(garage, shipment)
    by = staff(garage)
    with enter(by.scope), pytest.raises(BrokenRule) as refused:
        take_back(by=by, batch=of.id)
    assert refused.value.code == "came_back"
