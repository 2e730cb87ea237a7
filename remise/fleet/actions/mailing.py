"""Sending a receipt to the driver."""

from uuid import UUID

from django.db import transaction

from remise.core.actor import Actor
from remise.core.errors import Forbidden
from remise.fleet.actions.drawing_up import draw_up_receipt
from remise.fleet.documents import ABOUT
from remise.fleet.mailing import may_mail, receipt_letter
from remise.fleet.selectors.receipts import receipt_of
from remise.messages.actions import Enclosed, mail_document
from remise.messages.models import Mailing


@transaction.atomic
def mail_receipt(*, by: Actor, entry: int, recipient: str, language: str, key: UUID) -> Mailing:
    """The receipt as it stands now, as a PDF in this language; sent twice with the same `key` it is one mail."""
    receipt = receipt_of(by, entry)
    decision = may_mail(by, receipt)
    if not decision:
        raise Forbidden(decision)
    return mail_document(
        by=by,
        about=(ABOUT, entry),
        recipient=recipient,
        language=language,
        key=key,
        enclose=lambda: Enclosed(draw_up_receipt(by=by, entry=entry), receipt_letter(by, receipt)),
    )
