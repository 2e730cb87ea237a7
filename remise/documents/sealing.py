"""The seal: a PAdES signature (ETSI EN 319 142-1, baseline B) of the portal over the whole file. It allows no change
after it; what is added later, any reader of PDF files shows.

Keys are per portal and stored encrypted. Where an insurer brings none, the installation issues one itself: that shows
whether a file was changed, and to whom the key belongs only says the installation (docs/sealing.md).
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Self

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from remise.core.keys import cipher
from remise.documents.models import SealKey
from remise.documents.seal_keys import issue
from remise.portals.models import Portal

FIELD = "Seal"
# Outside of the page: one without a place on it needs none in the order of reading (ISO 14289-1, 7.18.1).
UNSEEN = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


@dataclass(frozen=True, slots=True)
class Sealer:
    """A key, read and decrypted once: that takes longer than to seal."""

    number: int  # of the SealKey
    signer: SimpleSigner
    insurer: str

    @classmethod
    def of(cls, key: SealKey, insurer: str) -> Self:
        opened = cipher().decrypt(key.private_key)
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        chain.register_multiple(_certificates(key.chain))
        signer = SimpleSigner(
            signing_cert=_certificates(key.certificate)[0],
            signing_key=asn1_keys.PrivateKeyInfo.load(opened),
            cert_registry=chain,
        )
        return cls(key.pk, signer, insurer)

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


def sealer(portal: int) -> Sealer:
    """That of the key which seals now; where the portal has none, one is issued."""
    number = SealKey.objects.filter(portal=portal, retired_at=None).values_list("id", flat=True).first()
    if number is None:
        number = issue(Portal.objects.get(id=portal)).id
    return _sealer(portal, number)


@lru_cache(maxsize=64)
def _sealer(portal: int, number: int) -> Sealer:
    """Kept by its number: a row never changes but for being retired, and then it is not asked for any more."""
    key = SealKey.objects.select_related("portal").get(id=number, portal=portal)
    return Sealer.of(key, key.portal.insurer)


def _certificates(text: str) -> list[asn1_x509.Certificate]:
    if not text:
        return []
    return [
        asn1_x509.Certificate.load(content) for _kind, _headers, content in pem.unarmor(text.encode(), multiple=True)
    ]
