"""The number of an account: short enough to be said on the telephone."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_11_10

from remise.core.identifiers.base import Identifier
from remise.core.identifiers.text import IdentifierError


@dataclass(frozen=True, slots=True, order=True)
class AccountNumber(Identifier):
    """Eight digits, the last of which finds every single mistyped digit (ISO 7064, MOD 11,10). The database makes
    them (`accounts.0001_initial`)."""

    PATTERN = re.compile("[1-9][0-9]{7}")

    @classmethod
    def fits(cls, value: str) -> bool:
        return cls.PATTERN.fullmatch(value) is not None and mod_11_10.is_valid(value)

    @classmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        message = _("An account number has eight digits. Look at them once more.")
        return IdentifierError(message, code="account_number" if value else "empty")

    @property
    def formatted(self) -> str:
        return f"{self.value[:4]} {self.value[4:]}"
