from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from remise.accounts import codes
from remise.accounts.adapters import MFAAdapter
from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of

# RFC 6238, appendix B, of which an app shows the last six digits: the secret is the ASCII "12345678901234567890".
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.fixture
def coupled(visitor: Visitor) -> Visitor:
    """Past the password, in front of the second step."""
    visitor.email = world.account(password=PASSWORD, coupled=True).email
    assert visitor.sign_in(visitor.email)["Location"] == reverse("mfa_authenticate")
    return visitor


def authenticators(visitor: Visitor) -> dict[str, Authenticator]:
    found = Authenticator.objects.using(world.OWNER).filter(user__email=visitor.email)
    return {authenticator.type: authenticator for authenticator in found}


@pytest.mark.parametrize(("moment", "code"), RFC_CODES)
def test_f053_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    with time_machine.travel(moment, tick=False):
        assert codes.period_of(RFC_SECRET, code) == moment // 30
        assert codes.period_of(RFC_SECRET, f"{code[:3]} {code[3:]}") == moment // 30


def test_f053_page_has_a_picture_and_the_key_to_type(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD).email)
    page = visitor.get("mfa_activate_totp").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = visitor.secret_on_page()
    assert " ".join(secret[i : i + 4] for i in range(0, 32, 4)) in page
    assert secret == visitor.secret_on_page()  # looking again does not spoil what was scanned


def test_f054_app_learns_portal_address_and_secret_only() -> None:
    portal, account = world.portal(), world.account()
    request = RequestFactory().get("/")
    request.portal = portal  # type: ignore[attr-defined]
    with request_context(request):
        url = urlsplit(MFAAdapter().build_totp_url(account, world.SECRET))
    assert (url.scheme, url.netloc, unquote(url.path)) == ("otpauth", "totp", f"/{account.email}")
    assert parse_qs(url.query) == {"secret": [world.SECRET], "issuer": ["Koetspoort"]}


def test_right_code_gives_two_factors(coupled: Visitor) -> None:
    assert coupled.post("mfa_authenticate", code=code_of())["Location"] == "/"
    assert coupled.assurance() is Assurance.TWO_FACTORS


def test_f055_code_outside_its_window_is_refused(coupled: Visitor) -> None:
    with time_machine.travel(timezone.localtime(), tick=False):
        for periods in (-2, 2):
            assert coupled.post("mfa_authenticate", code=code_of(periods=periods)).status_code == 200
        assert coupled.post("mfa_authenticate", code=code_of(periods=-1)).status_code == 302


