"""What our own mails look like: the portal's name, colours and contacts around a title and a few sentences, in plain
words and as HTML. Signing in has letters of its own, with the same frame (`accounts/templates/account/email`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from remise.core.models import Event
from remise.messages import outbox
from remise.organisations.readers import Mailbox
from remise.portals.desks import own_desk
from remise.portals.models import Portal
from remise.ui.theme import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Words in the language of its reader. `mark` stands above all else: SPECIMEN."""

    subject: str
    title: str
    lines: Sequence[str]
    quote: str = ""  # what a person wrote
    link: str = ""
    link_label: str = ""
    mark: str = ""


def tell(
    event: Event, to: Mailbox, write: Callable[[], Letter], *, portal: Portal, kind: str, secret: bool = False
) -> None:
    """What happened, in the language of who reads it: once, for the outbox knows that this event was told there."""
    with translation.override(to.language):
        post(write(), portal=portal, kind=kind, recipient=to.address, event=event.id, secret=secret)


def post(
    letter: Letter,
    *,
    portal: Portal,
    kind: str,
    recipient: str,
    attached: Sequence[int] = (),
    event: int | None = None,
    reference: UUID | None = None,
    secret: bool = False,
) -> bool:
    """Into the outbox, in the language that is switched on; as `outbox.write` answers. `secret`: kept no longer than
    until it has gone, for it lets its reader in or names a colleague of theirs (docs/adr/0007)."""
    said = {
        "letter": letter,
        "portal": portal,
        "brand": portal.name,
        "palette": Palette.of(portal.brand),
        "desk": own_desk(portal),
    }
    return outbox.write(
        kind=kind,
        recipient=recipient,
        sender=formataddr((portal.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        reply_to=portal.desk_email,
        subject=" ".join(letter.subject.split()),
        text=render_to_string("messages/letter.txt", said),
        html=render_to_string("messages/letter.html", said),
        attached=attached,
        event=event,
        reference=reference,
        secret=secret,
    )
