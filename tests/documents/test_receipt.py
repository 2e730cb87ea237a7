"""The receipt's PDF."""

import re

from remise.core.scope import enter
from remise.documents.actions import pdf_of
from remise.fleet.actions import draw_up_receipt
from remise.fleet.rights import FleetRight
from tests import vehicles, world


def test_draw_up_receipt_makes_its_pdf() -> None:
    garage = world.garage()
    by = garage.actor(*FleetRight)
    held = vehicles.on_cover(garage)
    with enter(by.scope):
        document = draw_up_receipt(by=by, entry=held.entry)
        content = pdf_of(document)
        assert pdf_of(document) == content
    assert content.startswith(b"%PDF-")
    assert re.search(rb"/ByteRange", content)
