"""Cards that go in one mail, and what is worth nothing any more before its mail has gone: no driver gets it."""

import threading
import uuid
from email.message import EmailMessage

import pytest

from remise.core.errors import DomainError
from remise.core.models import Event
from remise.core.scope import enter
from remise.fleet.actions import correct_entry, deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import mail_card, void_card
from remise.green_cards.models import GreenCard
from remise.messages import outbox
from remise.messages.actions import withdraw_mails
from remise.messages.models import Mail
from remise.messages.selectors import Mailed, mailed_about
from remise.messages.sending import NotSentError
from tests import jobs, sessions, vehicles, world
from tests.green_cards import cards
from tests.green_cards.pdf import Pdf
from tests.journeys.server import Mailbox
from tests.world import OWNER, Garage

pytestmark = pytest.mark.usefixtures("nothing_waits")


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def someone() -> str:
    return f"jan-{world.unique()}@example.test"


def mailed(garage: Garage, card: GreenCard) -> str:
    by, to = garage.actor(*FleetRight), someone()
    with enter(by.scope):
        mail_card(by=by, card=card.id, recipient=to, language="nl", key=uuid.uuid4())
    return to


def void(garage: Garage, card: GreenCard) -> None:
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        void_card(by=by, card=card.id, reason="misprint")


def told(garage: Garage, card: GreenCard) -> list[Mailed]:
    by = garage.actor(FleetRight.VIEW)
    with enter(by.scope):
        return mailed_about(by, ("green_card", card.id))


def together(garage: Garage, number: int, to: str) -> list[GreenCard]:
    shipment = cards.issue(garage, *(cards.held(garage) for _each in range(number)), recipient=to)
    return list(GreenCard.objects.using(OWNER).filter(shipment=shipment.id).order_by("serial"))


def front(message: EmailMessage) -> list[str]:
    """The first page of each card that goes with it."""
    return [Pdf(bytes(part.get_content())).pages[0] for part in message.iter_attachments()]


def test_card_made_void_while_its_mail_waits_is_not_sent(garage: Garage, mailbox: Mailbox) -> None:
    card = cards.card(garage)
    to = mailed(garage, card)
    void(garage, card)
    assert [one.state for one in told(garage, card)] == [Mail.State.WITHDRAWN]
    jobs.work_off()
    assert mailbox.taken == []
    assert Mail.objects.using(OWNER).get(recipient=to).state == Mail.State.WITHDRAWN
    client = sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    assert "Withdrawn" in client.get(f"/cards/{card.id}").content.decode()


def test_card_made_void_after_its_mail_went_stays_sent(garage: Garage, mailbox: Mailbox) -> None:
    card = cards.card(garage)
    mailed(garage, card)
    jobs.work_off()
    void(garage, card)
    assert [one.state for one in told(garage, card)] == [Mail.State.SENT]


def test_mail_that_was_not_delivered_is_not_put_back_with_a_void_card(garage: Garage, mailbox: Mailbox) -> None:
    card = cards.card(garage)
    mailed(garage, card)
    mailbox.answers = ["550 no such person"]
    jobs.work_off()
    void(garage, card)
    assert [one.state for one in told(garage, card)] == [Mail.State.WITHDRAWN]


def test_cover_that_ends_while_the_mail_waits_withdraws_it(garage: Garage, mailbox: Mailbox) -> None:
    held = cards.held(garage)
    card = cards.card(garage, held)
    mailed(garage, card)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        day = vehicles.back(garage, 1)
        deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=day)
    jobs.work_off()
    assert mailbox.taken == []
    assert [one.state for one in told(garage, card)] == [Mail.State.WITHDRAWN]


def test_registration_undone_withdraws_the_mail_of_its_card(garage: Garage, mailbox: Mailbox) -> None:
    held = cards.held(garage, days=0)
    card = cards.card(garage, held)
    mailed(garage, card)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        correct_entry(by=by, policy=garage.policy, entry=held.entry)
    assert [one.state for one in told(garage, card)] == [Mail.State.WITHDRAWN]


