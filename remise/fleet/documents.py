"""What the fleet has drawn."""

from remise.core import rights
from remise.core.actor import Actor, holds_anywhere
from remise.core.errors import Forbidden
from remise.documents.kinds import DocumentKind
from remise.documents.models import Document
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.receipts import receipt_of

RECEIPT = "fleet.receipt"
ABOUT = "entry"
OPENED_BY = (FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER)


def may_read_receipt(by: Actor, document: Document) -> None:
    """Whoever may open its page."""
    if not any(holds_anywhere(by, right) for right in OPENED_BY):
        raise Forbidden(rights.missing(FleetRight.VIEW, branch=by.branch))
    receipt_of(by, document.subject)


KINDS = (DocumentKind(name=RECEIPT, template="fleet/typst/receipt.typ", check=may_read_receipt),)
