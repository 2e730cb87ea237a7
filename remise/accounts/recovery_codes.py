"""Recovery codes: ten of eight digits, each accepted once, kept as passwords are, and shown once, when they are made.

The library derives them from a seed: whoever reads that has them all. Here each is hashed as a password is, with a
salt of its own (OWASP ASVS 5.0, 6.5.2), and the hash is enciphered as well, for seven digits are few: without
FIELD_KEYS nobody can begin to guess (NIST SP 800-63B-4, 3.1.1.2, on a keyed step beside the hash).

The first digit is the code's place in its list, so that an attempt is compared with one hash and not with ten. The
other seven are random, 23 bits: ASVS asks for 20 (6.5.4), NIST for six digits (3.1.2.1).
"""

import re
import secrets

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.contrib.auth.hashers import check_password, make_password

from remise.accounts.models import Account

KIND = Authenticator.Type.RECOVERY_CODES
CODE = re.compile("[0-9]{8}")


def make(account: Account) -> list[str]:
    """Ten new ones in place of those there were; the caller holds the account."""
    Authenticator.objects.filter(user=account, type=KIND).delete()
    made = [f"{place}{secrets.randbelow(10**7):07}" for place in range(10)]
    kept = {code[0]: encrypt(make_password(code)) for code in made}
    Authenticator.objects.create(user=account, type=KIND, data={"codes": kept})
    return made


def accept(authenticator: Authenticator, code: str) -> bool:
    """Take a code of this list; the caller holds a lock on the row."""
    typed = normalize_user_code(code)
    if not CODE.fullmatch(typed):
        return False
    kept = _kept(authenticator)
    if typed[0] not in kept or not check_password(typed, decrypt(kept[typed[0]])):
        return False
    del kept[typed[0]]
    authenticator.save(update_fields=["data"])
    return True


def left(account: Account) -> int:
    return sum(len(_kept(one)) for one in Authenticator.objects.filter(user=account, type=KIND))


def _kept(authenticator: Authenticator) -> dict[str, str]:
    """By place, those that were not used yet."""
    found: dict[str, str] = authenticator.data.get("codes", {})
    return found
