"""The keys that encrypt what must not be read from the database alone: what proves a second factor, and what seals
documents. The newest encrypts; each of them decrypts, so that a key is replaced by putting a new one in front."""

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def cipher() -> MultiFernet:
    return _cipher(tuple(settings.FIELD_KEYS) or (_of_the_demo(),))


@lru_cache(maxsize=4)
def _cipher(keys: Sequence[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        message = f"Each of FIELD_KEYS is 32 random bytes in url-safe base64; make one with: {_HOW}"
        raise ImproperlyConfigured(message) from error


def _of_the_demo() -> str:
    if not (settings.DEBUG or settings.DEMO):
        raise ImproperlyConfigured(
            "FIELD_KEYS is empty: without it nobody can couple an authenticator, and no document can be sealed."
            f" Make one with: {_HOW}"
        )
    # The words stay as they are: they are part of the key.
    digest = hashlib.sha256(b"remise.accounts.keys:" + settings.SECRET_KEY.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def fingerprint(secret: str) -> str:
    """What is kept of a secret of 256 random bits: no list of words and no patience finds one, so that a fast
    fingerprint is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


_HOW = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
