"""A form that waits for fresh proof is sent afterwards only as what the session may still do then."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from remise.accounts import second_factor
from remise.accounts.models import Account
from remise.core.actor import Assurance
from remise.core.scope import ActorKind, Scope, enter
from tests import sessions, world
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_passkeys import events_of, options_of, passkeys_of
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.sessions import RECORDS
from tests.world import OWNER

AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def stale(visitor: Visitor) -> Visitor:
    """Signed in with both factors, longer ago than proof is fresh."""
    account = world.account(password=PASSWORD, coupled=True)
    long_ago = timezone.now() - timedelta(days=1)
    Authenticator.objects.using(OWNER).filter(user=account).update(created_at=long_ago)
    visitor.email = account.email
    visitor.sign_in(visitor.email)
    visitor.post("mfa_authenticate", code=code_of())
    return visitor


def age(visitor: Visitor) -> None:
    with enter(Scope(ActorKind.PUBLIC, visitor.portal.id)):
        session = visitor.client.session
        session[RECORDS] = [{**record, "at": time.time() - 600} for record in session[RECORDS]]
        session.save()


def replace_app(visitor: Visitor) -> None:
    """At another browser of the same person."""
    other = Visitor(visitor.portal, visitor.mailbox)
    other.sign_in(visitor.email)
    assert other.post("mfa_authenticate", code=code_of(periods=1))["Location"] == "/"
    other.couple()


def test_form_kept_with_two_factors_is_not_sent_with_one(stale: Visitor) -> None:
    """The app was replaced in between: who knows the password alone adds no passkey by what waits in the session."""
    key = SoftKey(f"https://{stale.host}")
    made = key.make(options_of(stale.get("account_add_passkey")))
    age(stale)
    waits = stale.post("account_add_passkey", name="Laptop", credential=made)
    assert waits["Location"].startswith("/account/again/")
    replace_app(stale)
    assert stale.assurance() is Assurance.ONE_FACTOR
    page = reverse("account_add_passkey")
    stale.client.post(f"{AGAIN}?next={page}", {"password": PASSWORD})
    assert passkeys_of(stale) == []
    assert stale.assurance() is Assurance.ONE_FACTOR


def test_app_is_not_taken_away_by_a_form_kept_from_before(stale: Visitor) -> None:
    age(stale)
    assert stale.post("mfa_deactivate_totp")["Location"].startswith("/account/again/")
    replace_app(stale)
    stale.client.post(f"{AGAIN}?next={reverse('mfa_deactivate_totp')}", {"password": PASSWORD})
    assert "account.authenticator_removed" not in events_of(stale)


def test_form_that_is_kept_is_sent_while_the_session_is_as_strong(stale: Visitor) -> None:
    age(stale)
    assert stale.post("mfa_deactivate_totp")["Location"].startswith("/account/again/")
    stale.client.post(f"{AGAIN}?next={reverse('mfa_deactivate_totp')}", {"password": PASSWORD})
    assert "account.authenticator_removed" in events_of(stale)


@pytest.mark.parametrize("what", ["account_add_passkey", "mfa_generate_recovery_codes"])
def test_nothing_is_added_beside_an_app_that_went_meanwhile(
    stale: Visitor, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked at the same moment in which the owner takes the app away, with all that is beside it."""
    made = SoftKey(f"https://{stale.host}").make(options_of(stale.get("account_add_passkey")))
    theirs = Authenticator.objects.using(OWNER).filter(user__email=stale.email)
    hold = second_factor.hold

    def later(account: Account) -> None:
        hold(account)
        theirs.delete()

    monkeypatch.setattr(second_factor, "hold", later)
    answer = stale.post(what, name="Laptop", credential=made)
    assert not theirs.exists()
    assert answer.status_code < 500


def test_app_coupled_meanwhile_is_not_replaced_with_one_factor(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two couple the first app at the same moment: the second one would replace it, and proved the password only."""
    account = world.account(password=PASSWORD)
    visitor.sign_in(account.email)
    secret = visitor.secret_on_page()
    hold = second_factor.hold

    def later(whose: Account) -> None:
        sessions.couple(whose)
        hold(whose)

    monkeypatch.setattr(second_factor, "hold", later)
    answer = visitor.post("mfa_activate_totp", code=code_of(secret))
    assert answer["Location"] == reverse("mfa_activate_totp")
    (app,) = Authenticator.objects.using(OWNER).filter(user=account)
    assert app.data == {"secret": "not used"}
