"""Drawing documents, next to WeasyPrint drawing the same page; and sealing them, by the curve next to RSA.

`Drawing` takes any kind with a page of HTML that says the same: other rooms' documents are timed with it too.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from itertools import count
from typing import Any

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.stage import Stage
from remise.documents import drawing, house
from remise.documents.models import Document
from remise.documents.seal_keys import SEALS, PrivateKey
from remise.documents.sealing import Sealer
from remise.fleet.documents import RECEIPT
from remise.portals.models import Portal

WEASYPRINT = "WeasyPrint, the same page, tagged, documents/s"
RSA = "RSA-2048, seals/s"
PORTAL = Portal(
    name="Koetspoort",
    insurer="Koetspoort Verzekeringen N.V.",
    brand="#0b5d5b",
    logo="ui/logos/koetspoort.svg",
    desk_name="Service & Acceptatie",
    desk_phone="038 000 00 00",
    desk_email="acceptatie@koetspoort.example",
    desk_week="Mo-Fr 08:00-17:30",
)
BODY: dict[str, Any] = {
    "kind": "Ontvangstbewijs",
    "at": "12 maart 2026, 11:42",
    "plate": "GHK-12-L",
    "facts": [
        ["Voertuig", "Volvo EX30"],
        ["Meldcode", "0413"],
        ["Dekking", "Volledig casco"],
        ["Vestiging", "Zwolle"],
        ["Polis", "Handelsvoorraad 40.118.220"],
        ["Bedrijf", "Garage De Brug"],
    ],
    "personal": "Personen worden hier niet genoemd.",
}


def paper(kind: str, body: Mapping[str, Any], *, title: str = "Ontvangstbewijs 2026-000123") -> Document:
    """A document without a row."""
    return Document(
        kind=kind,
        language="nl",
        title=title,
        number="2026-000123",
        made_at=datetime(2026, 3, 12, 11, tzinfo=UTC),
        snapshot={**house.frame(PORTAL, "nl"), "body": body},
    )


def receipt(number: int) -> Document:
    return paper(RECEIPT, BODY | {"headline": f"GHK-12-L is verzekerd vanaf 12 maart 2026 ({number})"})


@dataclass(slots=True)
class Drawing:
    """Single documents, archival and tagged, not sealed; each another one. `html` says the same to WeasyPrint."""

    name: str
    made: Callable[[int], Document]
    html: Callable[[Document], str]
    pages: int = 1
    _numbers: Iterator[int] = field(default_factory=count)

    def figures(self, stage: Stage) -> Iterator[Figure]:
        # Past its native libraries nothing is imported before it is wanted.
        import weasyprint

        for talkative in ("weasyprint", "weasyprint.progress", "fontTools"):
            logging.getLogger(talkative).setLevel(logging.ERROR)

        first = self.made(next(self._numbers))
        check(_is_tagged(drawing.draw([first]), self.pages), "ours is tagged")
        check(
            _is_tagged(weasyprint.HTML(string=self.html(first)).write_pdf(pdf_tags=True) or b"", self.pages),
            "theirs is tagged, and as long",
        )

        def ours() -> None:
            drawing.draw([self.made(next(self._numbers))])

        def theirs() -> None:
            weasyprint.HTML(string=self.html(self.made(next(self._numbers)))).write_pdf(pdf_tags=True)

        drawn, theirs_drawn = in_turns(ours, theirs, rounds=stage.sizes.rounds, times=10)
        yield Figure(self.name, drawn.rate, "documents/s", WEASYPRINT, drawn.rate / theirs_drawn.rate, drawn.n)


def receipt_as_html(document: Document) -> str:
    """As plain as it goes: head, title, facts, foot; the same words and type."""
    body, of = document.snapshot["body"], document.snapshot["house"]
    facts = "".join(f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in body["facts"])
    fonts = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url(file://{drawing.FONTS}/{file}) }}"
        for weight, file in ((400, "Inter-Regular.otf"), (600, "Inter-SemiBold.otf"))
    )
    return (
        f"<html lang=nl><head><title>{escape(document.title)}</title><style>{fonts}"
        "@page { size: A4; margin: 25mm 20mm; @bottom-right { content: counter(page) ' / ' counter(pages) } }"
        "svg { width: 28pt; height: 28pt }"
        " body { font: 9.5pt Inter } h1 { font-size: 20pt } td, th { border-bottom: .5pt solid #ccc; padding: 4pt 0;"
        " text-align: left; font-weight: 400; width: 40% } table { width: 100%; border-collapse: collapse }</style>"
        f"</head><body><p>{of['logo']} {escape(of['portal'])} {escape(of['insurer'])}</p>"
        f"<p>{escape(body['kind'])} {document.number} {escape(body['at'])}</p><h1>{escape(body['headline'])}</h1>"
        f"<p>{body['plate']}</p><table>{facts}</table><p>{escape(body['personal'])}</p></body></html>"
    )


def _is_tagged(content: bytes, pages: int = 1) -> bool:
    with pikepdf.open(BytesIO(content)) as opened:
        return "/StructTreeRoot" in opened.Root and len(opened.pages) == pages


def sealed(stage: Stage) -> Iterator[Figure]:
    """With keys that are held, in seconds of the processor: one thread, so a second of it is a core's."""
    content = drawing.draw([receipt(0)])
    sealers = [
        _sealer(ec.generate_private_key(ec.SECP256R1())),
        *(_sealer(rsa.generate_private_key(65537, bits)) for bits in (2048, 3072)),
    ]
    for sealer in sealers:
        (found,) = PdfFileReader(BytesIO(sealer.seal(content))).embedded_signatures
        found.compute_integrity_info()
        check(found.coverage.name == "ENTIRE_FILE", "the seal covers the whole file")
    times = 10
    rates = {each: [] for each in range(len(sealers))}  # type: dict[int, list[float]]
    for _round in range(stage.sizes.rounds):
        for place, sealer in enumerate(sealers):
            started = time.process_time()
            for _turn in range(times):
                sealer.seal(content)
            rates[place].append(times / (time.process_time() - started))
    curve, rsa_2048, rsa_3072 = (sorted(found)[len(found) // 2] for found in rates.values())
    n = times * stage.sizes.rounds
    yield Figure("documents.seal", curve, "seals/s", RSA, curve / rsa_2048, n)
    yield Figure("documents.seal.3072", curve, "seals/s", "RSA-3072, seals/s", curve / rsa_3072, n)


def _sealer(key: PrivateKey) -> Sealer:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Koetspoort")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now.replace(year=now.year + 1))
    certificate = made.add_extension(SEALS, critical=True).sign(key, hashes.SHA256())
    encoded = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(encoded),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    return Sealer(0, signer, "Koetspoort Verzekeringen N.V.")


RECEIPTS = Drawing("documents.pdf", receipt, receipt_as_html)

ALL = (
    Benchmark(("documents.seal", "documents.seal.3072"), sealed),
    Benchmark(("documents.pdf",), RECEIPTS.figures),
)
