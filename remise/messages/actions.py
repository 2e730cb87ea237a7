"""Mailing a document to somebody who has no account here: a driver with a telephone."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError, mail_address
from remise.core.limits import Limit, TooOften
from remise.documents.models import Document
from remise.messages import letters
from remise.messages.letters import Letter
from remise.messages.models import Mailing
from remise.messages.rules import MAILS_A_DAY
from remise.portals.languages import spoken
from remise.portals.models import Portal

type Subject = tuple[str, int]

KIND = "document"
# Per person and not per company: one key or one angry colleague does not use up the others' mails.
OFTEN = Limit("mailed-documents", times=MAILS_A_DAY, seconds=24 * 60 * 60)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The document, and the letter that goes with it."""

    document: Document
    letter: Letter


class TooManyMails(TooOften):
    """Said in hours: it is a limit of a day."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        hours = max(1, round(seconds / 3600 + 0.49))
        self.field = "recipient"
        self.message = ngettext(
            "You have mailed %(most)s documents in a day, and that is the most. Try again in %(hours)s hour.",
            "You have mailed %(most)s documents in a day, and that is the most. Try again in %(hours)s hours.",
            hours,
        ) % {"most": MAILS_A_DAY, "hours": hours}


@transaction.atomic
def mail_document(
    *,
    by: Actor,
    about: Subject,
    recipient: str,
    language: str,
    key: UUID,
    enclose: Callable[[], Enclosed],
) -> Mailing:
    """Put the document that `enclose` draws up, in this language, in the outbox. Who may do so is asked by the room
    whose document it is. Sent twice with the same `key` it is one mail. Neither the event nor the log knows the
    address: it stands in the mail and is let go of with it (docs/adr/0007)."""
    assert by.account is not None
    portal = Portal.objects.get(id=by.in_portal)
    address = _address(recipient)
    if language not in spoken(portal):
        raise BrokenRule(_("Choose the language of the mail."), code="language", field="language")
    with translation.override(language):
        enclosed = enclose()
    mailing, is_new = Mailing.objects.get_or_create(
        organisation=by.company,
        key=key,
        defaults={
            "portal": by.in_portal,
            "about": about[0],
            "subject": about[1],
            "document": enclosed.document,
            "mail": uuid4(),
            "account": by.account,
            "at": clock.now(by),
        },
    )
    if not is_new:
        return mailing
    try:
        OFTEN.take(by.account)
    except TooOften as error:
        raise TooManyMails(error.seconds) from None
    number = enclosed.document.id
    with translation.override(language):
        letters.post(
            enclosed.letter, portal=portal, kind=KIND, recipient=address, attached=[number], reference=mailing.mail
        )
    events.record(
        "document.mailed",
        by=by,
        organisation=by.company,
        subject=("document", number),
        after={"about": about[0], "id": about[1], "language": language, "mailing": mailing.id},
    )
    return mailing


def _address(recipient: str) -> str:
    try:
        return mail_address(recipient)
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="recipient") from None
