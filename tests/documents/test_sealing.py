"""The seal: over the whole file, by the portal's own key, and still telling after the key was replaced."""

import datetime as dt
from io import BytesIO
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from remise.core.actor import system
from remise.core.errors import Forbidden
from remise.core.keys import cipher
from remise.core.models import Event
from remise.core.scope import enter
from remise.documents import seal_keys
from remise.documents.models import SealKey
from remise.documents.sealing import SealExpiredError
from remise.fleet.rights import FleetRight
from remise.portals.models import Portal
from tests import world
from tests.documents.papers import as_system, made, sealed, sealing_key, seals, stored
from tests.races import at_once
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
        seal_keys.rotate(by=seal_keys.keeper(garage.portal))
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
        brought = seal_keys.bring(by=seal_keys.keeper(garage.portal), key=pem(key), certificates=chain)
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
        seal_keys.bring(by=seal_keys.keeper(garage.portal), key=given, certificates=of)
    assert not SealKey.objects.using(OWNER).filter(portal=garage.portal).exists()


def brought(garage: Garage, *, days: int) -> SealKey:
    """A certificate that ends in so many days, stored as it was when it was valid."""
    key = ec.generate_private_key(ec.SECP256R1())
    of = certificate(key, days=days)
    opened = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SealKey.objects.using(OWNER).create(
        portal=garage.portal,
        origin=SealKey.Origin.BROUGHT,
        certificate=shown(of).decode(),
        private_key=cipher().encrypt(opened).decode(),
        fingerprint=of.fingerprint(hashes.SHA256()).hex(),
    )


# --- its end, its name, and what is written down of it


def test_expired_certificate_seals_nothing(garage: Garage, caplog: pytest.LogCaptureFixture) -> None:
    expired, document = brought(garage, days=-1), made(garage)
    with pytest.raises(SealExpiredError):
        sealed(garage, document)
    assert not stored(document).is_drawn
    assert expired.fingerprint in caplog.text
    with enter(as_system(garage)):
        seal_keys.rotate(by=seal_keys.keeper(garage.portal))
    (seal,) = seals(sealed(garage, document), sealing_key(garage))
    assert seal.bottom_line


def test_expired_certificate_lets_what_it_sealed_be_read(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    document = made(garage)
    content = sealed(garage, document)
    later = SimpleNamespace(now=lambda: timezone.now() + seal_keys.VALID)
    monkeypatch.setattr("remise.documents.sealing.timezone", later)
    with pytest.raises(SealExpiredError):
        sealed(garage)
    assert sealed(garage, stored(document)) == content


def test_seal_is_in_the_insurers_name_of_now(garage: Garage) -> None:
    for name in ("Koetspoort Verzekeringen N.V.", "Koetspoort Schade N.V."):
        Portal.objects.using(OWNER).filter(id=garage.portal.id).update(insurer=name)
        (found,) = PdfFileReader(BytesIO(sealed(garage))).embedded_signatures
        assert found.sig_object["/Name"] == name


def test_keys_are_written_down_by_their_fingerprint_alone(garage: Garage) -> None:
    sealed(garage)
    first, by = sealing_key(garage), seal_keys.keeper(garage.portal)
    with enter(by.scope):
        seal_keys.rotate(by=by)
    told = Event.objects.using(OWNER).filter(portal=garage.portal.id, kind__startswith="seal_key").order_by("id")
    assert [(one.kind, one.by_system, one.via, one.before, one.after) for one in told] == [
        ("seal_key.made", "", "page", None, {"fingerprint": first.fingerprint}),
        (
            "seal_key.replaced",
            "seal_key",
            "command",
            {"fingerprint": first.fingerprint},
            {"fingerprint": sealing_key(garage).fingerprint},
        ),
    ]


def test_nobody_but_the_keeper_replaces_a_key(garage: Garage) -> None:
    sealed(garage)
    key = ec.generate_private_key(ec.SECP256R1())
    others = (garage.actor(*FleetRight), system(portal=garage.portal.id, name="documents.draw"))
    for by in others:
        with pytest.raises(Forbidden), enter(by.scope):
            seal_keys.rotate(by=by)
        with pytest.raises(Forbidden), enter(by.scope):
            seal_keys.bring(by=by, key=pem(key), certificates=shown(certificate(key)))
    assert SealKey.objects.using(OWNER).filter(portal=garage.portal).count() == 1


def test_two_who_replace_a_key_at_once_leave_one_that_seals(garage: Garage) -> None:
    sealed(garage)
    by = seal_keys.keeper(garage.portal)

    def rotate() -> int:
        with enter(by.scope):
            return seal_keys.rotate(by=by).id

    at_once(*[rotate] * 3)
    assert SealKey.objects.using(OWNER).filter(portal=garage.portal, retired_at=None).count() == 1
    assert seals(sealed(garage), sealing_key(garage))[0].bottom_line


# --- the command


@pytest.mark.parametrize(("days", "said"), [(30, "ENDS IN 29 DAYS"), (-1, "EXPIRED"), (90, "seals")])
def test_command_warns_ahead_of_the_end(
    garage: Garage, days: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    brought(garage, days=days)
    call_command("seal_key", "list", garage.portal.slug)
    told = capsys.readouterr().out
    assert said in told
    assert ("replace it" in told) is (days < 90)


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
