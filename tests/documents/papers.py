"""Documents to try things with, and what a reader of PDF files says of them."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from remise.core.scope import ActorKind, Scope, enter
from remise.documents.actions import draw_up, pdf_of
from remise.documents.models import Document, SealKey
from remise.fleet.documents import RECEIPT
from remise.fleet.rights import FleetRight
from tests import world
from tests.world import OWNER, Garage

BODY: dict[str, Any] = {
    "kind": "Receipt",
    "at": "12 March 2026, 11:42",
    "headline": "GHK-12-L is insured from 12 March 2026",
    "plate": "GHK-12-L",
    "facts": [["Company", "Garage De Brug"]],
    "personal": "",
}


def made(of: Garage, *, language: str = "en", **body: Any) -> Document:
    """Drawn up and not drawn."""
    by = of.actor(*FleetRight)
    with enter(by.scope):
        return draw_up(
            by=by,
            kind=RECEIPT,
            organisation=by.company,
            subject=("entry", world.number()),
            title="Receipt 2026-000123",
            number="2026-000123",
            language=language,
            snapshot=BODY | body,
        )


def sealed(of: Garage, document: Document | None = None) -> bytes:
    by = of.actor()
    with enter(by.scope):
        return pdf_of(document or made_in_scope(of), by=by)


def made_in_scope(of: Garage) -> Document:
    by = of.actor(*FleetRight)
    return draw_up(
        by=by,
        kind=RECEIPT,
        organisation=by.company,
        subject=("entry", world.number()),
        title="Receipt 2026-000123",
        number="2026-000123",
        language="en",
        snapshot=BODY,
    )


def stored(document: Document) -> Document:
    return Document.objects.using(OWNER).get(id=document.id)


def sealing_key(of: Garage) -> SealKey:
    return SealKey.objects.using(OWNER).get(portal=of.portal, retired_at=None)


def as_system(of: Garage) -> Scope:
    return Scope(ActorKind.SYSTEM, of.portal.id)


def text(pdf: bytes) -> str:
    """Of all pages, as somebody selects it."""
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


def tags(pdf: bytes) -> list[str]:
    """The kinds of its structure, in the order of reading."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return list(_tags(opened.Root.StructTreeRoot))


def _tags(element: Any) -> Any:
    if isinstance(element, pikepdf.Array):
        for each in element:
            yield from _tags(each)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield str(element.S).lstrip("/")
        if "/K" in element:
            yield from _tags(element.K)


def seals(pdf: bytes, *trusted: SealKey) -> list[PdfSignatureStatus]:
    """What a reader says of each signature, who trusts these certificates only."""
    roots = [_certificate(key.certificate) for key in trusted]
    reader = PdfFileReader(BytesIO(pdf))
    context = ValidationContext(trust_roots=roots, other_certs=[])
    # In a thread of its own: it turns an event loop, and so does the browser's driver.
    with ThreadPoolExecutor(1) as pool:
        return list(pool.map(lambda each: validate_pdf_signature(each, context), reader.embedded_signatures))


def _certificate(text: str) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(pem.unarmor(text.encode())[2])