@pytest.mark.parametrize("later", [0, 20, 31, 50])
def test_f055_code_is_refused_the_second_time(coupled: Visitor, later: int) -> None:
    """Also after the half minute for which the library itself remembers it."""
    start = timezone.localtime().replace(second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        code = code_of(periods=1)
        assert coupled.post("mfa_authenticate", code=code).status_code == 302
    with time_machine.travel(start + timedelta(seconds=later), tick=False):
        thief = Visitor(coupled.portal, coupled.mailbox)
        thief.sign_in(coupled.email)
        page = thief.post("mfa_authenticate", code=code)
        assert page.status_code == 200
        assert "was used already" in page.content.decode()


def test_f055_code_that_coupled_the_app_opens_nothing_more(visitor: Visitor) -> None:
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    secret = visitor.couple()
    thief = Visitor(visitor.portal, visitor.mailbox)
    thief.sign_in(visitor.email)
    assert thief.post("mfa_authenticate", code=visitor.used).status_code == 200
    assert thief.post("mfa_authenticate", code=code_of(secret, periods=1)).status_code == 302


def test_f056_f057_new_phone_takes_the_place_of_the_old_one(coupled: Visitor) -> None:
    coupled.post("mfa_authenticate", code=code_of())
    elsewhere = Visitor(coupled.portal, coupled.mailbox)
    elsewhere.sign_in(coupled.email)
    elsewhere.post("mfa_authenticate", code=code_of(periods=1))
    assert elsewhere.assurance() is Assurance.TWO_FACTORS
    coupled.mailbox.reset()

    secret = coupled.couple()

    assert coupled.assurance() is Assurance.TWO_FACTORS
    assert elsewhere.assurance() is Assurance.ONE_FACTOR  # what the old phone proved counts no more
    assert elsewhere.client.get("/")["Location"] == reverse("mfa_reauthenticate")
    assert sorted(authenticators(coupled)) == ["recovery_codes", "totp"]
    assert coupled.mailbox.newest(coupled.email)["Subject"] == "An authenticator app was coupled to Koetspoort"
    late = Visitor(coupled.portal, coupled.mailbox)
    late.sign_in(coupled.email)
    with time_machine.travel(timezone.localtime() + timedelta(minutes=2), tick=False):
        assert late.post("mfa_authenticate", code=code_of(world.SECRET)).status_code == 200
        assert late.post("mfa_authenticate", code=code_of(secret)).status_code == 302


def test_wrong_code_couples_nothing(visitor: Visitor) -> None:
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    visitor.secret_on_page()
    assert visitor.post("mfa_activate_totp", code="000000").status_code == 200
    assert authenticators(visitor) == {}
    assert visitor.assurance() is Assurance.ONE_FACTOR


def test_secrets_are_stored_encrypted(visitor: Visitor) -> None:
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    secret = visitor.couple()
    stored = authenticators(visitor)
    assert secret not in str(stored["totp"].data)
    assert MFAAdapter().decrypt(stored["totp"].data["secret"]) == secret
    assert stored["recovery_codes"].data["seed"].startswith("gAAAA")


def test_recovery_code_works_once(visitor: Visitor) -> None:
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    visitor.couple()
    code = visitor.recovery_codes()[3]

    lost_phone = Visitor(visitor.portal, visitor.mailbox)
    lost_phone.sign_in(visitor.email)
    assert lost_phone.post("mfa_authenticate", query="?recovery=1", code=code)["Location"] == "/"
    assert lost_phone.assurance() is Assurance.TWO_FACTORS
    assert code.replace(" ", "") not in "".join(lost_phone.recovery_codes()).replace(" ", "")

    thief = Visitor(visitor.portal, visitor.mailbox)
    thief.sign_in(visitor.email)
    assert thief.post("mfa_authenticate", query="?recovery=1", code=code).status_code == 200


def test_new_recovery_codes_replace_the_old_ones(visitor: Visitor) -> None:
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    visitor.couple()
    old = visitor.recovery_codes()
    assert visitor.post("mfa_generate_recovery_codes")["Location"] == reverse("mfa_view_recovery_codes")
    assert not set(old) & set(visitor.recovery_codes())
    assert visitor.assurance() is Assurance.TWO_FACTORS
    file = visitor.get("mfa_download_recovery_codes")
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in file.content.decode() for code in visitor.recovery_codes())


def test_app_taken_away_puts_every_session_back_to_one_factor(coupled: Visitor) -> None:
    coupled.post("mfa_authenticate", code=code_of())
    assert coupled.post("mfa_deactivate_totp")["Location"] == reverse("mfa_activate_totp")
    assert authenticators(coupled) == {}
    assert coupled.assurance() is Assurance.ONE_FACTOR
    assert coupled.get("mfa_index")["Location"] == f"{reverse('mfa_activate_totp')}?next=%2Faccount%2Fsecurity%2F"
    assert coupled.mailbox.newest(coupled.email)["Subject"] == "Your authenticator app was removed from Koetspoort"


def test_fresh_proof_is_asked_again_after_five_minutes(coupled: Visitor) -> None:
    coupled.post("mfa_authenticate", code=code_of())
    with time_machine.travel(timezone.localtime() + timedelta(minutes=6), tick=False):
        path = reverse("mfa_view_recovery_codes")
        # Set-up coupled an app without them.
        assert coupled.client.get(path)["Location"] == reverse("mfa_generate_recovery_codes")
        asked = coupled.client.get(reverse("mfa_generate_recovery_codes"))["Location"]
        assert asked == f"{reverse('account_reauthenticate')}?next=%2Faccount%2Frecovery-codes%2Fnew%2F"
        assert coupled.client.post(asked, {"password": "not mine at all"}).status_code == 200
        answer = coupled.client.post(asked, {"password": PASSWORD})
        assert answer["Location"] == reverse("mfa_generate_recovery_codes")
        assert coupled.get("mfa_generate_recovery_codes").status_code == 200


def test_session_from_before_coupling_proves_itself_by_a_code(visitor: Visitor) -> None:
    """Somebody signed in with the password when there was no app yet: it may not see the codes or replace the app."""
    email = world.account(password=PASSWORD).email
    visitor.sign_in(email)
    earlier = Visitor(visitor.portal, visitor.mailbox)
    earlier.sign_in(email)
    secret = visitor.couple()
    for name in ("mfa_view_recovery_codes", "mfa_deactivate_totp", "mfa_index", "mfa_activate_totp"):
        assert earlier.get(name)["Location"].startswith(reverse("mfa_reauthenticate")), name
    answer = earlier.post("mfa_reauthenticate", query="?next=/account/security/", code=code_of(secret, periods=1))
    assert answer["Location"] == reverse("mfa_index")
    assert earlier.assurance() is Assurance.TWO_FACTORS
