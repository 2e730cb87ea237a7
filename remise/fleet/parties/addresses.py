"""Where what is mailed about a vehicle goes: the address of its driver, else of its lessee, is offered and kept."""

from collections.abc import Mapping
from typing import Any

from remise.core import clock
from remise.core.actor import Actor
from remise.fleet.access import may
from remise.fleet.models import RegistrationVersion
from remise.fleet.parties.actions import remember_address
from remise.fleet.parties.seeing import parties_seen
from remise.fleet.rights import FleetRight
from remise.messages.forms import Recipient
from remise.organisations.parties import who


def recipient_of(by: Actor, item: int) -> Recipient | None:
    """None where nobody is named, or this actor does not see who."""
    held = RegistrationVersion.objects.as_of(clock.today(by)).filter(item=item, organisation=by.company).first()
    number = (held.driver or held.lessee) if held else None
    known = who(by.company, [number]).get(number) if number else None
    party = parties_seen(by).filter(id=known.id).first() if known else None
    if party is None:
        return None
    keeps = parties_seen(by, FleetRight.MANAGE_PARTIES).filter(id=party.id).exists()
    return Recipient(party.id, party.name, party.email, may_keep=keeps and may(by, FleetRight.MANAGE_PARTIES))


def remember(by: Actor, to: Recipient | None, said: Mapping[str, Any]) -> None:
    """What was ticked beside the address that a mail went to."""
    if to is not None and to.may_keep and said.get("remember"):
        remember_address(by=by, party=to.number, email=said["recipient"])
