"""A passkey beside the app: what makes one, what it opens, and what opens nothing."""

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remise.accounts import passkeys
from remise.accounts.models import Account
from remise.core.actor import Assurance
from remise.core.models import Event
from tests import world
from tests.accounts.soft_key import SoftKey
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.journeys.server import Mailbox
from tests.world import OWNER


@pytest.fixture
def open_one(visitor: Visitor) -> Visitor:
    """Signed in with both factors."""
    visitor.email = world.account(password=PASSWORD, coupled=True).email
    visitor.sign_in(visitor.email)
    visitor.post("mfa_authenticate", code=code_of())
    return visitor


def options_of(page: HttpResponse) -> dict[str, Any]:
    found = re.search(r'<script id="passkey-options" type="application/json">(.+?)</script>', page.content.decode())
    assert found, page.content.decode()[:2000]
    options: dict[str, Any] = json.loads(found[1])
    return options


def key_of(visitor: Visitor) -> SoftKey:
    return SoftKey(f"https://{visitor.host}")


def add(visitor: Visitor, key: SoftKey, name: str = "Laptop") -> HttpResponse:
    options = options_of(visitor.get("account_add_passkey"))
    return visitor.post("account_add_passkey", name=name, credential=key.make(options))


def test_pages_say_that_passkeys_outlive_the_app(open_one: Visitor) -> None:
    pages = {"mfa_index": "They keep working", "mfa_activate_totp": "Your passkeys keep working"}
    for is_there in (False, True):
        shown = {page: open_one.get(page).content.decode() for page in pages}
        assert [words in shown[page] for page, words in pages.items()] == [is_there, is_there]
        add(open_one, key_of(open_one))


def beside(visitor: Visitor) -> Visitor:
    """The same person at another browser, past the password."""
    other = Visitor(visitor.portal, visitor.mailbox)
    other.sign_in(visitor.email)
    return other


def passkeys_of(visitor: Visitor) -> list[Authenticator]:
    theirs = Authenticator.objects.using(OWNER).filter(user__email=visitor.email)
    return list(theirs.filter(type=passkeys.PASSKEY).order_by("pk"))


def events_of(visitor: Visitor) -> list[str]:
    account = Account.objects.using(OWNER).get(email=visitor.email)
    return list(Event.objects.using(OWNER).filter(account=account.pk).order_by("id").values_list("kind", flat=True))


def test_passkey_takes_the_place_of_the_code(open_one: Visitor, mailbox: Mailbox) -> None:
    key = key_of(open_one)
    assert add(open_one, key)["Location"] == reverse("mfa_index")
    assert "Laptop" in str(mailbox.newest(open_one.email).get_body(("plain",)))
    other = beside(open_one)
    answer = key.use(options_of(other.get("mfa_authenticate")))
    assert other.post("mfa_authenticate", credential=answer)["Location"] == "/"
    assert other.assurance() is Assurance.TWO_FACTORS
    third = beside(open_one)
    third.get("mfa_authenticate")
    assert third.post("mfa_authenticate", credential=answer).status_code == 200  # it answers one challenge
    assert [kind for kind in events_of(open_one) if "passkey" in kind] == ["account.passkey_added"]


def test_open_session_proves_itself_again_with_it(open_one: Visitor) -> None:
    key = key_of(open_one)
    add(open_one, key)
    options = options_of(open_one.get("mfa_reauthenticate"))
    wrong = open_one.post("mfa_reauthenticate_webauthn", credential=key_of(open_one).use(options))
    assert wrong["Location"] == reverse("mfa_reauthenticate")
    options = options_of(open_one.get("mfa_reauthenticate"))
    right = open_one.post("mfa_reauthenticate_webauthn", credential=key.use(options), next="/me/")
    assert right["Location"] == "/me/"


def test_removed_passkey_takes_its_strength_along(open_one: Visitor, mailbox: Mailbox) -> None:
    key = key_of(open_one)
    add(open_one, key)
    other = beside(open_one)
    other.post("mfa_authenticate", credential=key.use(options_of(other.get("mfa_authenticate"))))
    assert other.assurance() is Assurance.TWO_FACTORS
    (mine,) = passkeys_of(open_one)
    open_one.post("account_remove_passkey", mine.pk)
    assert passkeys_of(open_one) == []
    assert other.assurance() is Assurance.ONE_FACTOR
    assert open_one.assurance() is Assurance.TWO_FACTORS  # its code was
    assert "removed" in str(mailbox.newest(open_one.email)["Subject"])


