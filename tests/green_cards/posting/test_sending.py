"""What becomes of a print batch: posted, left out, taken back; and who is told."""

from datetime import timedelta

import pytest

from remise.accounts.models import Account
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import void_card
from remise.green_cards.models import BatchShipment, GreenCard, PrintBatch, Shipment
from remise.green_cards.posting.selectors import lines_of
from remise.green_cards.posting.sending import mark_sent, take_back
from tests import jobs, sessions, world
from tests.accounts.visiting import text_of
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.posting.office import batch, drawn, fresh, lines, made, post, sent, staff
from tests.journeys.server import Mailbox
from tests.races import at_once
from tests.world import OWNER, Garage

State = Shipment.State
Outcome = BatchShipment.Outcome


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def posted(garage: Garage, cards: int = 1) -> Shipment:
    return issue(garage, *[held(garage) for _ in range(cards)], format="paper", address=HOME)


def ready(garage: Garage) -> PrintBatch:
    found = batch(garage)
    drawn(garage, found)
    return found


def refusal(garage: Garage, of: PrintBatch) -> str:
    by = staff(garage)
    with enter(by.scope), pytest.raises(BrokenRule) as refused:
        take_back(by=by, batch=of.id)
    return refused.value.code


def test_posted_batch_says_of_each_shipment_when_and_by_whom(garage: Garage) -> None:
    shipment = posted(garage, 3)
    of = post(garage)
    stored = fresh(shipment)
    assert (stored.state, stored.sent_by) == (State.SENT, staff(garage).account)
    assert stored.sent_at is not None
    assert stored.forget_on is not None
    assert stored.posted_on is not None
    assert stored.forget_on == stored.posted_on + timedelta(days=30)
    assert [line.outcome for line in lines(of)] == [Outcome.SENT]
    (event,) = Event.objects.using(OWNER).filter(kind="shipment.sent", subject=shipment.id)
    assert event.organisation == garage.organisation.id
    assert event.said["batch"] == of.number


def test_printed_wrongly_waits_for_the_next_batch(garage: Garage) -> None:
    good, wrong = posted(garage), posted(garage)
    first = ready(garage)
    sent(garage, first, wrong)
    assert (fresh(good).state, fresh(wrong).state) == (State.SENT, State.WAITING)
    assert [line.outcome for line in lines(first)] == [Outcome.SENT, Outcome.LEFT_OUT]
    second = ready(garage)
    assert [line.shipment_id for line in lines(second)] == [wrong.id]
    card = GreenCard.objects.using(OWNER).get(shipment=wrong.id)
    assert card.reprints == 1  # the paper that went wrong may still lie somewhere
    sent(garage, second)
    assert fresh(wrong).state == State.SENT


def test_marked_twice_is_sent_once(garage: Garage) -> None:
    shipment = posted(garage)
    of = ready(garage)
    at_once(*[lambda: sent(garage, of)] * 2)
    sent(garage, of)
    assert Event.objects.using(OWNER).filter(kind="shipment.sent", subject=shipment.id).count() == 1


def test_batch_without_its_file_is_not_posted(garage: Garage) -> None:
    posted(garage)
    of = batch(garage)
    with pytest.raises(BrokenRule) as refused:
        sent(garage, of)
    assert refused.value.code == "not_drawn"


def test_shipment_of_another_batch_is_not_left_out(garage: Garage) -> None:
    posted(garage)
    of = ready(garage)
    other = posted(garage)
    with pytest.raises(NotVisible):
        sent(garage, of, other)


def test_taken_back_on_the_same_day_it_is_in_the_batch_again(garage: Garage) -> None:
    good, wrong = posted(garage), posted(garage)
    of = ready(garage)
    sent(garage, of, wrong)
    by = staff(garage)
    with enter(by.scope):
        take_back(by=by, batch=of.id)
    stored = fresh(good)
    assert (stored.state, stored.sent_at, stored.forget_on) == (State.PRINTING, None, None)
    assert fresh(wrong).state == State.WAITING
    sent(garage, of)
    assert fresh(good).state == State.SENT
    assert fresh(wrong).state == State.WAITING


def test_another_day_it_is_not_taken_back(garage: Garage) -> None:
    posted(garage)
    of = ready(garage)
    assert refusal(garage, of) == "another_day"  # not posted at all
    sent(garage, of)
    garage.portal.clock_offset += timedelta(days=1)
    assert refusal(garage, of) == "another_day"


