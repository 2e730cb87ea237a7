"""What was mailed from a page, and how it fared."""

from dataclasses import dataclass
from datetime import datetime

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.scope import ActorKind
from remise.core.words import Text
from remise.messages.models import Mail, Mailing


@dataclass(frozen=True, slots=True)
class Mailed:
    number: int
    at: datetime
    language: str
    state: Mail.State
    settled_at: datetime | None
    to: str  # the beginning of the address; empty once it was let go of

    @property
    def state_label(self) -> Text:
        return self.state.label

    @property
    def failed(self) -> bool:
        return self.state in Mail.DEAD

    @property
    def withdrawn(self) -> bool:
        return self.state == Mail.State.WITHDRAWN


def mailed_about(by: Actor, about: tuple[str, int]) -> list[Mailed]:
    """The newest first. Whether this actor may see the thing itself, the caller has asked."""
    if by.kind is not ActorKind.MEMBER:
        return []
    found = rows("select mailing, at, language, state, settled_at, shown from mailings_about(%s, %s)", *about)
    return [
        Mailed(number, at, language, Mail.State(state), settled_at, to)
        for number, at, language, state, settled_at, to in found
    ]


def mailed_by(by: Actor, mailing: Mailing) -> Mailed:
    """How one of them fared: the one that was just put in the outbox."""
    return next(one for one in mailed_about(by, (mailing.about, mailing.subject)) if one.number == mailing.id)
