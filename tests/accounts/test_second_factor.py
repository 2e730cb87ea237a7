import re
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, identify_hasher
from django.db import connections
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from remise.accounts import codes, recovery_codes
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


def test_secret_of_the_app_is_stored_encrypted(visitor: Visitor) -> None:
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    secret = visitor.couple()
    kept = authenticators(visitor)["totp"].data
    assert secret not in str(kept)
    assert MFAAdapter().decrypt(kept["secret"]) == secret


@pytest.fixture
def listed(visitor: Visitor) -> Visitor:
    """Signed in, with an app and the ten codes that came with it."""
    visitor.email = world.account(password=PASSWORD).email
    visitor.sign_in(visitor.email)
    visitor.couple()
    return visitor


def recover(at: Visitor, code: str, *, email: str = "") -> Visitor:
    """Another browser, with the password and this code."""
    other = Visitor(at.portal, at.mailbox)
    other.sign_in(email or at.email)
    other.post("mfa_authenticate", query="?recovery=1", code=code)
    return other


def test_recovery_codes_are_kept_as_passwords_are(listed: Visitor) -> None:
    """Each by a hash with a salt of its own, and that enciphered: neither the keys nor the rows alone are enough."""
    kept = authenticators(listed)["recovery_codes"].data["codes"]
    assert len(kept) == 10
    assert all(stored.startswith("gAAAA") for stored in kept.values())
    hashes = [MFAAdapter().decrypt(stored) for stored in kept.values()]
    assert {identify_hasher(one).algorithm for one in hashes} == {"argon2"}
    assert len({identify_hasher(one).decode(one)["salt"] for one in hashes}) == 10
    typed = [code.replace(" ", "") for code in listed.codes]
    assert [check_password(code, one) for code, one in zip(typed, hashes, strict=True)] == [True] * 10
    assert not [code for code in typed if code in str(kept) + str(hashes)]


def test_recovery_codes_are_shown_when_they_are_made_and_never_again(listed: Visitor) -> None:
    made = listed.coupled.content.decode()
    assert len(set(listed.codes)) == 10
    assert "no-store" in listed.coupled["Cache-Control"]
    found = re.search(r'href="data:text/plain;charset=utf-8;base64,([^"]+)"\s+download="recovery-codes.txt"', made)
    assert found, made
    file = b64decode(unescape(found[1])).decode()
    assert [code for code in listed.codes if code not in file] == []
    assert listed.get("mfa_view_recovery_codes")["Location"] == reverse("mfa_generate_recovery_codes")
    for name in ("mfa_index", "mfa_generate_recovery_codes"):
        page = listed.get(name).content.decode()
        assert [code for code in listed.codes if code in page or code.replace(" ", "") in page] == []


def test_recovery_code_works_once(listed: Visitor) -> None:
    code = listed.codes[3]
    assert recover(listed, code).assurance() is Assurance.TWO_FACTORS
    assert "9 of 10 left" in listed.get("mfa_index").content.decode()
    assert recover(listed, code).assurance() is Assurance.NONE
    assert recover(listed, listed.codes[4].replace(" ", "-")).assurance() is Assurance.TWO_FACTORS


def test_wrong_recovery_code_does_not_send_to_the_app(listed: Visitor) -> None:
    other = Visitor(listed.portal, listed.mailbox)
    other.sign_in(listed.email)
    said = other.post("mfa_authenticate", query="?recovery=1", code="12345678").content.decode()
    assert "Type another one from the list" in said
    assert "your app shows now" not in said


def test_recovery_code_tried_twice_at_once_works_once(listed: Visitor) -> None:
    doors = [Visitor(listed.portal, listed.mailbox) for _ in range(2)]
    for door in doors:
        door.sign_in(listed.email)

    def recover_at(door: Visitor) -> int:
        try:
            return int(door.post("mfa_authenticate", query="?recovery=1", code=listed.codes[0]).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(recover_at, doors)) == [200, 302]


def test_recovery_code_of_somebody_else_opens_nothing(listed: Visitor) -> None:
    other = world.account(password=PASSWORD).email
    visitor = Visitor(listed.portal, listed.mailbox)
    visitor.sign_in(other)
    visitor.couple()
    assert recover(listed, listed.codes[0], email=other).assurance() is Assurance.NONE


@pytest.mark.parametrize("typed", ["", "0", "00000000", "٠١٢٣٤٥٦٧", "1234567", "123456789", "a1234567"])
def test_what_is_no_recovery_code_opens_nothing(listed: Visitor, typed: str) -> None:
    assert recover(listed, typed).assurance() is Assurance.NONE


def test_attempt_costs_one_hash(listed: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the list is; of what looks like no code none."""
    spent: list[str] = []

    def counted(typed: str, stored: str) -> bool:
        spent.append(typed)
        return check_password(typed, stored)

    monkeypatch.setattr(recovery_codes, "check_password", counted)
    recover(listed, "123456")
    recover(listed, f"{listed.codes[9][0]}0000000")
    recover(listed, listed.codes[9])
    assert len(spent) == 2


def test_new_recovery_codes_replace_the_old_ones(listed: Visitor) -> None:
    old = listed.codes
    assert "The old ones no longer work." in listed.new_codes().content.decode()
    assert len(set(listed.codes) - set(old)) == 10
    assert listed.assurance() is Assurance.TWO_FACTORS
    assert recover(listed, old[0]).assurance() is Assurance.NONE
    assert recover(listed, listed.codes[0]).assurance() is Assurance.TWO_FACTORS


def test_new_phone_leaves_the_recovery_codes_as_they_are(listed: Visitor) -> None:
    kept = listed.codes
    with time_machine.travel(timezone.localtime() + timedelta(minutes=2), tick=False):
        listed.couple()
        assert (listed.codes, listed.get("mfa_index").status_code) == ([], 200)
        assert recover(listed, kept[0]).assurance() is Assurance.TWO_FACTORS


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
    for name in (
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_index",
        "mfa_activate_totp",
    ):
        assert earlier.get(name)["Location"].startswith(reverse("mfa_reauthenticate")), name
    answer = earlier.post("mfa_reauthenticate", query="?next=/account/security/", code=code_of(secret, periods=1))
    assert answer["Location"] == reverse("mfa_index")
    assert earlier.assurance() is Assurance.TWO_FACTORS
