"""What a register of cover is asked and answers. An adapter for a real one speaks this upwards; which codes the
register wants for our kinds is its own matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from remise.notices.rules import Kind


class NotTakenError(Exception):
    """The register did not take or tell what was asked. `after`: for how many seconds it wants to be left alone."""

    def __init__(self, why: str, after: float = 0) -> None:
        super().__init__(why)
        self.why = why
        self.after = after


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as it goes out; `ticket` comes back with the answer."""

    ticket: str
    kind: Kind
    plate: str  # empty: of a dealer's stock
    check_code: str | None
    kvk: str
    insurer: str
    policy: str
    starts: date
    ends: date | None  # the first day without cover


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A batch. The key is the same however often it is sent: the register takes it once."""

    key: UUID
    number: int
    insurer_code: str
    notices: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Verdict:
    ticket: str
    accepted: bool
    code: str = ""
    words: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    verdicts: Sequence[Verdict]
    after: str  # the register's mark: the next question begins behind it


class StateRegister(Protocol):
    """`STATE_REGISTER` names the class. Raises NotTakenError; whatever else it raises is taken for that."""

    def send(self, batch: Outgoing, *, seconds: float) -> str:
        """Its reference for the batch."""
        ...

    def answers(self, insurer_code: str, after: str, *, seconds: float) -> Answers:
        """What it has said to this insurer since that mark, oldest first, so many at a time."""
        ...
