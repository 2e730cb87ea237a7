"""A receipt or a card goes to a driver: by who may, once, as the PDF that the portal shows, and nobody remembers the
address longer than the mail."""

import io
import uuid
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import ANY

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone

from remise.core.actor import Actor, system
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.core.limits import Limit
from remise.core.models import Event
from remise.core.scope import enter
from remise.documents.models import Document
from remise.fleet.actions import correct_entry, deregister_vehicles, mail_receipt
from remise.fleet.rights import FleetRight
from remise.green_cards.actions import mail_card, void_card
from remise.green_cards.models import CardSettings
from remise.messages import actions, retention, sending
from remise.messages.models import Mail, Mailing
from remise.messages.rules import MAILS, MAILS_TO_ONE
from remise.messages.selectors import Mailed, mailed_about
from tests import jobs, sessions, vehicles, world
from tests.green_cards import cards
from tests.green_cards.pdf import Pdf
from tests.journeys.server import Mailbox
from tests.races import at_once
from tests.vehicles import OnCover
from tests.world import OWNER, Garage

pytestmark = pytest.mark.usefixtures("nothing_waits")


def someone() -> str:
    return f"jan-{world.unique()}@example.test"


def mail(
    garage: Garage,
    held: OnCover,
    to: str,
    *,
    by: Actor | None = None,
    language: str = "nl",
    key: uuid.UUID | None = None,
) -> Mailing:
    by = by or garage.actor(*FleetRight)
    with enter(by.scope):
        return mail_receipt(by=by, entry=held.entry, recipient=to, language=language, key=key or uuid.uuid4())


def told(garage: Garage, held: OnCover) -> list[Mailed]:
    by = garage.actor(FleetRight.VIEW)
    with enter(by.scope):
        return mailed_about(by, ("entry", held.entry))


def attached(message: EmailMessage) -> tuple[str | None, bytes]:
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "application/pdf"
    content = part.get_content()
    assert isinstance(content, bytes)
    return part.get_filename(), content


def words_of(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_mail_receipt_in_a_language(language: str, mailbox: Mailbox) -> None:
    garage, to = world.garage(), someone()
    held = vehicles.on_cover(garage)
    mail(garage, held, to, language=language)
    jobs.work_off()
    (message,) = mailbox.taken
    document = Document.objects.using(OWNER).get(organisation=garage.organisation.id)
    assert (message["To"], document.language, document.sealed_at is not None) == (to, language, True)
    assert held.plate.formatted in message["Subject"]
    assert str(message["From"]).startswith("Koetspoort <")
    assert message["Reply-To"] == garage.portal.desk_email
    name, content = attached(message)
    assert name == document.file_name
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == language
    for words in words_of(message):
        assert held.plate.formatted in words
        assert "Garage De Brug" in words
    assert f'lang="{language}"' in words_of(message)[1]


def test_mail_the_file_that_the_portal_shows(mailbox: Mailbox) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    who = world.member(garage.organisation, rights=[*FleetRight])
    client = sessions.client_of(who, garage.portal)
    mail(garage, held, someone())
    jobs.work_off()
    shown = client.get(f"/vehicles/receipts/{held.entry}/pdf", follow=True, headers={"Accept-Language": "nl"})
    assert attached(mailbox.taken[0])[1] == shown.content


def test_mail_of_a_corrected_receipt_says_so(mailbox: Mailbox) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    by = garage.actor(*FleetRight)
    with enter(by.scope):
        number = correct_entry(by=by, policy=garage.policy, entry=held.entry).receipt
    mail(garage, held, someone())
    jobs.work_off()
    assert number in words_of(mailbox.taken[0])[0]


def test_sent_twice_with_one_key_is_one_mail(mailbox: Mailbox) -> None:
    garage, key, to = world.garage(), uuid.uuid4(), someone()
    held = vehicles.on_cover(garage)
    at_once(*[lambda: mail(garage, held, to, key=key)] * 4)
    jobs.work_off()
    assert len(mailbox.taken) == 1
    assert len(told(garage, held)) == 1
    mail(garage, held, to)  # meant once more: from a page opened afresh
    jobs.work_off()
    assert len(mailbox.taken) == 2


@pytest.mark.parametrize(
    ("rights", "of_end", "allowed"),
    [
        ([FleetRight.VIEW, FleetRight.REGISTER], False, True),
        ([FleetRight.VIEW, FleetRight.DEREGISTER], False, False),
        ([FleetRight.VIEW, FleetRight.DEREGISTER], True, True),
        ([FleetRight.VIEW, FleetRight.REGISTER], True, False),
        ([FleetRight.VIEW], False, False),
    ],
)
def test_who_did_such_a_thing_may_mail_it(rights: list[FleetRight], of_end: bool, allowed: bool) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage, days=5)
    if of_end:
        by = garage.actor(*FleetRight)
        with enter(by.scope):
            day = vehicles.today(garage)
            done = deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=day)[0]
        held = OnCover(held.plate, held.item, done.entry.id)
    if allowed:
        assert mail(garage, held, someone(), by=garage.actor(*rights)).subject == held.entry
    else:
        with pytest.raises(Forbidden):
            mail(garage, held, someone(), by=garage.actor(*rights))


