"""Who is written to by mail, and with which rights they would read it."""

from dataclasses import dataclass

from remise.core.actor import Actor, Assurance
from remise.core.doors import rows
from remise.organisations import actors
from remise.organisations.standing_in import own_later
from remise.portals.languages import spoken_of
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`language`: of who reads it, one of the portal's."""

    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Reader(Mailbox):
    actor: Actor


def reader_of(
    by: Actor, account: int, *, organisation: int, portal: Portal, office: int | None = None
) -> Reader | None:
    """Who works in this company now, or acts for it from the office from which it was asked; None for who does so no
    more, or closed the account. For the system, in its own portal."""
    own = own_later(organisation, account, office=office)
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
        office=office,
    )
    return Reader(address, spoken_of(portal, language), actor)
