import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from remise.accounts.adapters import MFAAdapter


def key() -> str:
    return Fernet.generate_key().decode()


def test_newest_key_encrypts_and_older_ones_still_decrypt(settings: Settings) -> None:
    old, new = key(), key()
    settings.FIELD_KEYS = [old]
    kept = MFAAdapter().encrypt("secret")
    settings.FIELD_KEYS = [new, old]
    assert MFAAdapter().decrypt(kept) == "secret"
    fresh = MFAAdapter().encrypt("secret")
    settings.FIELD_KEYS = [new]
    assert MFAAdapter().decrypt(fresh) == "secret"
    with pytest.raises(RuntimeError, match="no longer in FIELD_KEYS"):
        MFAAdapter().decrypt(kept)


def test_without_a_key_nothing_is_stored(settings: Settings) -> None:
    settings.FIELD_KEYS, settings.DEBUG, settings.DEMO = [], False, False
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS is empty"):
        MFAAdapter().encrypt("secret")


def test_demo_makes_its_own_key_the_same_at_every_start(settings: Settings) -> None:
    settings.FIELD_KEYS, settings.DEMO = [], True
    assert MFAAdapter().decrypt(MFAAdapter().encrypt("secret")) == "secret"


def test_key_of_another_shape_is_refused(settings: Settings) -> None:
    settings.FIELD_KEYS = ["too short"]
    with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
        MFAAdapter().encrypt("secret")
