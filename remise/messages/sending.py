"""Taking mails out of the outbox. At least once: a worker killed between the server's yes and its own note sends the
mail again, with the same Message-ID, which mail programs show once. What is attached is drawn and sealed first: while
that takes its time, nothing is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

import structlog
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import connection
from django.utils import timezone

from remise.core.actor import Actor
from remise.core.jobs import ATTEMPTS
from remise.core.observe import fault
from remise.core.scope import enter
from remise.documents.actions import pdf_of
from remise.documents.kinds import kinds
from remise.documents.models import Document
from remise.messages.models import Mail, Mailing
from remise.messages.retention import emptied

log = structlog.get_logger("remise.mail")
DELIVERY = "delivery"  # the mailer that leaves the house; the default one is the outbox


class NotSentError(RuntimeError):
    """The mail server did not take it now; the job tries again later."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    name: str
    content: bytes


def send(system: Actor, *, mail: str) -> None:
    """Two workers with one job send it once: one of them has the mail's own lock, which ends with its transaction and
    its process. The row is not locked, nor anything written, before the server has answered: a server that hangs
    keeps nobody from their events (core.feed), and a mail may be let go of meanwhile."""
    drawn = _drawn(system, mail)
    with enter(system.scope):
        if not _alone_with(mail):
            raise NotSentError("another worker is sending it")
        row = Mail.objects.filter(reference=mail, state=Mail.State.WAITING).first()
        if row is None:
            return
        attached = row.attached
        row.attached = _worth_sending(system, _mailed(row))
        row.attempts += 1
        is_withdrawn = bool(attached) and not row.attached
        row.fault = "" if is_withdrawn else _deliver(row, drawn)
        if is_withdrawn:
            settle(row, Mail.State.WITHDRAWN)
        elif not row.fault:
            settle(row, Mail.State.SENT)
        elif row.fault == "refused":
            settle(row, Mail.State.REFUSED)
        elif row.attempts >= ATTEMPTS:
            settle(row, Mail.State.GIVEN_UP)
        _note(row)
    if row.state == Mail.State.WAITING:
        raise NotSentError(row.fault)
    if row.state in Mail.DEAD:
        log.error("mail not sent", mail=mail, kind=row.kind, fault=row.fault)


def settle(row: Mail, state: Mail.State) -> None:
    assert state in Mail.MOVES[row.state]
    row.state = state
    row.settled_at = timezone.now()
    if row.secret and state == Mail.State.SENT:
        emptied(row)


def _alone_with(mail: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"mail {mail}"])
        return bool(cursor.fetchone()[0])


def _note(row: Mail) -> None:
    """What became of it, unless it was let go of meanwhile."""
    words = ("recipient", "subject", "text", "html", "forgotten_at")
    fields = ("attempts", "fault", "state", "settled_at", "attached", *words)
    waiting = Mail.objects.filter(id=row.id, state=Mail.State.WAITING)
    waiting.update(**{field: getattr(row, field) for field in fields})


def _mailed(row: Mail) -> list[int]:
    """What goes with it. Whoever writes mails can write any number there, and this reads for the whole portal: a
    mailing, and its foreign key, says that it is a document of the company that mailed it."""
    own = Mailing.objects.filter(mail=row.reference, document__in=row.attached).values_list("document", flat=True)
    known = set(own)
    return [number for number in row.attached if number in known]


def _worth_sending(system: Actor, attached: Sequence[int]) -> list[int]:
    """What was worth something when the mail was written may have ended while it waited: that goes to nobody."""
    found = Document.objects.in_bulk(attached)
    return [number for number in attached if kinds[found[number].kind].is_worth_sending(system, found[number])]


def _drawn(system: Actor, mail: str) -> Mapping[int, Enclosed] | None:
    """The files that go with it, by document; None where one of them could not be drawn, which is tried again like a
    server that was away."""
    try:
        with enter(system.scope):
            row = Mail.objects.filter(reference=mail, state=Mail.State.WAITING).only("reference", "attached").first()
            numbers = _mailed(row) if row else []
            found = Document.objects.in_bulk(numbers)
            return {number: Enclosed(found[number].file_name, pdf_of(found[number], by=system)) for number in numbers}
    except Exception as error:
        log.error("document not drawn for a mail", mail=mail, **fault(error))
        return None


def _deliver(row: Mail, drawn: Mapping[int, Enclosed] | None) -> str:
    """Empty when the server took it; else a word for what was wrong. `refused` is for good: the server does not take
    this mail, or not for this reader. Where it does not take us (a password that was changed), it is tried again."""
    if drawn is None or not set(row.attached) <= drawn.keys():
        return "not_drawn"
    try:
        mailers[DELIVERY].send_messages([_message(row, [drawn[number] for number in row.attached])])
    except SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        return "refused" if all(code >= 500 for code in codes) else "put_off"
    except SMTPDataError as error:
        return "refused" if error.smtp_code >= 500 else "put_off"
    except ValueError:  # it cannot be written as a mail, and never will be
        return "refused"
    except (SMTPException, OSError) as error:
        return type(error).__name__[:60]
    return ""


def _message(row: Mail, enclosed: Sequence[Enclosed]) -> EmailMultiAlternatives:
    domain = parseaddr(row.sender)[1].partition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        row.subject,
        row.text,
        row.sender,
        [row.recipient],
        reply_to=[row.reply_to] if row.reply_to else [],
        headers={"Message-ID": f"<{row.reference}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if row.html:
        message.attach_alternative(row.html, "text/html")
    for file in enclosed:
        message.attach(file.name, file.content, "application/pdf")
    return message
