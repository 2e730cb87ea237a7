"""Browsers that an account has signed in with before, by a cookie that only they hold.

Wrong passwords from anywhere else block anywhere else, and never these (OWASP, "Slow Down Online Guessing Attacks
with Device Cookies"): no stranger keeps a person out of the own browser. The cookie opens nothing by itself.
"""

import secrets
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from remise.accounts.models import Account

SALT = "remise.accounts.devices"
KEPT = timedelta(days=400)  # as long as browsers keep any cookie
COLLEAGUES = 5  # who share one browser; the last ones count


def fingerprint(account: Account, device: str) -> str:
    """What binds this browser to this account: nobody makes it without the key, and it is another one after a change
    of password or of `trust`."""
    said = f"{account.pk}:{account.trust}:{account.get_session_auth_hash()}:{device}"
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()[:32]


def known(request: HttpRequest, account: Account) -> str:
    """The fingerprint under which this browser is known to the account; empty where it is not."""
    device, marks = _read(request)
    own = fingerprint(account, device)
    return own if any([constant_time_compare(mark, own) for mark in marks]) else ""  # noqa: C419  # compares all


def is_shared(request: HttpRequest, account: Account) -> bool:
    """Whether other accounts signed in with this browser too; which ones, nobody reads from the cookie."""
    _device, marks = _read(request)
    own = known(request, account)
    return any(mark != own for mark in marks)


def remember(request: HttpRequest, account: Account) -> None:
    """Both factors were proven in this browser. The answer to this request brings the cookie."""
    device, marks = _read(request)
    own = fingerprint(account, device)
    kept = [own, *(mark for mark in marks if mark != own)][:COLLEAGUES]
    request.device_cookie = signing.dumps([device, *kept], salt=SALT)  # type: ignore[attr-defined]


def put_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    value = getattr(request, "device_cookie", "")
    if value:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            value,
            max_age=KEPT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's own random word and its fingerprints; a new word where there is no cookie of ours."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        found = cast("list[str]", signing.loads(cookie, salt=SALT, max_age=KEPT))
    except signing.BadSignature:
        return secrets.token_urlsafe(16), []
    return found[0], found[1:]
