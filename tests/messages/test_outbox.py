"""Mails: written with what they tell of, sent by a job to a real mail server, and kept no longer than needed."""

import socket
import threading
import uuid
from contextlib import suppress
from datetime import timedelta

import psycopg
import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connections, transaction
from django.utils import timezone
from pytest_django import Settings

from remise.core.actor import system
from remise.core.jobs import ATTEMPTS
from remise.core.scope import ActorKind, Scope, enter
from remise.messages import outbox, retention, sending
from remise.messages.models import Mail
from remise.messages.rules import MAILS, SECRETS
from remise.messages.sending import NotSentError
from remise.portals.models import Portal
from tests import jobs, world
from tests.journeys.server import Mailbox
from tests.races import at_once
from tests.world import OWNER


@pytest.fixture
def portal() -> Portal:
    jobs.forget()
    return world.portal()


def write(portal: Portal, to: str, *, event: int | None = None, secret: bool = False, kind: str = "test") -> bool:
    with enter(Scope(ActorKind.PUBLIC, portal.id)):
        return outbox.write(
            kind=kind,
            recipient=to,
            sender="Koetspoort <portal@koetspoort.example>",
            subject="Ontvangstbewijs",
            text="Hallo",
            html="<p>Hallo</p>",
            event=event,
            secret=secret,
        )


def stored(to: str) -> Mail:
    return Mail.objects.using(OWNER).get(recipient=to)


def someone() -> str:
    return f"someone-{world.unique()}@example.test"


def send_all(portal: Portal) -> None:
    """Every waiting mail once, and a failure is left to the caller to see in the row."""
    actor = system(portal=portal.id, name="messages.send")
    for reference in (
        Mail.objects.using(OWNER).filter(portal=portal.id, state="waiting").values_list("reference", flat=True)
    ):
        try:
            sending.send(actor, mail=str(reference))
        except NotSentError:
            continue


