"""Mails that were not delivered, as one portal meets them: whom they were for and why they did not go, never what
they said. Who may call is asked by the room above that does. The rows are behind doors: who writes mails reads
none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.doors import rows
from remise.messages.tasks import send

WHY = {
    "refused": gettext_lazy("The mail server refuses it. Often the address does not exist."),
    "put_off": gettext_lazy("The mail server kept asking to come back later."),
    "not_drawn": gettext_lazy("What goes with it could not be drawn."),
    "too_late": gettext_lazy("It waited for days and was not tried any more."),
}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`total` is how many of them there are."""

    mail: int
    kind: str
    recipient: str
    subject: str
    state: str
    fault: str
    attempts: int
    settled_at: datetime
    secret: bool
    total: int

    @property
    def why(self) -> str:
        """In plain words: what is stored is a word of ours, or the name of an error (`sending`)."""
        return str(WHY.get(self.fault, _("The mail server could not be reached.")))


def dead_letters(*, size: int, below: int | None = None, above: int | None = None) -> Sequence[DeadLetter]:
    """So many, newest first, but those whose words were let go: those with a number below one, or the next ones above
    one."""
    return [DeadLetter(*row) for row in rows("select * from mails_not_delivered(%s, %s, %s)", below, above, size)]


def is_known(mail: int) -> bool:
    return bool(rows("select mail_known(%s)", mail)[0][0])


def put_back(portal: int, mail: int) -> bool:
    """Have it sent again, with a job in this transaction; False where it is none that was not delivered."""
    references = rows("select mail_put_back(%s)", mail)
    for (reference,) in references:
        send.defer(portal, mail=str(reference))
    return bool(references)


def let_go(mail: int) -> bool:
    """Forget whom it was for and what it said; False where it is none that was not delivered."""
    return bool(rows("select mail_let_go(%s)", mail))
