"""How strongly this session has proven who it is."""

from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from remise.core.actor import Assurance

APP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
PROOFS = frozenset({APP, PASSKEY, Authenticator.Type.RECOVERY_CODES})


def assurance_of(request: HttpRequest) -> Assurance:
    """Two factors if this session proved the second one since the app was coupled: who uncouples an app or couples
    another one takes the strength from every other session at once, and so does who removes the passkey."""
    if not request.user.is_authenticated:
        return Assurance.NONE
    records = [one for one in get_authentication_records(request, request.user) if _is_second(one)]
    if not records:
        return Assurance.ONE_FACTOR
    kept = Authenticator.objects.filter(user_id=request.user.pk, type__in=[APP, PASSKEY])
    found = {number: (kind, made) for number, kind, made in kept.values_list("pk", "type", "created_at")}
    coupled = next((made for kind, made in found.values() if kind == APP), None)
    proven = [one["at"] for one in records if one["type"] != PASSKEY or one.get("id") in found]
    is_strong = coupled is not None and max(proven, default=0) >= coupled.timestamp()
    return Assurance.TWO_FACTORS if is_strong else Assurance.ONE_FACTOR


def coupled_at(account: int) -> datetime | None:
    """When the authenticator app was coupled that this account has now."""
    apps = Authenticator.objects.filter(user_id=account, type=APP)
    moment: datetime | None = apps.values_list("created_at", flat=True).first()
    return moment


def _is_second(record: dict[str, object]) -> bool:
    return record.get("method") == "mfa" and record.get("type") in PROOFS
