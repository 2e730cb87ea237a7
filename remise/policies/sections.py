"""What rooms above say of a product: each a section of its file, `[version.card]`, with a name, a shape and words.

This room keeps sections with the version and shows them; what they mean, the room knows that registered them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from remise.core.registry import Registry
from remise.core.words import Text
from remise.policies.rules import ProductRules


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in words, as the page of a product shows it."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """The vehicle of an example: registered on `today`, from `day` on."""

    today: date
    day: date
    plate: str
    kind: str  # as the register says it


@dataclass(frozen=True, slots=True)
class Section:
    """`lines` words what a version says (an empty mapping: nothing) as it holds on a day, `judge` says what follows
    for a case, by the names that an example may expect and as JSON keeps it, and `tell` words that."""

    name: str
    title: Text
    schema: type[BaseModel]
    lines: Callable[[Mapping[str, Any], date], Sequence[Line]]
    judge: Callable[[ProductRules, Case], Mapping[str, object]]
    tell: Callable[[Mapping[str, object]], Sequence[Line]]


sections: Registry[Section] = Registry(lambda section: section.name)
