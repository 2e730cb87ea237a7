"""What an action raises. Each is worded for the user, names its field, and may offer the way out."""

from collections.abc import Callable
from dataclasses import dataclass

from remise.core.rights import Decision
from remise.core.words import Text


class DomainError(Exception):
    """Why it was not done.

    `code` is stable for programs, `message` is for people, `field` is where a form shows it. `remedy` names a
    request kind of the desk that can lift it, where one can.
    """

    code = "refused"

    def __init__(
        self,
        message: Text,
        *,
        code: str | None = None,
        field: str | None = None,
        remedy: "Remedy | None" = None,
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code or self.code
        self.field = field
        self.remedy = remedy


class BrokenRule(DomainError):
    """A rule says no to what was asked: a page shows it beside the field. What is not this is answered by a page of
    its own, and no view need know of it."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the refused user can do next: the words on the button, and the kind of request it makes."""

    label: Text
    request_kind: str


class Forbidden(DomainError):
    """A right is missing. The decision says which, by which rule, and who can grant it."""

    code = "right_missing"

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.message, code=decision.code)
        self.decision = decision


class NotVisible(DomainError):
    """It does not exist for this actor; whether it exists at all is not told."""

    code = "not_found"


def refusal_of(deed: Callable[[], object]) -> DomainError | None:
    """Why this would not be done, for who wants to know and not to do it."""
    try:
        deed()
    except DomainError as refusal:
        return refusal
    return None
