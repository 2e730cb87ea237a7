"""The seal: over the whole file, by the portal's own key, and still telling after the key was replaced."""

import datetime as dt
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from remise.core.keys import cipher
from remise.core.scope import enter
from remise.documents import seal_keys
from remise.documents.models import SealKey
from tests import world
from tests.documents.papers import as_system, made, sealed, sealing_key, seals, stored
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def test_seal_covers_the_whole_file(garage: Garage) -> None:
    document = made(garage)
    (seal,) = seals(sealed(garage, document), sealing_key(garage))
    assert seal.bottom_line
    assert seal.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert seal.modification_level == ModificationLevel.NONE
    assert seal.signing_cert.subject.native["organization_name"] == "Koetspoort Verzekeringen N.V."
    assert seal.pkcs7_signature_mechanism == "sha256_ecdsa"
    assert stored(document).seal_id == sealing_key(garage).id


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9, 1.1])
def test_seal_finds_out_a_changed_byte(garage: Garage, place: float) -> None:
    """Before the signature itself, and behind it: the seal is over all but its own place."""
    content = bytearray(sealed(garage))
    _begin, before, after, _rest = PdfFileReader(BytesIO(content)).embedded_signatures[0].byte_range
    content[int(place * before) if place < 1 else after + 1] ^= 1
    try:
        (seal,) = seals(bytes(content), sealing_key(garage))
    except Exception:  # a reader may refuse what it cannot read any more
        return
    assert not seal.intact


def test_seal_finds_out_what_is_added(garage: Garage) -> None:
    content = sealed(garage) + b"\n% more"
    (seal,) = seals(content, sealing_key(garage))
    assert not seal.bottom_line or seal.coverage != SignatureCoverageLevel.ENTIRE_FILE


def test_seal_is_of_the_own_portal_only(garage: Garage) -> None:
    other = world.garage()
    contents = sealed(garage), sealed(other)
    assert sealing_key(garage).fingerprint != sealing_key(other).fingerprint
    (seal,) = seals(contents[0], sealing_key(other))
    assert seal.intact
    assert not seal.trusted
    (seal,) = seals(contents[1], sealing_key(other))
    assert seal.bottom_line


def test_key_of_another_portal_is_not_seen(garage: Garage) -> None:
    sealed(garage)
    with enter(world.garage().actor().scope):
        assert not SealKey.objects.filter(portal=garage.portal).exists()


def test_rotate_seals_anew_and_leaves_the_old_ones_valid(garage: Garage) -> None:
    before, old = sealed(garage), sealing_key(garage)
    with enter(as_system(garage)):
        seal_keys.rotate(garage.portal)
    after, new = sealed(garage), sealing_key(garage)
    assert old.fingerprint != new.fingerprint
    assert seals(before, SealKey.objects.using(OWNER).get(id=old.id))[0].bottom_line
    assert seals(after, new)[0].bottom_line
    assert not seals(after, old)[0].trusted


def test_key_is_stored_encrypted(garage: Garage) -> None:
    sealed(garage)
    key = sealing_key(garage)
    assert "PRIVATE" not in key.private_key
    opened = serialization.load_der_private_key(cipher().decrypt(key.private_key), None)
    assert isinstance(opened, ec.EllipticCurvePrivateKey)
    assert opened.curve.name == "secp256r1"


def test_key_can_only_be_retired(garage: Garage) -> None:
    sealed(garage)
    key = SealKey.objects.using(OWNER).filter(portal=garage.portal)
    with pytest.raises(Exception, match="can only be retired"):
        key.update(certificate="another")


# --- a key that is brought


def pem(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def certificate(
    key: CertificateIssuerPrivateKeyTypes,
    *,
    by: tuple[x509.Certificate, CertificateIssuerPrivateKeyTypes] | None = None,
    days: int = 30,
    authority: bool = False,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Root" if authority else "Verzekeraar N.V.")])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by[0].subject if by else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        builder = builder.add_extension(seal_keys.SEALS, critical=True)
    return builder.sign(by[1] if by else key, hashes.SHA256())


def shown(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


@pytest.mark.parametrize("kind", ["rsa", "p384"])
def test_bring_a_key_of_an_authority(garage: Garage, kind: str) -> None:
    root = ec.generate_private_key(ec.SECP256R1())
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP384R1())
    top = certificate(root, authority=True)
    chain = shown(certificate(key, by=(top, root)), top)
    sealed(garage)  # with one of our own, which is retired
    with enter(as_system(garage)):
        brought = seal_keys.bring(garage.portal, key=pem(key), certificates=chain)
    assert sealing_key(garage).id == brought.id
    trusted = SealKey(certificate=shown(top).decode())
    assert seals(sealed(garage), trusted)[0].bottom_line


@pytest.mark.parametrize("case", ["another", "ended", "short", "curve", "nonsense"])
def test_bring_an_unfit_key_is_refused(garage: Garage, case: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    given, of = pem(key), shown(certificate(key))
    match case:
        case "another":
            given = pem(ec.generate_private_key(ec.SECP256R1()))
        case "ended":
            of = shown(certificate(key, days=-1))
        case "short":
            short = rsa.generate_private_key(65537, 1024)
            given, of = pem(short), shown(certificate(short))
        case "curve":
            from cryptography.hazmat.primitives.asymmetric import ed25519

            edwards = ed25519.Ed25519PrivateKey.generate()
            given = pem(edwards)
        case "nonsense":
            given = b"-----BEGIN NOTHING-----"
    with pytest.raises(seal_keys.UnfitKey), enter(as_system(garage)):
        seal_keys.bring(garage.portal, key=given, certificates=of)
    assert not SealKey.objects.using(OWNER).filter(portal=garage.portal).exists()


# --- the command


def test_command_makes_lists_and_replaces(garage: Garage, capsys: pytest.CaptureFixture[str]) -> None:
    slug = garage.portal.slug
    call_command("seal_key", "new", slug)
    with pytest.raises(CommandError, match="use `rotate`"):
        call_command("seal_key", "new", slug)
    call_command("seal_key", "rotate", slug)
    capsys.readouterr()
    call_command("seal_key", "list", slug)
    told = capsys.readouterr().out.splitlines()
    assert [line.rpartition("  ")[2][:7] for line in told] == ["seals", "retired"]
    call_command("seal_key", "certificate", slug)
    printed = x509.load_pem_x509_certificate(capsys.readouterr().out.encode())
    assert printed.fingerprint(hashes.SHA256()).hex() == told[0].split()[0]
    with pytest.raises(CommandError, match="no portal"):
        call_command("seal_key", "list", "nobody")
