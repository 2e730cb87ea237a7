"""By the office: taking a mandate on, turning it down, handing it back. The rows are the client's: each is a door."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.keys import fingerprint
from remise.mandates.rights import ClientRight


@dataclass(frozen=True, slots=True)
class TakenOn:
    mandate: int
    client: int
    office: int
    membership: int  # of who took it on, at the office


@transaction.atomic
def accept_offer(*, by: Actor, mandate: int) -> TakenOn:
    """What was offered to the own office by its number."""
    _require(by)
    taken = _accept(mandate, None, by.company, by.account)
    if taken is None:
        raise BrokenRule(_("This offer is over: ask the company to offer it again."), code="mandate_over")
    return taken


@transaction.atomic
def accept_mailed(*, account: int, secret: str, office: int | None) -> TakenOn | None:
    """In the scope of this account, which holds the secret: for an office where it may take mandates on, or (None)
    for oneself. None where the offer is over; of two at once the second one."""
    return _accept(None, fingerprint(secret), office, account)


@transaction.atomic
def decline_offer(*, by: Actor, mandate: int) -> None:
    _require(by)
    _declined(mandate, None)


@transaction.atomic
def decline_mailed(secret: str) -> None:
    _declined(None, fingerprint(secret))


def ask_again(secret: str) -> None:
    """Of an offer that expired; who gave it sees it. Asking twice is asking once."""
    rows("select mandate_ask_again(%s)", fingerprint(secret))


@transaction.atomic
def hand_back(*, by: Actor, mandate: int, why: str = "") -> None:
    """The office acts no more, from this moment on."""
    _require(by)
    written = rows("select portal, event from mandate_hand_back(%s, %s, %s)", mandate, why.strip()[:300], by.account)
    if not written:
        raise NotVisible(_("This mandate does not exist."))
    events.announce("mandate.handed_back", written)


def forget(account: int) -> None:
    """Of who closes the account: at every insurer, what one took on alone is handed back; offers are let go of."""
    events.announce("mandate.handed_back", rows("select portal, event from offers_to_forget(%s)", account))


def _require(by: Actor) -> None:
    decision = can(by, ClientRight.MANAGE)
    if not decision:
        raise Forbidden(decision)


def _accept(mandate: int | None, secret: str | None, office: int | None, account: int | None) -> TakenOn | None:
    try:
        with transaction.atomic():
            found = rows(
                "select mandate, organisation, office, membership, portal, event from mandate_accept(%s, %s, %s, %s)",
                mandate,
                secret,
                office,
                account,
            )
    except IntegrityError as error:
        raise BrokenRule(
            _("Your office acts for this company for the same purpose already."), code="mandate_there"
        ) from error
    if not found:
        return None
    (*taken, portal, event) = found[0]
    events.announce("mandate.accepted", [(portal, event)])
    return TakenOn(*taken)


def _declined(mandate: int | None, secret: str | None) -> None:
    events.announce("mandate.declined", rows("select portal, event from mandate_decline(%s, %s)", mandate, secret))
