"""What is in a print batch as a table, to check against: numbers for ever, and names while they are kept."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _

from remise.core.spreadsheet import Cell, write_csv
from remise.green_cards.models import PrintBatch
from remise.green_cards.posting.selectors import BatchLine


def as_csv(batch: PrintBatch, lines: Sequence[BatchLine], pages: int | None) -> bytes:
    """`pages`: of the whole file."""
    header = [
        *(_("Batch"), _("No."), _("Shipment"), _("Company"), _("Name"), _("Postcode"), _("Town")),
        *(
            _("Count"),
            _("Numbers of the cards"),
            _("First page"),
            _("Last page"),
            _("Pages of this file"),
            _("State"),
        ),
    ]
    file = BytesIO()
    write_csv(file, header, (_row(batch, line, pages) for line in lines))
    return file.getvalue()


def _row(batch: PrintBatch, line: BatchLine, pages: int | None) -> list[Cell]:
    shipment = line.shipment
    return [
        *(batch.number, line.line.place, shipment.id, line.company),
        *(shipment.addressee, shipment.postcode, shipment.town),
        *(line.cards, ", ".join(line.numbers), line.line.first_page, line.line.last_page, pages),
        str(line.line.get_outcome_display()),
    ]
