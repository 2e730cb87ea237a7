"""A portal's sealing keys: issued here, brought by the insurer, replaced. One of them seals at any time; the others
stay, for what they sealed is still read."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import RIGHTS_OF_JOBS, Actor, system
from remise.core.errors import BrokenRule
from remise.core.keeping import require_keeper
from remise.core.keys import cipher
from remise.core.rights import Right
from remise.documents.models import SealKey
from remise.documents.rights import SealRight
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


# Who keeps the keys: whoever may run commands on the machine, and nobody through a page.
KEEPER = "seal_key"
RIGHTS_OF_JOBS[KEEPER] = frozenset[Right]({SealRight.KEEP})


def keeper(portal: Portal) -> Actor:
    return system(portal=portal.id, name=KEEPER, clock_offset=portal.clock_offset, via="command")


class UnfitKey(BrokenRule):
    code = "unfit_key"


@transaction.atomic
def issue_first(*, by: Actor) -> SealKey:
    """A key of our own where the portal has none; else the one that seals. Asks for no right: whoever is the first to
    read a document has it made, and the wall lets nobody replace one. Two at once get the same."""
    known = SealKey.objects.filter(portal=by.in_portal, retired_at=None).first()
    return known or _own(by)


@transaction.atomic
def bring(*, by: Actor, key: bytes, certificates: bytes, password: bytes | None = None) -> SealKey:
    """Seal with this key from now on; PEM, the certificate first and then who issued it. Raises UnfitKey."""
    require_keeper(by, SealRight.KEEP)
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
    return _keep(by, SealKey.Origin.BROUGHT, private, own, chain, retired=_retire(by))


@transaction.atomic
def rotate(*, by: Actor) -> SealKey:
    """A new key of our own from now on."""
    require_keeper(by, SealRight.KEEP)
    return _own(by, retired=_retire(by))


def _own(by: Actor, *, retired: SealKey | None = None) -> SealKey:
    """On the curve P-256: a seal takes a third of the time of RSA."""
    made = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(Portal.objects.get(id=by.in_portal), made)
    return _keep(by, SealKey.Origin.OWN, made, certificate, [], retired=retired)


def _signs(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.content_commitment or usage.digital_signature):
        raise UnfitKey(_("The certificate is not meant for signing."))


def _keep(
    by: Actor,
    origin: SealKey.Origin,
    key: PrivateKey,
    certificate: x509.Certificate,
    chain: list[x509.Certificate],
    *,
    retired: SealKey | None,
) -> SealKey:
    held = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made = SealKey(
        portal_id=by.in_portal,
        origin=origin,
        certificate=_pem(certificate),
        chain="".join(_pem(each) for each in chain),
        private_key=cipher().encrypt(held).decode(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        made_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        if origin is SealKey.Origin.BROUGHT:
            raise
        return SealKey.objects.get(portal=by.in_portal, retired_at=None)
    events.record(
        "seal_key.replaced" if retired else "seal_key.made",
        by=by,
        subject=("seal_key", made.id),
        before={"fingerprint": retired.fingerprint} if retired else None,
        after={"fingerprint": made.fingerprint},
    )
    return made


def _retire(by: Actor) -> SealKey | None:
    """The one that sealed until now, if any: held first, so that two who replace it do so one after the other."""
    key = SealKey.objects.filter(portal=by.in_portal, retired_at=None).select_for_update(no_key=True).first()
    if key is not None:
        key.retired_at = timezone.now()
        key.save(update_fields=["retired_at"])
    return key


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
