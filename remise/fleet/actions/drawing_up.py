"""The receipt as a document. Its entry never changes, so it is drawn up when somebody first asks for it, in the
language of that reader (docs/adr/0011)."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.words import language_now
from remise.documents.actions import draw_up
from remise.documents.models import Document
from remise.fleet.documents import ABOUT, RECEIPT
from remise.fleet.premium import premium_of
from remise.fleet.receipt_words import headline, value_fixed
from remise.fleet.selectors.receipts import Receipt, answered, receipt_of, terms_of
from remise.organisations.models import Organisation
from remise.policies.rules import PARTIES
from remise.ui.formats import moment

UNDONE = "undone"


@transaction.atomic
def draw_up_receipt(*, by: Actor, entry: int) -> Document:
    """That of the entry as it stands now: one that was undone gets another, which supersedes the one before."""
    receipt = receipt_of(by, entry)
    language = language_now()
    title = _("Receipt %(number)s") % {"number": receipt.entry.receipt}
    entries = [each.id for each in (receipt.undone, receipt.entry, receipt.corrected_by) if each]
    return draw_up(
        by=by,
        kind=RECEIPT,
        organisation=by.company,
        subject=(ABOUT, entry),
        title=title,
        number=receipt.entry.receipt,
        language=language,
        edition=UNDONE if receipt.corrected_by else "",
        as_of=receipt.day,
        known_at=receipt.corrected_by.at if receipt.corrected_by else receipt.entry.at,
        entries=entries,
        supersedes=_before(by, entry, language) if receipt.corrected_by else None,
        snapshot=_snapshot(by, receipt),
    )


def _before(by: Actor, entry: int, language: str) -> int | None:
    same = Document.objects.filter(organisation=by.company, kind=RECEIPT, subject_kind=ABOUT, subject=entry)
    return same.filter(language=language, edition="").values_list("id", flat=True).first()


def _snapshot(by: Actor, receipt: Receipt) -> dict[str, object]:
    """Nobody's name is in it: not who did it, and not a lessee or driver. A sealed file cannot forget (ADR 7)."""
    facts = list(_facts(by, receipt))
    return {
        "kind": _("Receipt"),
        "at": moment(receipt.entry.at),
        "headline": headline(receipt),
        "plate": receipt.plate.formatted,
        "facts": facts,
        "personal": _("Persons are not named here: who did it, the lessee and the driver are shown in the portal."),
    }


def _facts(by: Actor, receipt: Receipt) -> Iterator[tuple[str, str]]:
    terms = terms_of(receipt.undone or receipt.entry)
    # By the party's number: that somebody is named is told, and not who.
    parties = {given: _("on record") for name in PARTIES if isinstance(given := terms.get(name), int)}
    policy = receipt.policy
    company = Organisation.objects.get(id=by.company).name
    lines = [
        (_("Vehicle"), receipt.register.title if receipt.register else ""),
        (_("Catalogue value"), value_fixed(receipt)),
        (_("Check code"), receipt.check_code),
        *answered(receipt.rules.fields, terms, parties),
        *((label, _("made empty")) for label in receipt.emptied),
        (_("Premium"), premium_of(receipt)),
        (_("Branch"), receipt.branch),
        (_("Policy"), f"{policy.product.name} {policy.number}"),
        (_("Company"), company),
        (_("Decided by"), _("the insurer's desk") if receipt.request else ""),
        (_("Corrects receipt"), receipt.undone.receipt if receipt.undone else ""),
        (_("Corrected by receipt"), receipt.corrected_by.receipt if receipt.corrected_by else ""),
    ]
    yield from (line for line in lines if line[1])
