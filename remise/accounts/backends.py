"""Signing in by the account's address, where nobody's costs what somebody's does.

The library looks a confirmed address up once and any other one twice, and for nobody makes a hash instead of
comparing with one: by some hundreds of attempts that could be told.
"""

import secrets

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import check_password, make_password

from remise.accounts.models import Account

# Of nobody, of the kind that is compared with.
NOBODYS = make_password(secrets.token_urlsafe(32))


class ByAddress(AuthenticationBackend):
    def _authenticate_by_email(self, email: str, password: str) -> Account | None:
        found: Account | None = self._check_password(Account.objects.filter(email=email.lower()).first(), password)
        return found

    def _mitigate_timing_attack(self, password: str) -> None:
        check_password(password, NOBODYS)
