"""What a session and its cookies hold, and what those who read the table learn."""

import re

from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from remise.accounts.sessions import stored
from remise.core.actor import Assurance
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of


def cookie(visitor: Visitor) -> str:
    return visitor.client.cookies[settings.SESSION_COOKIE_NAME].value


def test_table_of_sessions_gives_nobody_a_session(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD, coupled=True).email)
    visitor.post("mfa_authenticate", code=code_of())
    assert visitor.assurance() is Assurance.TWO_FACTORS
    key = cookie(visitor)
    rows = Session.objects.using(world.OWNER)
    assert not rows.filter(session_key=key).exists()
    assert rows.filter(session_key=stored(key)).exists()

    thief = Visitor(visitor.portal, visitor.mailbox)
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = stored(key)
    assert thief.client.get(reverse("mfa_index"))["Location"].startswith(reverse("account_login"))


def test_key_of_a_session_is_long_and_random(visitor: Visitor) -> None:
    """OWASP ASVS 5.0, 7.2.3, asks for 128 bits: 32 characters of 36 are 165."""
    keys = set()
    for _ in range(5):
        visitor.sign_in(world.account(password=PASSWORD).email)
        keys.add(cookie(visitor))
        visitor.post("account_logout")
    assert len(keys) == 5
    assert all(re.fullmatch("[a-z0-9]{32}", key) for key in keys)


def test_signing_out_removes_the_row(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD).email)
    key = cookie(visitor)
    visitor.post("account_logout")
    assert not Session.objects.using(world.OWNER).filter(session_key=stored(key)).exists()


def test_messages_are_kept_in_no_cookie(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD).email)
    visitor.couple()
    visitor.post("account_end_sessions", which="others")  # says so by a message
    ours = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEVICE_COOKIE_NAME}
    assert set(visitor.client.cookies) <= ours
    assert "All other sessions have ended." in visitor.get("account_sessions").content.decode()
