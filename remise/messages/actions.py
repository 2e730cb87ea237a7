"""Mailing documents to somebody who has no account here: a driver with a telephone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError, mail_address
from remise.core.limits import Limit, TooOften, give_back
from remise.documents.models import Document
from remise.messages import letters
from remise.messages.letters import Letter
from remise.messages.models import Mailing
from remise.messages.rules import MAILS_A_DAY, MAILS_TO_ONE
from remise.portals.languages import spoken
from remise.portals.models import Portal

type Subject = tuple[str, int]

KIND = "document"
# Per person and not per company: one key or one angry colleague does not use up the others' mails.
OFTEN = Limit("mailed-documents", times=MAILS_A_DAY, seconds=24 * 60 * 60)
TO_ONE = Limit("mailed-to-one", times=MAILS_TO_ONE, seconds=24 * 60 * 60)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The document, and the letter that goes with it."""

    document: Document
    letter: Letter


@dataclass(frozen=True, slots=True)
class Parcel:
    """Documents that go together, each with what it is about, and their letter."""

    documents: Mapping[Subject, Document]
    letter: Letter


class TooManyMails(TooOften):
    """Said in hours: it is a limit of a day."""

    most = MAILS_A_DAY

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        hours = max(1, round(seconds / 3600 + 0.49))
        self.field = "recipient"
        self.message = self.words(hours) % {"most": self.most, "hours": hours}

    def words(self, hours: int) -> str:
        return ngettext(
            "You have mailed %(most)s documents in a day, and that is the most. Try again in %(hours)s hour.",
            "You have mailed %(most)s documents in a day, and that is the most. Try again in %(hours)s hours.",
            hours,
        )


class TooManyToOne(TooManyMails):
    """Whoever mailed them: nothing is told of who did."""

    most = MAILS_TO_ONE

    def words(self, hours: int) -> str:
        return ngettext(
            "No more than %(most)s documents go to one address in a day. Try again in %(hours)s hour.",
            "No more than %(most)s documents go to one address in a day. Try again in %(hours)s hours.",
            hours,
        )


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

    def alone() -> Parcel:
        enclosed = enclose()
        return Parcel({about: enclosed.document}, enclosed.letter)

    return mail_together(by=by, recipient=recipient, language=language, key=key, enclose=alone)[0]


@transaction.atomic
def mail_together(
    *, by: Actor, recipient: str, language: str, key: UUID, enclose: Callable[[], Parcel]
) -> list[Mailing]:
    """The same for several documents in one mail: one mailing each, so that the page of each thing tells how it
    fared. What is sent by itself counts in nobody's limit: it follows from what was registered."""
    portal = Portal.objects.get(id=by.in_portal)
    address = _address(recipient)
    if language not in spoken(portal):
        raise BrokenRule(_("Choose the language of the mail."), code="language", field="language")
    with translation.override(language):
        parcel = enclose()
    mailings, is_new = _mailings(by, key, parcel)
    if not is_new:
        return mailings
    if by.account is not None:
        _take(by.account, portal, address)
    numbers = [mailing.document_id for mailing in mailings]
    with translation.override(language):
        letters.post(
            parcel.letter,
            portal=portal,
            kind=KIND,
            recipient=address,
            attached=numbers,
            reference=mailings[0].mail,
        )
    for mailing in mailings:
        events.record(
            "document.mailed",
            by=by,
            organisation=by.company,
            subject=("document", mailing.document_id),
            after={"about": mailing.about, "id": mailing.subject, "language": language, "mailing": mailing.id},
        )
    return mailings


def withdraw_mails(*, organisation: int, about: Subject) -> None:
    """What this is about is worth nothing any more: it goes with no mail that has not gone yet. In the transaction in
    which it became so; who may do that is asked by the room above."""
    rows("select mails_withdraw(%s, %s, %s)", organisation, *about)


def forget_address(*, organisation: int, address: str) -> None:
    """Mails from this company's pages to this address keep nothing of it. In the transaction in which the company
    erases whose it was; who may do that is asked by the room above."""
    rows("select mails_forget_address(%s, %s)", organisation, address)


def _mailings(by: Actor, key: UUID, parcel: Parcel) -> tuple[list[Mailing], bool]:
    """One for each document, in their order; False where they were there before. Two who send the same at once meet
    at the first one."""
    mail = uuid4()
    made = [_mailing(by, key, mail, about, document) for about, document in parcel.documents.items()]
    same = Mailing.objects.filter(organisation=by.company, key=key).order_by("id")
    found = list(same)
    if found:
        return found, False
    try:
        with transaction.atomic():
            return Mailing.objects.bulk_create(made), True
    except IntegrityError as error:
        if "messages_mailing_once" not in str(error):
            raise
        return list(same.all()), False


def _mailing(by: Actor, key: UUID, mail: UUID, about: Subject, document: Document) -> Mailing:
    return Mailing(
        portal=by.in_portal,
        organisation=by.company,
        key=key,
        about=about[0],
        subject=about[1],
        document=document,
        mail=mail,
        account=by.account,
        at=clock.now(by),
    )


def _take(account: int, portal: Portal, address: str) -> None:
    """One more for both, or for neither."""
    try:
        slot = TO_ONE.take(portal.id, address.lower())
    except TooOften as error:
        raise TooManyToOne(error.seconds) from None
    try:
        OFTEN.take(account)
    except TooOften as error:
        give_back(slot)
        raise TooManyMails(error.seconds) from None


def _address(recipient: str) -> str:
    try:
        return mail_address(recipient)
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="recipient") from None
