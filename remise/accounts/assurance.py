"""How strongly this session has proven who it is."""

from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from remise.core.actor import Assurance

PROOFS = frozenset({Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES})


def assurance_of(request: HttpRequest) -> Assurance:
    """Two factors if this session proved the second one since the app was coupled: who uncouples an app or couples
    another one takes the strength from every other session at once."""
    if not request.user.is_authenticated:
        return Assurance.NONE
    records = get_authentication_records(request, request.user)
    proven = max((record["at"] for record in records if _is_second(record)), default=None)
    if proven is None:
        return Assurance.ONE_FACTOR
    coupled = coupled_at(request.user.pk)
    return Assurance.TWO_FACTORS if coupled and coupled.timestamp() <= proven else Assurance.ONE_FACTOR


def coupled_at(account: int) -> datetime | None:
    """When the authenticator app was coupled that this account has now."""
    apps = Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP)
    moment: datetime | None = apps.values_list("created_at", flat=True).first()
    return moment


def _is_second(record: dict[str, object]) -> bool:
    return record.get("method") == "mfa" and record.get("type") in PROOFS
