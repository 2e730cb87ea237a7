"""One-time codes (RFC 6238) that are accepted once.

The library remembers a used code for one period in a cache, while a code is good for three: its own period and
one before and after, for phones that run fast or slow. So the period of the last accepted code is kept with the
secret, and only a later one is accepted (section 5.2: a second attempt with the same code must be refused).
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt


def period_of(secret: str, code: str) -> int | None:
    """The period that this code belongs to, of those accepted now; none when it is no code of this secret."""
    for period in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, period))):
            return int(period)
    return None


def accept(authenticator: Authenticator, code: str) -> bool:
    """Take a code of this app; the caller holds a lock on the row."""
    period = period_of(decrypt(authenticator.data["secret"]), code)
    if period is None or period <= authenticator.data.get("last_period", 0):
        return False
    authenticator.data["last_period"] = period
    authenticator.save(update_fields=["data"])
    return True
