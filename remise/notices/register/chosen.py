"""The register that this installation is connected to."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from remise.notices.register.protocol import StateRegister


def register() -> StateRegister | None:
    """None where no address is configured: notices wait, and the desk's page says so."""
    return _made(settings.STATE_REGISTER) if settings.STATE_REGISTER_URL else None


@cache
def _made(path: str) -> StateRegister:
    made: StateRegister = import_string(path)()
    return made
