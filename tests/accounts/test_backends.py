"""Signing in by an address: somebody's and nobody's go one way, to the statement and to the kind of hash."""

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remise.accounts.backends import ByAddress
from remise.accounts.models import Account
from remise.core.scope import ActorKind, Scope, enter
from tests import world
from tests.accounts.visiting import PASSWORD


def asked(email: str, password: str) -> tuple[Account | None, int]:
    """Who it is, and by how many statements."""
    with enter(Scope(ActorKind.PUBLIC, world.portal().id)), CaptureQueriesContext(connection) as seen:
        return ByAddress().authenticate(None, email=email, password=password), len(seen)


def test_wrong_password_and_unknown_address_cost_one_look_and_one_comparison(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = world.account(password="en nog een andere zin")
    compared: list[str] = []
    verify = hashers.Argon2PasswordHasher.verify

    def counted(self: hashers.Argon2PasswordHasher, password: str, encoded: str) -> bool:
        compared.append(str(self.algorithm))
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", counted)
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", lambda *_said: pytest.fail("a hash was made"))
    assert asked(account.email, PASSWORD) == (None, 1)
    assert asked(f"nobody-{world.unique()}@example.test", PASSWORD) == (None, 1)
    assert compared == ["argon2", "argon2"]


def test_right_password_is_known_in_any_case() -> None:
    account = world.account(password=PASSWORD)
    assert asked(account.email.upper(), PASSWORD) == (account, 1)
