"""A passkey beside the app (WebAuthn level 3): the second factor without a code, and a way in when the phone is lost.

It never comes first: who has an app adds one, and with the app it goes. It is bound to the address of the portal at
which it was made, so that a look-alike page gets nothing from it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from remise.accounts import second_factor
from remise.accounts.journal import note
from remise.accounts.models import Account
from remise.core.errors import BrokenRule

PASSKEY = Authenticator.Type.WEBAUTHN
MOST = 5  # a laptop, a desk, a phone, a key on the ring, and one more
HOST = "host"  # in an authenticator's data
# What the libraries say of an answer that is wrong, or no answer at all.
NOTHING_PROVEN = (ValidationError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    name: str
    made: datetime
    used: datetime | None


def all_of(account: int) -> list[Passkey]:
    found = Authenticator.objects.filter(user_id=account, type=PASSKEY).order_by("pk")
    return [Passkey(one.pk, one.data["name"], one.created_at, one.last_used_at) for one in found]


def works_here(request: HttpRequest, account: int) -> bool:
    """Whether one was made at this address: a browser offers no other."""
    here = Authenticator.objects.filter(user_id=account, type=PASSKEY, data__host=_host(request))
    return bool(here.exists())


def begin(account: Account) -> dict[str, Any]:
    """What the browser makes one of."""
    return dict(webauthn.begin_registration(account, passwordless=False))


def begin_use(account: Account) -> dict[str, Any]:
    """What the browser answers with one."""
    return dict(webauthn.begin_authentication(account))


def add(request: HttpRequest, account: Account, *, name: str, credential: dict[str, Any]) -> None:
    """One that the browser has just made and that was verified."""
    second_factor.hold(account)
    second_factor.require_both(request)
    if len(all_of(account.pk)) >= MOST:
        raise BrokenRule(_("You have %(most)s passkeys, and that is the most. Remove one first.") % {"most": MOST})
    made = webauthn.WebAuthn.add(account, name, credential).instance
    made.data[HOST] = _host(request)
    made.save(update_fields=["data"])
    note(request, "account.passkey_added", account)
    _tell(request, account, "passkey_added", name)


def remove(request: HttpRequest, account: Account, number: int) -> bool:
    """Every session that proved its second factor with it is back at one. False where there is none."""
    second_factor.hold(account)
    mine = Authenticator.objects.filter(user=account, type=PASSKEY, pk=number).first()
    if mine is None:
        return False
    mine.delete()
    note(request, "account.passkey_removed", account)
    _tell(request, account, "passkey_removed", mine.data["name"])
    return True


def is_made(answer: Any) -> bool:  # noqa: ANN401  # whatever came in
    """Whether the browser made one of what `begin` gave it."""
    try:
        webauthn.complete_registration(answer)
    except NOTHING_PROVEN:
        return False
    return True


def judge(account: Account, answer: Any) -> Authenticator | None:  # noqa: ANN401
    """Whose passkey answered; None for an answer that proves nothing, however it is put together."""
    try:
        return webauthn.complete_authentication(account, answer)
    except NOTHING_PROVEN:
        return None


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0]


def _tell(request: HttpRequest, account: Account, what: str, name: str) -> None:
    get_adapter(request).send_notification_mail(f"mfa/email/{what}", account, {"passkey": name})
