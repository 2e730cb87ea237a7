"""The seal: a PAdES signature (ETSI EN 319 142-1, baseline B) of the portal over the whole file. It allows no change
after it; what is added later, any reader of PDF files shows.

Keys are per portal and stored encrypted. Where an insurer brings none, the installation issues one itself: that shows
whether a file was changed, and to whom the key belongs only says the installation (docs/sealing.md).
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import structlog
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from remise.core.actor import Actor
from remise.core.keys import cipher
from remise.documents.models import SealKey
from remise.documents.seal_keys import issue_first

FIELD = "Seal"
# Outside of the page: one without a place on it needs none in the order of reading (ISO 14289-1, 7.18.1).
UNSEEN = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


log = structlog.get_logger("remise.seal")


class SealExpiredError(Exception):
    """The certificate of the key that seals has ended: replace it (docs/sealing.md). Nothing is sealed with it, for a
    reader would call such a file untrustworthy for ever."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """The key that seals, and in whose name."""

    number: int  # of the SealKey
    signer: SimpleSigner
    insurer: str

    def seal(self, pdf: bytes) -> bytes:
        meta = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=self.insurer,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        field = SigFieldSpec(FIELD, invis_sig_settings=UNSEEN, readable_field_name=self.insurer)
        sealed = BytesIO()
        PdfSigner(meta, self.signer, new_field_spec=field).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)), output=sealed, bytes_reserved=self._room()
        )
        return sealed.getvalue()

    def _room(self) -> int:
        """For the signature and its certificates, in hexadecimal digits. Left to itself the library signs twice, the
        first time to see how much it needs; two kilobytes besides the certificates hold any key that is let in."""
        certificates = [self.signer.signing_cert, *self.signer.cert_registry]
        return 2 * (sum(len(each.dump()) for each in certificates) + 2048)


def sealer(by: Actor) -> Sealer:
    """That of the key which seals now; where the portal has none, one is issued. Raises SealExpiredError."""
    seals = SealKey.objects.filter(portal=by.in_portal, retired_at=None).values_list("id", "portal__insurer")
    found = seals.first()
    if found is None:
        issue_first(by=by)
        found = seals.get()
    number, insurer = found
    signer = _signer(by.in_portal, number)
    certificate = signer.signing_cert
    assert certificate is not None
    until = certificate.not_valid_after
    if timezone.now() >= until:
        fingerprint = certificate.sha256.hex()
        log.error("seal key expired", portal=by.portal, fingerprint=fingerprint, until=until.isoformat())
        raise SealExpiredError(f"{fingerprint} ended on {until:%Y-%m-%d}")
    return Sealer(number, signer, insurer)


@lru_cache(maxsize=64)
def _signer(portal: int, number: int) -> SimpleSigner:
    """Read and decrypted once: that takes longer than to seal. Kept by its number: a row never changes but for being
    retired, and then it is not asked for any more."""
    key = SealKey.objects.get(id=number, portal=portal)
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register_multiple(_certificates(key.chain))
    return SimpleSigner(
        signing_cert=_certificates(key.certificate)[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(cipher().decrypt(key.private_key)),
        cert_registry=chain,
    )


def _certificates(text: str) -> list[asn1_x509.Certificate]:
    if not text:
        return []
    return [
        asn1_x509.Certificate.load(content) for _kind, _headers, content in pem.unarmor(text.encode(), multiple=True)
    ]
