"""Chassis numbers and the check code taken from them."""

import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.text import Doubt, IdentifierError, compact, excerpt


@dataclass(frozen=True, slots=True, order=True)
class CheckCode:
    """The meldcode: the last four characters of the chassis number. Text, so that leading zeros stay.

    The law says "digits" (Besluit kennisgevingen WAM, art. 3); some chassis numbers end in letters.
    """

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z0-9]{4}", self.value):
            message = _("The check code has four characters: the last four of the chassis number.")
            raise IdentifierError(message, code="check_code" if self.value else "empty")

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(compact(text))

    def __str__(self) -> str:
        return self.value

    @property
    def formatted(self) -> str:
        return self.value

    @property
    def warnings(self) -> tuple[Doubt, ...]:
        if self.value.isdigit():
            return ()
        return (Doubt("check_code_letters", _("Check the code: it nearly always has four digits.")),)

    def matches(self, vin: "Vin") -> bool:
        return self == vin.check_code


@dataclass(frozen=True, slots=True, order=True)
class Vin:
    """A chassis number by ISO 3779. Its ninth character is a check digit in North America and China only, so
    it is never held against a vehicle."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-HJ-NPR-Z0-9]{17}", self.value):
            raise _refusal(self.value, self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        value = compact(text)
        try:
            return cls(value)
        except IdentifierError:
            raise _refusal(value, text) from None

    def __str__(self) -> str:
        return self.value

    @property
    def formatted(self) -> str:
        return self.value

    @property
    def check_code(self) -> CheckCode:
        return CheckCode(self.value[-4:])


def _refusal(value: str, typed: str) -> IdentifierError:
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
