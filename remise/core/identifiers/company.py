"""Numbers of the Dutch trade register. They have no check digit, and their leading zeros count."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.base import Identifier
from remise.core.identifiers.text import IdentifierError


@dataclass(frozen=True, slots=True, order=True)
class KvkNumber(Identifier):
    """A company in the trade register."""

    PATTERN = re.compile("[0-9]{8}")

    @classmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        message = _("A KvK number has eight digits. Zeros in front belong to it.")
        return IdentifierError(message, code="kvk" if value else "empty")


@dataclass(frozen=True, slots=True, order=True)
class BranchNumber(Identifier):
    """One establishment of a company (vestigingsnummer)."""

    PATTERN = re.compile("[0-9]{12}")

    @classmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        message = _("A branch number has twelve digits. Zeros in front belong to it.")
        return IdentifierError(message, code="branch" if value else "empty")