def test_app_taken_away_takes_the_passkeys_along(open_one: Visitor) -> None:
    add(open_one, key_of(open_one))
    open_one.post("mfa_deactivate_totp")
    assert passkeys_of(open_one) == []


def test_page_without_a_passkey_offers_none(open_one: Visitor) -> None:
    other = beside(open_one)
    assert "passkey-options" not in other.get("mfa_authenticate").content.decode()
    add(open_one, key_of(open_one))
    there = Visitor(world.portal(), open_one.mailbox)  # at another insurer, which it is not bound to
    there.sign_in(open_one.email)
    assert "passkey-options" not in there.get("mfa_authenticate").content.decode()


def test_passkey_of_somebody_else_opens_nothing(open_one: Visitor) -> None:
    mine, theirs = key_of(open_one), key_of(open_one)
    add(open_one, mine)
    stranger = Visitor(open_one.portal, open_one.mailbox)
    stranger.email = world.account(password=PASSWORD, coupled=True).email
    stranger.sign_in(stranger.email)
    stranger.post("mfa_authenticate", code=code_of())
    add(stranger, theirs)
    other = beside(open_one)
    options = options_of(other.get("mfa_authenticate"))
    assert other.post("mfa_authenticate", credential=theirs.use(options)).status_code == 200
    (number,) = passkeys_of(open_one)
    assert stranger.post("account_remove_passkey", number.pk).status_code == 404
    assert len(passkeys_of(open_one)) == 1


@pytest.mark.parametrize("origin", ["https://elsewhere.test", "https://koetspoort.test", "http://{host}.evil.test"])
def test_answer_for_a_look_alike_page_opens_nothing(open_one: Visitor, origin: str) -> None:
    key = key_of(open_one)
    add(open_one, key)
    key.origin = origin.format(host=open_one.host)
    other = beside(open_one)
    page = other.post("mfa_authenticate", credential=key.use(options_of(other.get("mfa_authenticate"))))
    assert "That passkey was not accepted." in page.content.decode()
    assert "account.second_factor_failed" in events_of(open_one)


def test_forged_signature_opens_nothing(open_one: Visitor) -> None:
    key = key_of(open_one)
    add(open_one, key)
    forged = key_of(open_one)
    forged.number = key.number
    other = beside(open_one)
    assert (
        other.post("mfa_authenticate", credential=forged.use(options_of(other.get("mfa_authenticate")))).status_code
        == 200
    )


def test_most_is_said(open_one: Visitor) -> None:
    for number in range(passkeys.MOST):
        add(open_one, key_of(open_one), f"Sleutel {number}")
    assert reverse("account_add_passkey") not in open_one.get("mfa_index").content.decode()
    assert "that is the most" in add(open_one, key_of(open_one)).content.decode()
    assert len(passkeys_of(open_one)) == passkeys.MOST


def test_one_factor_adds_and_removes_none(open_one: Visitor) -> None:
    add(open_one, key_of(open_one))
    (mine,) = passkeys_of(open_one)
    other = beside(open_one)
    assert other.get("account_add_passkey").status_code == 302
    other.post("account_remove_passkey", mine.pk)
    assert len(passkeys_of(open_one)) == 1


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=junk)
def test_whatever_comes_in_is_refused_and_no_fault(open_one: Visitor, said: Any) -> None:
    assert not passkeys_of(open_one)
    page = open_one.post("account_add_passkey", name="Laptop", credential=json.dumps(said))
    assert page.status_code == 200
    assert not passkeys_of(open_one)


@pytest.mark.parametrize("broken", ["id", "rawId", "response", "clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("becomes", [None, "", "AAAA", 7, {}, []])
def test_answer_with_a_broken_part_is_refused(open_one: Visitor, broken: str, becomes: Any) -> None:
    key = key_of(open_one)
    add(open_one, key)
    other = beside(open_one)
    answer = json.loads(key.use(options_of(other.get("mfa_authenticate"))))
    (answer if broken in answer else answer["response"])[broken] = becomes
    assert other.post("mfa_authenticate", credential=json.dumps(answer)).status_code == 200
    assert other.assurance() is Assurance.NONE
