"""Mailing a receipt: who may, and what the mail says."""

from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.rights import Decision
from remise.fleet.entries import right_to_correct_online
from remise.fleet.receipt_words import headline
from remise.fleet.selectors.receipts import Receipt
from remise.messages.letters import Letter
from remise.organisations.models import Organisation


def may_mail(by: Actor, receipt: Receipt) -> Decision:
    """Who sees a receipt shows it to colleagues; to send it out of the company takes the right with which such a
    thing is done, in the branch that it is about."""
    right = right_to_correct_online(receipt.undone or receipt.entry)
    return can(by, right, organisation=by.organisation, branch=receipt.branch_id)


def receipt_letter(by: Actor, receipt: Receipt) -> Letter:
    """In the language that is switched on. No names but the company's."""
    number = receipt.entry.receipt
    company = Organisation.objects.get(id=by.company).name
    return Letter(
        subject=_("Receipt %(number)s for %(plate)s") % {"number": number, "plate": receipt.plate.formatted},
        title=headline(receipt),
        lines=(
            _("%(company)s sends you the receipt. It is attached as a PDF.") % {"company": company},
            _("Is something in it not right? Then tell %(company)s.") % {"company": company},
        ),
    )