def test_mail_of_another_branch_or_company_is_refused() -> None:
    garage = world.garage()
    other = world.branch(garage.organisation, name="Deventer", establishment_number="000000000009")
    held = vehicles.on_cover(garage)
    with pytest.raises(NotVisible):
        mail(garage, held, someone(), by=garage.actor(*FleetRight, branch=other.id))
    stranger = world.garage(at=garage.portal)
    with pytest.raises(NotVisible):
        mail(stranger, held, someone())
    mail(garage, held, someone())
    assert told(stranger, held) == []


@pytest.mark.parametrize(
    ("to", "language", "field"),
    [
        ("jan", "nl", "recipient"),
        ("", "nl", "recipient"),
        ("jan@example.test\nBcc: an@example.test", "nl", "recipient"),
        ("jan@example.test, an@example.test", "nl", "recipient"),
        ("jan@example.test", "fr", "language"),
    ],
)
def test_nonsense_is_refused_beside_its_field(to: str, language: str, field: str) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    with pytest.raises(DomainError) as refused:
        mail(garage, held, to, language=language)
    assert refused.value.field == field
    assert told(garage, held) == []


def test_too_many_in_a_day_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "OFTEN", Limit(f"mails-{world.unique()}", times=2, seconds=86_400))
    garage, key = world.garage(), uuid.uuid4()
    held = vehicles.on_cover(garage)
    to = someone()
    mail(garage, held, to, key=key)
    mail(garage, held, to, key=key)  # the same one does not count
    mail(garage, held, someone())
    with pytest.raises(DomainError) as refused:
        mail(garage, held, someone())
    assert (refused.value.code, refused.value.field) == ("too_often", "recipient")
    assert "24" in str(refused.value.message)
    assert len(told(garage, held)) == 2
    other = sessions.actor_of(world.member(garage.organisation, rights=[*FleetRight]))
    mail(garage, held, someone(), by=other)  # a colleague's are the colleague's own


def test_one_address_gets_no_more_than_so_many_in_a_day_whoever_mails() -> None:
    garage, to = world.garage(), someone()
    held, client = vehicles.on_cover(garage), client_of(garage)
    for one in range(MAILS_TO_ONE):
        mail(garage, held, to.upper() if one % 2 else to)
    form = {"recipient": to, "language": "nl", "key": str(uuid.uuid4())}
    page = client.post(f"/vehicles/receipts/{held.entry}/mail", form)  # by a colleague
    assert (page.status_code, page.context["form"].errors["recipient"].as_data()[0].code) == (422, "too_often")
    assert len(told(garage, held)) == MAILS_TO_ONE
    mail(garage, held, someone())
    elsewhere = world.garage()
    mail(elsewhere, vehicles.on_cover(elsewhere), to)  # each insurer's customers have their own


def test_who_may_mail_no_more_uses_up_nothing_of_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "OFTEN", Limit(f"mails-{world.unique()}", times=1, seconds=86_400))
    monkeypatch.setattr(actions, "TO_ONE", Limit(f"to-one-{world.unique()}", times=1, seconds=86_400))
    garage, to = world.garage(), someone()
    held = vehicles.on_cover(garage)
    mail(garage, held, someone())
    with pytest.raises(actions.TooManyMails):
        mail(garage, held, to)
    other = sessions.actor_of(world.member(garage.organisation, rights=[*FleetRight]))
    mail(garage, held, to, by=other)
    with pytest.raises(actions.TooManyToOne):  # the address comes first
        mail(garage, held, to, by=other)


def test_state_is_told_and_the_address_only_begun(mailbox: Mailbox) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    to = someone()
    mail(garage, held, to)
    (waiting,) = told(garage, held)
    assert (waiting.state, waiting.settled_at, waiting.to) == (Mail.State.WAITING, None, "j…@example.test")
    mailbox.answers = ["550 no such person"]
    jobs.work_off()
    (refused,) = told(garage, held)
    assert (refused.state, refused.failed) == (Mail.State.REFUSED, True)
    mail(garage, held, to)
    jobs.work_off()
    assert [one.state for one in told(garage, held)] == [Mail.State.SENT, Mail.State.REFUSED]


def test_address_is_nowhere_but_in_the_mail_and_then_gone(mailbox: Mailbox) -> None:
    garage, to = world.garage(), someone()
    held = vehicles.on_cover(garage)
    mail(garage, held, to)
    jobs.work_off()
    said = [str(vars(event)) for event in Event.objects.using(OWNER).filter(organisation=garage.organisation.id)]
    assert any("document.mailed" in words for words in said)
    assert not any("jan-" in words or "example.test" in words for words in said)
    Mail.objects.using(OWNER).filter(recipient=to).update(settled_at=timezone.now() - MAILS.usual - timedelta(days=1))
    retention.forget_old(system(portal=garage.portal.id, name="messages.forget"))
    (forgotten,) = told(garage, held)
    assert (forgotten.to, forgotten.state) == ("", Mail.State.SENT)


