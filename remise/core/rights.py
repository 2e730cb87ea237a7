"""Rights as words, and the decision that explains itself. Who holds which right is the room organisations' matter."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from remise.core.words import Text


class Right(StrEnum):
    """Base of each room's enumeration of rights. The value is what is stored: short, stable, `room.verb`."""


class StaffRight(Right):
    """Base of the rights that only an insurer's own people can hold. They hold for all companies of their portal: the
    wall shows them no other. A customer never holds one, and they never hold a customer's (docs/adr/0013)."""


class SharedRight(Right):
    """Base of the rights that a company's own people hold, be it a customer or the insurer itself."""


class CompanyRight(Right):
    """Base of the rights that are held for the whole company or not at all: who decides for one branch who may act
    could decide it for the others. Never given by mandate (docs/adr/0023)."""


@dataclass(frozen=True, slots=True)
class RightLabel:
    """How a right is shown in the matrix: its name, and what it lets a person do. `needs`: what it is of little use
    without; a click gives these too. `of_offices`: for who works for others, such as an intermediary; the owner
    of any other company does not get it by being that."""

    right: Right
    label: Text
    explanation: Text
    needs: tuple[Right, ...] = ()
    of_offices: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not; if not: the rule that said so, the right that is missing, and the branch it is missing in."""

    allowed: bool
    code: str = ""
    message: Text = ""
    right: Right | None = None
    branch: int | None = None

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(allowed=True)


def missing(right: Right, *, branch: int | None = None) -> Decision:
    return Decision(
        allowed=False,
        code="right_missing",
        message=_("You do not have the right for this yet."),
        right=right,
        branch=branch,
    )


SECOND_FACTOR = Decision(
    allowed=False,
    code="second_factor_missing",
    message=_("Confirm with your authenticator app first."),
)
