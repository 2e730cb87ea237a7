"""The demo's own door: in as a chosen person, without a password. This app is installed in the demo only, and a test
proves that the addresses do not exist elsewhere."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from remise.accounts import open_sessions
from remise.accounts.models import Account


def couple(account: Account, secret: str) -> None:
    """Give a demo person a confirmed address and an authenticator, as if they had coupled one."""
    EmailAddress.objects.using("owner").create(user=account, email=account.email, primary=True, verified=True)
    Authenticator.objects.using("owner").create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )


def walk_in(request: HttpRequest, account: Account) -> None:
    """Sign in as both factors would have."""
    if not settings.DEMO:
        raise PermissionDenied
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, account, "password", email=account.email)
    record_authentication(request, account, "mfa", type=Authenticator.Type.TOTP)
    open_sessions.begin(request, account)
