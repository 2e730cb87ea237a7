"""Chassis numbers and the check code taken from them."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.base import Identifier
from remise.core.identifiers.text import Doubt, IdentifierError, excerpt


@dataclass(frozen=True, slots=True, order=True)
class CheckCode(Identifier):
    """The meldcode: the last four characters of the chassis number. Text, so that leading zeros stay.

    The law says "digits" (Besluit kennisgevingen WAM, art. 3); some chassis numbers end in letters.
    """

    LENGTH = 4
    PATTERN = re.compile(f"[A-Z0-9]{{{LENGTH}}}")

    @classmethod
    def completed(cls, typed: str) -> str:
        """With the noughts in front that a spreadsheet leaves out of what it takes for a number."""
        return typed.zfill(cls.LENGTH) if typed.isascii() and typed.isdigit() else typed

    @classmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        message = _("The check code has four characters: the last four of the chassis number.")
        return IdentifierError(message, code="check_code" if value else "empty")

    @property
    def warnings(self) -> tuple[Doubt, ...]:
        if self.value.isdigit():
            return ()
        return (Doubt("check_code_letters", _("Check the code: it nearly always has four digits.")),)

    def matches(self, vin: "Vin") -> bool:
        return self == vin.check_code


@dataclass(frozen=True, slots=True, order=True)
class Vin(Identifier):
    """A chassis number by ISO 3779. Its ninth character is a check digit in North America and China only, so
    it is never held against a vehicle."""

    PATTERN = re.compile("[A-HJ-NPR-Z0-9]{17}")

    @property
    def check_code(self) -> CheckCode:
        return CheckCode(self.value[-4:])

    @classmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        if not value:
            return IdentifierError(_("Enter a chassis number."), code="empty")
        if not re.fullmatch("[A-Z0-9]+", value):
            message = _("This is not a chassis number: %(vin)s. Use only letters and digits.")
            return IdentifierError(message, code="characters", params={"vin": excerpt(typed)})
        if len(value) != 17:
            message = _("A chassis number has 17 characters; this one has %(count)s.")
            return IdentifierError(message, code="length", params={"count": str(len(value))})
        message = _("A chassis number has no letter I, O or Q. Did you mean the digit 1 or 0?")
        return IdentifierError(message, code="letters")
