"""Who is written to by mail, and with which rights they would read it."""

from dataclasses import dataclass

from remise.core.actor import Actor, Assurance
from remise.core.doors import rows
from remise.organisations import actors
from remise.organisations.selectors import membership_in
from remise.organisations.standing_in import standing_later
from remise.portals.languages import spoken_of
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Reader:
    """`language` is one of the portal's."""

    actor: Actor
    address: str
    language: str


def reader_of(by: Actor, account: int, *, organisation: int, portal: Portal) -> Reader | None:
    """Who works in this company now; None for who left, or closed the account. For the system, in its own portal."""
    later = None if (own := membership_in(organisation, account)) else standing_later(organisation, account)
    own = later.own if later else own
    mailbox = rows("select address, language from mailbox_of(%s)", account)
    if own is None or not mailbox:
        return None
    ((address, language),) = mailbox
    actor = actors.member(
        own,
        account=account,
        portal=portal.id,
        branch=None,
        assurance=Assurance.TWO_FACTORS,
        clock_offset=by.clock_offset,
        via="job",
        office=later.office if later else None,
    )
    return Reader(actor, address, spoken_of(portal, language))
