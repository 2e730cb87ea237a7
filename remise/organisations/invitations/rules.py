"""How an invitation stands, and for how long it holds."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from remise.core.limits import Limit

# Mails with somebody else's words go out in the insurer's name: enough for a company that starts, too few for a pest.
BY_COMPANY = Limit("invitation.by_company", times=60, seconds=3600)
AGAIN = Limit("invitation.again", times=5, seconds=24 * 3600)


class State(StrEnum):
    PENDING = "pending"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


WORDS = {
    State.PENDING: _("Invited"),
    State.EXPIRED: _("Expired"),
    State.ACCEPTED: _("Joined"),
    State.DECLINED: _("Declined"),
    State.WITHDRAWN: _("Withdrawn"),
}


def state_of(
    *,
    now: datetime,
    expires: datetime,
    accepted: datetime | None,
    declined: datetime | None,
    withdrawn: datetime | None,
) -> State:
    """At the very moment it expires it holds no more."""
    if accepted:
        return State.ACCEPTED
    if declined:
        return State.DECLINED
    if withdrawn:
        return State.WITHDRAWN
    return State.PENDING if now < expires else State.EXPIRED
