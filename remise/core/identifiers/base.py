"""What identifiers of one shape have in common."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from remise.core.identifiers.text import IdentifierError, compact


@dataclass(frozen=True, slots=True, order=True)
class Identifier(ABC):
    """A number by which the world knows something; `value` is in capitals without separators."""

    PATTERN: ClassVar[re.Pattern[str]]

    value: str

    def __post_init__(self) -> None:
        if not self.fits(self.value):
            raise self.refusal(self.value, self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it as people write it: any case, with or without hyphens, dots and spaces."""
        value = compact(text)
        if not cls.fits(value):
            raise cls.refusal(value, text)
        return cls(value)

    @classmethod
    def fits(cls, value: str) -> bool:
        return cls.PATTERN.fullmatch(value) is not None

    @classmethod
    @abstractmethod
    def refusal(cls, value: str, typed: str) -> IdentifierError:
        """Why this is none; `typed` may be repeated in it, where it is no secret."""

    def __str__(self) -> str:
        return self.formatted

    @property
    def formatted(self) -> str:
        return self.value
