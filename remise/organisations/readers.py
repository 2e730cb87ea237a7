"""Who is written to by mail, and with which rights they would read it."""

from dataclasses import dataclass

from django.db import connection

from remise.core.actor import Actor, Assurance
from remise.organisations import actors
from remise.organisations.selectors import memberships_of
from remise.portals.languages import spoken
from remise.portals.models import Portal


@dataclass(frozen=True, slots=True)
class Reader:
    """`language` is one of the portal's."""

    actor: Actor
    address: str
    language: str


def reader_of(by: Actor, account: int, *, organisation: int, portal: Portal) -> Reader | None:
    """Who works in this company now; None for who left, or closed the account. For the system, in its own portal."""
    own = next((one for one in memberships_of(account) if one.organisation == organisation), None)
    with connection.cursor() as cursor:
        cursor.execute("select address, language from mailbox_of(%s)", [account])
        row = cursor.fetchone()
    if own is None or row is None:
        return None
    actor = actors.member(
        own,
        account=account,
        portal=portal.id,
        branch=None,
        assurance=Assurance.TWO_FACTORS,
        clock_offset=by.clock_offset,
        via="job",
    )
    offered = spoken(portal)
    return Reader(actor, row[0], row[1] if row[1] in offered else offered[0])