def test_mail_goes_out_once_the_transaction_stands(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    write(portal, to)
    assert jobs.work_off() == 1
    (mail,) = mailbox.delivered()
    assert (mail["To"], mail["Subject"]) == (to, "Ontvangstbewijs")
    row = stored(to)
    assert row.state == Mail.State.SENT
    assert mail["Message-ID"] == f"<{row.reference}@koetspoort.example>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert (plain.get_content().strip(), html.get_content().strip()) == ("Hallo", "<p>Hallo</p>")


def test_transaction_rolled_back_sends_nothing(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    with enter(Scope(ActorKind.PUBLIC, portal.id)):
        outbox.write(kind="test", recipient=to, sender="a@b.example", subject="x", text="x", html="")
        transaction.set_rollback(True)
    assert jobs.waiting() == []
    assert not Mail.objects.using(OWNER).filter(recipient=to).exists()


def test_event_is_told_once_to_each(portal: Portal) -> None:
    to, event = someone(), world.number()
    assert write(portal, to, event=event)
    assert not write(portal, to, event=event)
    assert write(portal, someone(), event=event)
    assert write(portal, to, event=event, kind="another")


def test_two_workers_with_one_mail_send_it_once(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    write(portal, to)
    reference, actor = str(stored(to).reference), system(portal=portal.id, name="messages.send")

    def send() -> None:
        with suppress(NotSentError):  # another one has it: this job comes again
            sending.send(actor, mail=reference)

    at_once(*[send] * 4)
    assert len(mailbox.delivered()) == 1


def test_server_that_hangs_keeps_nobody_from_their_events(portal: Portal, mailbox: Mailbox, admin_url: str) -> None:
    """What is followed is what was there before every change that is not finished yet: nothing may be unfinished."""
    write(portal, to := someone())
    reference, actor = str(stored(to).reference), system(portal=portal.id, name="messages.send")
    found: list[bool] = []
    speaking = threading.Event()

    def look() -> None:
        assert speaking.wait(20)
        with psycopg.connect(admin_url) as everything:
            sending_now = everything.execute(
                "select backend_xid is not null from pg_stat_activity"
                " where datname = %s and state = 'idle in transaction'",
                [connections[OWNER].settings_dict["NAME"]],
            )
            found.extend(has_changed for (has_changed,) in sending_now)
        mailbox.go_on.set()

    mailbox.go_on.clear()
    mailbox.speaking = speaking
    try:
        at_once(lambda: sending.send(actor, mail=reference), look)
    finally:
        mailbox.go_on.set()
    assert found == [False]
    assert stored(to).state == Mail.State.SENT


def test_server_that_puts_off_gets_it_later(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    write(portal, to)
    mailbox.answers = ["451 try again"]
    send_all(portal)
    row = stored(to)
    assert (row.state, row.attempts, row.fault) == (Mail.State.WAITING, 1, "put_off")
    send_all(portal)
    assert stored(to).state == Mail.State.SENT
    assert len(mailbox.delivered()) == 1


def test_server_that_is_away_loses_nothing(portal: Portal, mailbox: Mailbox, settings: Settings) -> None:
    to = someone()
    write(portal, to)
    there = settings.MAILERS["delivery"]
    settings.MAILERS = settings.MAILERS | {
        "delivery": there | {"OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1}}
    }
    (job,) = jobs.waiting("messages.send")
    with pytest.raises(NotSentError):
        sending.send(system(portal=portal.id, name="messages.send"), mail=job[2]["mail"])
    assert stored(to).state == Mail.State.WAITING
    settings.MAILERS = settings.MAILERS | {"delivery": there}
    jobs.work_off()
    assert stored(to).state == Mail.State.SENT


def test_address_that_is_refused_is_a_dead_letter_at_once(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    write(portal, to)
    mailbox.answers = ["550 no such person"]
    jobs.work_off()
    row = stored(to)
    assert (row.state, row.fault) == (Mail.State.REFUSED, "refused")
    assert to not in row.fault


def test_server_that_refuses_us_refuses_no_mail(portal: Portal, mailbox: Mailbox, settings: Settings) -> None:
    """A password that was changed, a network that is blocked: for good in its words, and not the mail's fault."""
    write(portal, to := someone())
    there = settings.MAILERS["delivery"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        threading.Thread(target=_say_once, args=(closed, b"554 not you\r\n")).start()
        options = {"host": "127.0.0.1", "port": closed.getsockname()[1], "timeout": 20}
        settings.MAILERS = settings.MAILERS | {"delivery": there | {"OPTIONS": options}}
        with pytest.raises(NotSentError):
            sending.send(system(portal=portal.id, name="messages.send"), mail=str(stored(to).reference))
    assert (stored(to).state, stored(to).fault) == (Mail.State.WAITING, "SMTPConnectError")


def _say_once(server: socket.socket, words: bytes) -> None:
    line, _address = server.accept()
    with line:
        line.sendall(words)


def test_mail_is_given_up_after_the_last_attempt(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    write(portal, to)
    Mail.objects.using(OWNER).filter(recipient=to).update(attempts=ATTEMPTS - 1)
    mailbox.answers = ["451 not now"]
    jobs.work_off()
    assert stored(to).state == Mail.State.GIVEN_UP


def test_link_that_lets_in_is_forgotten_when_sent(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    write(portal, to, secret=True)
    reference = stored(to).reference
    jobs.work_off()
    row = Mail.objects.using(OWNER).get(reference=reference)
    assert (row.recipient, row.subject, row.text, row.html) == ("", "", "", "")
    assert len(mailbox.delivered()) == 1


def test_old_mails_are_let_go_of(portal: Portal, mailbox: Mailbox) -> None:
    kept, old, never = someone(), someone(), someone()
    for to in (kept, old):
        write(portal, to)
    write(portal, never, secret=True)
    references = {to: stored(to).reference for to in (kept, old, never)}
    Mail.objects.using(OWNER).filter(recipient=old).update(
        state="sent", settled_at=timezone.now() - MAILS.usual - timedelta(days=1)
    )
    Mail.objects.using(OWNER).filter(recipient=never).update(
        written_at=timezone.now() - SECRETS.usual - timedelta(minutes=1)
    )
    retention.forget_old(system(portal=portal.id, name="messages.forget"))
    rows = {to: Mail.objects.using(OWNER).get(reference=reference) for to, reference in references.items()}
    assert rows[kept].recipient == kept
    assert (rows[old].recipient, rows[old].text, rows[old].state) == ("", "", "sent")
    assert (rows[never].recipient, rows[never].state, rows[never].fault) == ("", "given_up", "too_late")


def test_mails_of_one_event_are_all_let_go_of(portal: Portal, mailbox: Mailbox) -> None:
    first, second = someone(), someone()
    for to in (first, second):
        write(portal, to, event=world.number())
    references = [stored(to).reference for to in (first, second)]
    rows = Mail.objects.using(OWNER).filter(reference__in=references)
    rows.update(event=world.number(), state="sent", settled_at=timezone.now() - MAILS.usual - timedelta(days=1))
    retention.forget_old(system(portal=portal.id, name="messages.forget"))
    assert set(rows.values_list("recipient", "text")) == {("", "")}


def test_outbox_is_the_default_mailer(portal: Portal, mailbox: Mailbox) -> None:
    to = someone()
    with enter(Scope(ActorKind.PUBLIC, portal.id)):
        message = EmailMultiAlternatives("Link", "Hier is je link", "a@koetspoort.example", [to])
        message.attach_alternative("<p>link</p>", "text/html")
        message.send()
    row = stored(to)
    assert (row.secret, row.portal, row.html) == (True, portal.id, "<p>link</p>")


@pytest.mark.parametrize("kind", [ActorKind.PUBLIC, ActorKind.ACCOUNT, ActorKind.MEMBER, ActorKind.STAFF])
def test_who_writes_reads_nothing_back(portal: Portal, kind: ActorKind) -> None:
    with pytest.raises(Exception, match="permission denied"), enter(Scope(kind, portal.id, 1, 1)):
        Mail.objects.count()


def test_mail_of_another_portal_is_refused(portal: Portal) -> None:
    other = world.portal()
    with (
        pytest.raises(Exception, match="row-level security"),
        enter(Scope(ActorKind.PUBLIC, portal.id)),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(
            "insert into messages_mail (portal, reference, kind, sender, recipient, reply_to, language, subject,"
            " text, html, attached, secret, state, attempts, fault, written_at)"
            " values (%s, %s, 'x', 'a', 'b@c.example', '', 'nl', '', '', '', '{}', false, 'waiting', 0, '', now())",
            [other.id, uuid.uuid4()],
        )


def test_mail_that_cannot_be_written_is_a_dead_letter(portal: Portal, mailbox: Mailbox) -> None:
    write(portal, to := f"a{world.unique()}@" + 60 * "ü" + ".example")
    jobs.work_off()
    assert (stored(to).state, stored(to).fault) == (Mail.State.REFUSED, "refused")


def test_mail_that_lost_its_job_is_given_up(portal: Portal, mailbox: Mailbox) -> None:
    write(portal, to := someone())
    jobs.forget()
    Mail.objects.using(OWNER).filter(recipient=to).update(
        written_at=timezone.now() - SECRETS.usual - timedelta(hours=1)
    )
    retention.forget_old(system(portal=portal.id, name="messages.forget"))
    assert (stored(to).state, stored(to).fault, stored(to).text) == (Mail.State.GIVEN_UP, "too_late", "Hallo")