def test_document_that_cannot_be_drawn_now_is_tried_again(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    garage, to = world.garage(), someone()
    held = vehicles.on_cover(garage)
    mail(garage, held, to)
    (job,) = jobs.waiting("messages.send")

    def breaks(_document: Document) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "pdf_of", breaks)
        with pytest.raises(sending.NotSentError):
            sending.send(system(portal=garage.portal.id, name="messages.send"), mail=job[2]["mail"])
    row = Mail.objects.using(OWNER).get(recipient=to)
    assert (row.state, row.attempts, row.fault) == (Mail.State.WAITING, 1, "not_drawn")
    jobs.work_off()
    assert len(mailbox.taken) == 1


# --- cards


def mail_it(garage: Garage, card: int, *, language: str = "nl", by: Actor | None = None) -> None:
    by = by or garage.actor(*FleetRight)
    with enter(by.scope):
        mail_card(by=by, card=card, recipient=someone(), language=language, key=uuid.uuid4())


def test_mail_card_as_it_was_printed(mailbox: Mailbox) -> None:
    garage = world.garage()
    card = cards.card(garage)
    mail_it(garage, card.id)
    mail_it(garage, card.id, language="de")
    jobs.work_off()
    dutch, german = mailbox.taken
    assert "SPECIMEN" in dutch["Subject"]
    assert all("SPECIMEN" in words for words in (*words_of(dutch), *words_of(german)))
    pages = [Pdf(attached(one)[1]).pages for one in (dutch, german)]
    assert all(card.number in page[0] and "SPECIMEN" in page[0] for page in pages)
    made = Document.objects.using(OWNER).filter(organisation=garage.organisation.id, subject=card.id).order_by("id")
    assert [(one.language, one.supersedes_id) for one in made] == [("nl", None), ("de", None)]
    # The card itself is the same one; only the second page is in another language.
    first, second = ({**one.snapshot["body"]["card"], "crossed_word": ANY} for one in made)
    assert first == second
    assert made[0].snapshot["body"]["page"] != made[1].snapshot["body"]["page"]


def test_specimen_stays_one_when_the_insurer_got_its_code(mailbox: Mailbox) -> None:
    garage = world.garage()
    card = cards.card(garage)
    CardSettings.objects.using(OWNER).create(
        portal=garage.portal, insurer_code="123", insurer_name="K", signed_by="K",
        assistance_home="1", assistance_abroad="1", claims_phone="1",
    )  # fmt: skip
    mail_it(garage, card.id, language="en")
    genuine = cards.card(garage)
    mail_it(garage, genuine.id, language="en")
    jobs.work_off()
    first, second = mailbox.taken
    assert "SPECIMEN" in "".join(Pdf(attached(first)[1]).pages)
    assert "SPECIMEN" in words_of(first)[0]
    assert "SPECIMEN" not in "".join((*Pdf(attached(second)[1]).pages, *words_of(second), second["Subject"]))


def test_card_that_is_worth_nothing_is_not_mailed() -> None:
    garage = world.garage()
    by = garage.actor(*FleetRight)
    void, held = cards.card(garage), cards.held(garage)
    ended = cards.card(garage, held)
    with enter(by.scope):
        void_card(by=by, card=void.id, reason="lost")
    with enter(by.scope):
        deregister_vehicles(by=by, policy=garage.policy, items=[held.item], day=vehicles.back(garage, 1))
    for card, code in ((void, "card_void"), (ended, "card_not_valid")):
        with pytest.raises(DomainError) as refused:
            mail_it(garage, card.id)
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        mail_it(garage, cards.card(garage).id, by=garage.actor(FleetRight.VIEW))


# --- pages


def client_of(garage: Garage) -> Client:
    return sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)


def test_page_shows_mistakes_and_the_state(mailbox: Mailbox) -> None:
    garage = world.garage()
    held, client = vehicles.on_cover(garage), client_of(garage)
    page = f"/vehicles/receipts/{held.entry}"
    wrong = client.post(f"{page}/mail", {"recipient": "jan", "language": "nl", "key": str(uuid.uuid4())})
    assert wrong.status_code == 422
    assert 'value="jan"' in wrong.content.decode()
    form = {"recipient": someone(), "language": "de", "key": str(uuid.uuid4())}
    assert [client.post(f"{page}/mail", form).status_code for _click in range(2)] == [302, 302]
    jobs.work_off()
    assert len(mailbox.taken) == 1
    assert client.get(page).content.decode().count("j…@example.test") == 1


def test_page_of_a_void_card_says_why_it_is_not_mailed() -> None:
    garage = world.garage()
    card, client = cards.card(garage), client_of(garage)
    assert f"/cards/{card.id}/mail" in client.get(f"/cards/{card.id}").content.decode()
    client.post(f"/cards/{card.id}/void", {"reason": "lost"})
    shown = client.get(f"/cards/{card.id}").content.decode()
    assert f"/cards/{card.id}/mail" not in shown
    sent = client.post(f"/cards/{card.id}/mail", {"recipient": someone(), "language": "nl"})
    assert sent.status_code == 422
