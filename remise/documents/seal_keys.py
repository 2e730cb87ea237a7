"""A portal's sealing keys: issued here, brought by the insurer, replaced. One of them seals at any time; the others
stay, for what they sealed is still read."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core.errors import DomainError
from remise.core.keys import cipher
from remise.documents.models import SealKey
from remise.portals.models import Portal

type PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

VALID = timedelta(days=3653)  # ten years
SMALLEST_RSA = 2048  # ETSI TS 119 312 asks 3072 of new ones
# What a certificate for seals is for (ETSI EN 319 412-2, 4.3.2: content commitment).
SEALS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


class UnfitKey(DomainError):
    code = "unfit_key"


def issue(portal: Portal) -> SealKey:
    """A key of our own, on the curve P-256: a seal takes a third of the time of RSA. Two who issue the first one at
    once get the same."""
    made = ec.generate_private_key(ec.SECP256R1())
    return _keep(portal, SealKey.Origin.OWN, made, _self_signed(portal, made), [])


def bring(portal: Portal, *, key: bytes, certificates: bytes, password: bytes | None = None) -> SealKey:
    """Seal with this key from now on; PEM, the certificate first and then who issued it. Raises UnfitKey."""
    try:
        private = serialization.load_pem_private_key(key, password)
        own, *chain = x509.load_pem_x509_certificates(certificates)
    except (ValueError, TypeError) as error:
        raise UnfitKey(_("The key or the certificate cannot be read. Both are PEM.")) from error
    if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnfitKey(_("The key must be one of an elliptic curve, or RSA."))
    if private.key_size < SMALLEST_RSA and isinstance(private, rsa.RSAPrivateKey):
        raise UnfitKey(_("The key is too short: RSA needs 2048 bits or more."))
    if own.public_key() != private.public_key():
        raise UnfitKey(_("The certificate is of another key."))
    if not own.not_valid_before_utc <= datetime.now(UTC) < own.not_valid_after_utc:
        raise UnfitKey(_("The certificate is not valid today."))
    _signs(own)
    return _keep(portal, SealKey.Origin.BROUGHT, private, own, chain)


@transaction.atomic
def rotate(portal: Portal) -> SealKey:
    """A new key of our own from now on."""
    _retire(portal)
    return issue(portal)


def _signs(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.content_commitment or usage.digital_signature):
        raise UnfitKey(_("The certificate is not meant for signing."))


def _keep(
    portal: Portal,
    origin: SealKey.Origin,
    key: PrivateKey,
    certificate: x509.Certificate,
    chain: list[x509.Certificate],
) -> SealKey:
    held = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made = SealKey(
        portal_id=portal.id,
        origin=origin,
        certificate=_pem(certificate),
        chain="".join(_pem(each) for each in chain),
        private_key=cipher().encrypt(held).decode(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        made_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            if origin is SealKey.Origin.BROUGHT:
                _retire(portal)
            made.save()
    except IntegrityError:
        if origin is SealKey.Origin.BROUGHT:
            raise
        return SealKey.objects.get(portal=portal.id, retired_at=None)
    return made


def _retire(portal: Portal) -> None:
    SealKey.objects.filter(portal=portal.id, retired_at=None).update(retired_at=timezone.now())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _self_signed(portal: Portal, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, portal.insurer[:64]),  # RFC 5280, appendix A
            x509.NameAttribute(x509.NameOID.COMMON_NAME, portal.name[:64]),
        ]
    )
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(SEALS, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
