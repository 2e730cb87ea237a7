"""Bank account numbers by ISO 13616."""

import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _
from stdnum import exceptions, iban

from remise.core.identifiers.text import IdentifierError, compact


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Iban:
    """An account in a country of the IBAN register. `str()` and `repr()` are masked: the whole number shows
    only where a page asks for `.formatted`."""

    value: str

    def __post_init__(self) -> None:
        # The check digits run from 02 to 98; 00, 01 and 99 would give the same remainder (ISO 7064).
        if not re.fullmatch("[A-Z]{2}(?!00|01|99)[0-9]{2}[A-Z0-9]{1,30}", self.value):
            raise _refusal("shape" if self.value else "empty")
        try:
            # Without the bank registers of single countries: they age, the check digits do not.
            iban.validate(self.value, check_country=False)
        except exceptions.InvalidComponent:
            raise _refusal("country") from None
        except exceptions.InvalidChecksum:
            raise _refusal("check_digits") from None
        except exceptions.ValidationError:
            raise _refusal("shape") from None

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(compact(text))

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Iban({self.masked!r})"

    @property
    def formatted(self) -> str:
        """In groups of four, as on paper."""
        return _grouped(self.value)

    @property
    def masked(self) -> str:
        """Country and the last four characters: enough to know one's own account again."""
        hidden = "*" * (len(self.value) - 6)
        return _grouped(f"{self.value[:2]}{hidden}{self.value[-4:]}")

    @property
    def country(self) -> str:
        return self.value[:2]


def _grouped(value: str) -> str:
    return " ".join(value[i : i + 4] for i in range(0, len(value), 4))


def _refusal(code: str) -> IdentifierError:
    # The number is not repeated: it ends up in pages and logs.
    messages = {
        "empty": _("Enter an account number (IBAN)."),
        "shape": _("This is not an account number (IBAN). It starts with two letters and two digits."),
        "country": _("We do not know account numbers (IBAN) of this country."),
        "check_digits": _("This account number (IBAN) is not right. Check it for a typing mistake."),
    }
    return IdentifierError(messages[code], code=code)
