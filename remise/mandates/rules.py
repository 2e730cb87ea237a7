"""How a mandate stands, and how often one may be offered. Pure: moments and days come in as arguments."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from remise.core.identifiers import KvkNumber
from remise.core.limits import Limit
from remise.core.words import Text
from remise.portals.retention import Category

# Mails with somebody else's words go out in the insurer's name (as with invitations).
BY_COMPANY = Limit("mandate.by_company", times=30, seconds=3600)
AGAIN = Limit("mandate.again", times=5, seconds=24 * 3600)

# Each is mailed to who gives mandates.
BY_PERSON = Limit("mandate.wished", times=20, seconds=24 * 3600)
# So long it is told that an office asks for one right more.
WISHED = timedelta(days=14)

# So long before its last day both sides are told.
SOON = timedelta(days=14)

# The mailbox that a mandate was offered to, after it is over (docs/adr/0020).
OFFERED = Category(
    "mandates.offered",
    label=_("Mailboxes that mandates were offered to"),
    lets_go=_("The address, after the offer is over. The mandate stays, in the name of the office."),
    days=90,
    source=_("Our own policy: a quarter to look back at"),
    least=30,
    why_least=_("An offer that expired can be sent again for a while."),
)


class State(StrEnum):
    OFFERED = "offered"
    EXPIRED = "expired"  # as an offer
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    AHEAD = "ahead"  # taken on; it begins later
    RUNNING = "running"
    OVER = "over"  # by the calendar
    ENDED = "ended"  # by the company that gave it
    HANDED_BACK = "handed_back"  # by the office


WORDS: dict[State, Text] = {
    State.OFFERED: _("Waits for an answer"),
    State.EXPIRED: _("Nobody answered"),
    State.DECLINED: _("Declined"),
    State.WITHDRAWN: _("Withdrawn"),
    State.AHEAD: _("Begins later"),
    State.RUNNING: _("In force"),
    State.OVER: _("Over"),
    State.ENDED: _("Ended"),
    State.HANDED_BACK: _("Handed back"),
}
TONES = {State.OFFERED: "info", State.EXPIRED: "warn", State.AHEAD: "info", State.RUNNING: "good"}
UNANSWERED = frozenset({State.OFFERED, State.EXPIRED})
STANDING = frozenset({State.AHEAD, State.RUNNING})


def state_of(
    *,
    now: datetime,
    today: date,
    starts: date,
    ends: date | None,
    expires: datetime,
    accepted: datetime | None,
    declined: datetime | None = None,
    withdrawn: datetime | None = None,
    ended: datetime | None = None,
    handed_back: bool = False,
) -> State:
    """`ends` is the first day without. What was ended stays ended, whatever its days say."""
    if ended:
        return State.HANDED_BACK if handed_back else State.ENDED
    if declined:
        return State.DECLINED
    if withdrawn:
        return State.WITHDRAWN
    if accepted is None:
        return State.OFFERED if now < expires and (ends is None or today < ends) else State.EXPIRED
    if ends is not None and ends <= today:
        return State.OVER
    return State.RUNNING if starts <= today else State.AHEAD


def last_day_of(ends: date | None) -> date | None:
    """As people give and read it: included."""
    return ends - timedelta(days=1) if ends else None


def ends_soon(*, today: date, ends: date | None, taken_on: date) -> bool:
    """Whoever took it on within that time knows its last day."""
    last = last_day_of(ends)
    return last is not None and today <= last <= today + SOON and taken_on < last - SOON


def addressee(text: str) -> tuple[str, bool]:
    """Whom an offer is for, and whether that is a mailbox: an address has a sign that no number has."""
    written = text.strip()
    if "@" in written:
        return written, True
    number = "".join(written.split())
    return (KvkNumber.parse(number).value if KvkNumber.fits(number) else number), False


def is_number(text: str) -> bool:
    """Of the kinds that an office has: KvK, relation and intermediary numbers hold digits, perhaps with letters,
    points and dashes; nothing of what is said in words."""
    return re.fullmatch(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9./-]*", text) is not None
