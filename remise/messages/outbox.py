"""Where every mail goes first: a row in the transaction of what it tells of, and a job that sends it.

It is the installation's default mailer, so that the sign-in library's mails take the same way as our own. A
transaction that is rolled back sends nothing; a mail server that is slow or down holds up no page and loses nothing.
"""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from remise.core.words import language_now

COLUMNS = (
    "portal", "reference", "kind", "event", "sender", "recipient", "reply_to", "language", "subject", "text", "html",
    "attached", "secret", "state", "attempts", "fault", "written_at",
)  # fmt: skip


class Outbox(BaseEmailBackend):
    """What comes this way is a mail of the sign-in pages: it may hold a link that lets its reader in."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                write(
                    kind="account",
                    recipient=recipient,
                    sender=message.from_email,
                    reply_to=", ".join(message.reply_to),
                    subject=str(message.subject),
                    text=str(message.body),
                    html=_html(message),
                    secret=True,
                )
        return len(email_messages)


def write(
    *,
    kind: str,
    recipient: str,
    sender: str,
    subject: str,
    text: str,
    html: str,
    reply_to: str = "",
    attached: Sequence[int] = (),
    event: int | None = None,
    secret: bool = False,
    reference: uuid.UUID | None = None,
) -> bool:
    """Put a mail in the outbox of the scope's portal; False when this event was told to this person before. Whoever
    writes may not read the outbox, and so gets nothing back; who wants to know it again brings its `reference`."""
    from remise.messages.tasks import send

    reference = reference or uuid.uuid4()
    values = (
        reference, kind, event, sender, recipient, reply_to, language_now(), subject[:200], text, html,
        list(attached), secret, "waiting", 0, "", timezone.now(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select scope_portal()")
        (portal,) = cursor.fetchone()
        cursor.execute(
            f"insert into messages_mail ({', '.join(COLUMNS)})"  # noqa: S608
            f" values (scope_portal(), {', '.join(['%s'] * len(values))}) on conflict do nothing",
            values,
        )
        if cursor.rowcount == 0:
            return False
    send.defer(portal, mail=str(reference))
    return True


def _html(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(content) for content, kind in message.alternatives if kind == "text/html"), "")
