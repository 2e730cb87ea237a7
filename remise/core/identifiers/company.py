"""Numbers of the Dutch trade register. They have no check digit, and their leading zeros count."""

import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.text import IdentifierError, compact


@dataclass(frozen=True, slots=True, order=True)
class KvkNumber:
    """A company in the trade register."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9]{8}", self.value):
            message = _("A KvK number has eight digits. Zeros in front belong to it.")
            raise IdentifierError(message, code="kvk" if self.value else "empty")

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(compact(text))

    def __str__(self) -> str:
        return self.value

    @property
    def formatted(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class BranchNumber:
    """One establishment of a company (vestigingsnummer)."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9]{12}", self.value):
            message = _("A branch number has twelve digits. Zeros in front belong to it.")
            raise IdentifierError(message, code="branch" if self.value else "empty")

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(compact(text))

    def __str__(self) -> str:
        return self.value

    @property
    def formatted(self) -> str:
        return self.value
