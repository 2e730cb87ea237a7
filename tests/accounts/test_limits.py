"""Guessing is slowed down, and nobody can lock somebody else out."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from remise.core.scope import ActorKind, Scope, enter
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of


def test_twenty_first_attempt_from_one_place_has_to_wait(visitor: Visitor) -> None:
    """At whatever accounts."""
    for number in range(20):
        visitor.sign_in(f"nobody-{number}-{world.unique()}@example.test", "guess guess guess")
    email = world.account(password=PASSWORD).email
    assert "Wait five minutes" in visitor.sign_in(email).content.decode()
    with time_machine.travel(timezone.localtime() + timedelta(minutes=6), tick=False):
        assert visitor.sign_in(email)["Location"] == "/"


def test_right_passwords_use_up_no_attempts(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD, coupled=True).email
    for _ in range(22):
        visitor.sign_in(email)
        assert visitor.post("account_logout").status_code == 302


def test_sixth_wrong_code_has_to_wait(visitor: Visitor) -> None:
    """Counted by account: who gets here has the password."""
    email = world.account(password=PASSWORD, coupled=True).email
    visitor.sign_in(email)
    for _ in range(5):
        visitor.post("mfa_authenticate", code="000000")
    other_place = Visitor(visitor.portal, visitor.mailbox)
    other_place.sign_in(email)
    assert "Wait five minutes" in other_place.post("mfa_authenticate", code=code_of()).content.decode()


def test_nobodys_mailbox_is_filled(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    answers = [visitor.post("account_reset_password", email=email).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert len(visitor.mailbox.delivered()) == 3
    page = visitor.post("account_reset_password", email=email).content.decode()
    assert "That was a bit too often" in page


def test_attempts_are_counted_in_the_database_that_all_processes_share(visitor: Visitor) -> None:
    """Without the counter's rows a second web process would begin at nought."""
    visitor.sign_in(f"nobody-{world.unique()}@example.test")
    with enter(Scope(ActorKind.PUBLIC)), connection.cursor() as cursor:
        cursor.execute("select count(*) from core_cache where cache_key like '%%password.wrong%%'")
        assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize("kind", list(ActorKind))
def test_cache_works_in_the_scope_of_every_kind(kind: ActorKind) -> None:
    key = f"try-{world.unique()}"
    with enter(Scope(kind)):
        assert cache.add(key, 1, timeout=60)
        assert not cache.add(key, 2, timeout=60)
        assert cache.get(key) == 1
        assert cache.delete(key)


def test_signing_in_answers_although_the_mail_server_is_down(visitor: Visitor, settings: Settings) -> None:
    settings.MAILERS = settings.MAILERS | {
        "delivery": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    email = f"nieuw-{world.unique()}@example.test"
    assert visitor.sign_up(email)["Location"] == reverse("account_email_verification_sent")
    known = world.account(password=PASSWORD, confirmed=False).email
    assert visitor.sign_in(known)["Location"] == reverse("account_email_verification_sent")