def test_card_made_void_while_its_mail_is_being_sent_goes_with_no_later_attempt(
    garage: Garage, mailbox: Mailbox
) -> None:
    """The sender has the mail's lock and says how that went; the server puts it off, and the next attempt looks."""
    card = cards.card(garage)
    mailed(garage, card)
    ((_number, _name, arguments),) = jobs.waiting("messages.send")
    mailbox.answers = ["451 try again"]
    mailbox.speaking.clear()
    mailbox.go_on.clear()
    failed: list[BaseException] = []
    sending = threading.Thread(target=_work, args=(arguments, failed))
    sending.start()
    assert mailbox.speaking.wait(20)
    void(garage, card)
    assert [one.state for one in told(garage, card)] == [Mail.State.WAITING]
    mailbox.go_on.set()
    sending.join(20)
    assert [type(error) for error in failed] == [NotSentError]
    jobs.work_off()
    assert mailbox.taken == []
    assert [one.state for one in told(garage, card)] == [Mail.State.WITHDRAWN]


def _work(arguments: dict[str, object], failed: list[BaseException]) -> None:
    from django.db import connections
    from procrastinate.contrib.django import app

    try:
        app.tasks["messages.send"].func(**arguments)
    except NotSentError as error:
        failed.append(error)
    finally:
        connections.close_all()


def test_cards_asked_for_with_an_address_go_in_one_mail(garage: Garage, mailbox: Mailbox) -> None:
    to = someone()
    made = together(garage, 3, to)
    assert [one.to for card in made for one in told(garage, card)] == ["j…@example.test"] * 3
    jobs.work_off()
    (message,) = mailbox.taken
    assert message["To"] == to
    assert [card.number for card, page in zip(made, front(message), strict=True) if card.number in page] == [
        card.number for card in made
    ]
    said = Event.objects.using(OWNER).filter(organisation=garage.organisation.id, kind="document.mailed")
    assert sorted((event.after or {})["id"] for event in said) == [card.id for card in made]
    assert to not in str(list(said.values_list("after", flat=True)))


def test_one_made_void_is_left_out_and_the_others_go(garage: Garage, mailbox: Mailbox) -> None:
    first, second, third = together(garage, 3, someone())
    void(garage, second)
    assert [told(garage, card)[0].state for card in (first, second, third)] == ["waiting", "withdrawn", "waiting"]
    jobs.work_off()
    (message,) = mailbox.taken
    pages = front(message)
    assert [first.number in pages[0], third.number in pages[1], len(pages)] == [True, True, 2]
    assert [told(garage, card)[0].state for card in (first, second, third)] == ["sent", "withdrawn", "sent"]


def test_all_made_void_withdraws_the_mail(garage: Garage, mailbox: Mailbox) -> None:
    to = someone()
    for card in together(garage, 2, to):
        void(garage, card)
    jobs.work_off()
    assert mailbox.taken == []
    assert Mail.objects.using(OWNER).get(recipient=to).state == Mail.State.WITHDRAWN


@pytest.mark.parametrize("wrong", ["jan", "jan@example.test\nBcc: an@example.test"])
def test_address_that_is_none_makes_no_cards(garage: Garage, wrong: str) -> None:
    with pytest.raises(DomainError) as refused:
        together(garage, 1, wrong)
    assert refused.value.field == "recipient"
    assert cards.serials(garage) == []


def test_nobody_withdraws_mails_of_another_company(garage: Garage) -> None:
    card = cards.card(garage)
    mailed(garage, card)
    for stranger in (world.garage(at=garage.portal), world.garage()):
        by = stranger.actor(*FleetRight)
        with enter(by.scope):
            withdraw_mails(organisation=garage.organisation.id, about=("green_card", card.id))
    assert [one.state for one in told(garage, card)] == [Mail.State.WAITING]


@pytest.mark.parametrize("elsewhere", [True, False])
def test_document_of_another_company_goes_with_nobodys_mail(
    garage: Garage, mailbox: Mailbox, elsewhere: bool
) -> None:
    """A company's scope may write any number into the outbox; who sends reads for the whole portal."""
    theirs = cards.card(world.garage() if elsewhere else world.garage(at=garage.portal))
    assert theirs.document_id is not None
    by, to = garage.actor(*FleetRight), someone()
    with enter(by.scope):
        outbox.write(
            kind="document", recipient=to, sender="a@b.example", subject="", text="", html="",
            attached=[theirs.document_id],
        )  # fmt: skip
    jobs.work_off()
    assert mailbox.taken == []
    assert Mail.objects.using(OWNER).get(recipient=to).state == Mail.State.WITHDRAWN