def test_card_that_ended_meanwhile_is_told_before_it_is_posted(garage: Garage) -> None:
    shipment = posted(garage, 2)
    of = ready(garage)
    card = GreenCard.objects.using(OWNER).filter(shipment=shipment.id).earliest("serial")
    customer, by = garage.actor(*FleetRight), staff(garage)
    with enter(customer.scope):
        void_card(by=customer, card=card.id, reason="lost")
    with enter(by.scope):
        (line,) = lines_of(by, of)
    assert list(line.ended) == [card.number]


def test_who_may_not_post_does_nothing(garage: Garage) -> None:
    posted(garage)
    of = ready(garage)
    clerk, customer, elsewhere = staff(garage, "desk.view"), garage.actor(*FleetRight), staff(world.garage())
    for by, refused in ((clerk, Forbidden), (customer, NotVisible), (elsewhere, NotVisible)):
        for deed in (mark_sent, take_back):
            with pytest.raises(refused), enter(by.scope):
                deed(by=by, batch=of.id)


@pytest.mark.usefixtures("nothing_waits")
def test_who_asked_is_told_by_one_mail(garage: Garage, mailbox: Mailbox) -> None:
    sanne = world.member(garage.organisation, rights=list(FleetRight), name="Sanne de Wit")
    left = world.member(garage.organisation, rights=[FleetRight.VIEW], name="Bram")
    for who, cards in ((sanne, 2), (sanne, 1), (left, 1)):
        cars = [held(garage) for _ in range(cards)]
        shipment = issue(garage, *cars, by=sessions.actor_of(sanne), format="paper", address=HOME)
        Shipment.objects.using(OWNER).filter(id=shipment.id).update(requested_by=who.account_id)
    post(garage)
    jobs.work_off()
    (mail,) = mailbox.taken
    assert mail["To"] == sanne.account.email
    assert "3" in str(mail["Subject"])
    assert HOME.street not in text_of(mail)


@pytest.mark.usefixtures("nothing_waits")
def test_of_cards_that_came_by_themselves_whoever_follows_is_told_once(mailbox: Mailbox) -> None:
    garage = world.garage(sections={"card": {"automatic": True, "delivery": "post"}})
    garage.branch.street, garage.branch.town = "Rijnstraat 12", "Zwolle"
    garage.branch.save(using=OWNER)
    other = world.branch(garage.organisation, name="Filiaal", establishment_number="000012345678")
    sanne = world.member(garage.organisation, rights=list(FleetRight), name="Sanne de Wit")
    mary = world.member(garage.organisation, rights=list(FleetRight), name="Mary")
    Account.objects.using(OWNER).filter(id=mary.account_id).update(language="en")
    here = world.member(garage.organisation, rights=[], name="Bram")
    world.give(here, FleetRight.REQUEST_CARDS, branch=garage.branch)
    there = world.member(garage.organisation, rights=[], name="Daan")
    world.give(there, FleetRight.REQUEST_CARDS, branch=other)
    world.member(garage.organisation, rights=[FleetRight.VIEW], name="Roos")
    for _vehicle in range(2):
        held(garage, days=0)
    jobs.work_off()
    mailbox.taken.clear()
    post(garage)
    jobs.work_off()
    assert sorted(str(mail["To"]) for mail in mailbox.taken) == sorted(
        who.account.email for who in (sanne, mary, here)
    )
    said = {str(mail["To"]): str(mail["Subject"]) for mail in mailbox.taken}
    assert all("2" in subject for subject in said.values())
    assert said[sanne.account.email] == said[here.account.email] != said[mary.account.email]


def test_batch_goes_on_where_another_one_was_taken(garage: Garage) -> None:
    """Two batches on the way at once, and each is posted by itself."""
    first_shipment = posted(garage)
    first = ready(garage)
    second_shipment = posted(garage)
    second = ready(garage)
    sent(garage, second)
    assert (fresh(first_shipment).state, fresh(second_shipment).state) == (State.PRINTING, State.SENT)
    sent(garage, first)
    assert fresh(first_shipment).state == State.SENT
    with pytest.raises(BrokenRule):
        made(garage)
