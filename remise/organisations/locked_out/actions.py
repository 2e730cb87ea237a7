"""Letting somebody in again: lifting a block, and confirming that a phone is lost. And signing somebody out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from remise.accounts import blocking, ended_sessions
from remise.accounts.ended_sessions import Why
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.organisations.locked_out import selectors
from remise.organisations.locked_out.rules import Helper, Verified
from remise.organisations.models import Membership
from remise.organisations.moves import record
from remise.organisations.rights import LetInRight, OrganisationRight, is_staff
from remise.organisations.tasks import tell_person


@transaction.atomic
def lift_block(*, by: Actor, membership: int) -> Membership:
    """By who gives rights in the company: a colleague signs in again in any browser."""
    return _lift(by, _colleague(by, membership), Helper.ADMINISTRATOR, "")


@transaction.atomic
def lift_block_at_desk(*, by: Actor, membership: int, verified: Verified) -> Membership:
    """By the insurer's desk, of an administrator, or where there is none."""
    return _lift(by, _of_the_desk(by, membership), Helper.DESK, verified)


@transaction.atomic
def confirm_lost_phone(*, by: Actor, membership: int) -> datetime:
    """It is the colleague who asked. From now on the wait of the portal runs; gives when the app goes."""
    return _confirm(by, _colleague(by, membership), "")


@transaction.atomic
def confirm_lost_phone_at_desk(*, by: Actor, membership: int, verified: Verified) -> datetime:
    return _confirm(by, _of_the_desk(by, membership), verified)


@transaction.atomic
def sign_out(*, by: Actor, membership: int) -> int:
    """By who gives rights in the company: a colleague is out at the next click, in every browser at this insurer.
    Gives how many sessions ended; of who is signed in nowhere nothing is told or written."""
    return _sign_out(by, _colleague(by, membership), Helper.ADMINISTRATOR)


@transaction.atomic
def sign_out_at_desk(*, by: Actor, membership: int) -> int:
    """By the insurer's desk, at once: it lets nobody in, so that it need not be said who asked for it."""
    return _sign_out(by, _of_the_desk(by, membership), Helper.DESK)


def _lift(by: Actor, whom: Membership, how: Helper, verified: str) -> Membership:
    lifted = rows("select block_lift(%s, %s, %s)", whom.id, how, verified)
    if not lifted or lifted[0][0] is None:
        raise BrokenRule(_("Somebody was faster: this account is not blocked any more."), code="not_blocked")
    blocking.begin_anew(whom.account_id)
    record("membership.unblocked", by, whom, after={"how": str(how), "verified": str(verified)})
    tell_person.defer(whom.portal, account=whom.account_id, what="unblocked")
    return whom


def _confirm(by: Actor, whom: Membership, verified: str) -> datetime:
    told = rows("select account, lost_phone, due_at from lost_phone_confirm(%s, %s)", whom.id, verified)
    if not told:
        raise BrokenRule(_("This is confirmed already, or it was stopped."), code="not_asked")
    account, lost, due = told[0]
    record("membership.phone_lost", by, whom, after={"verified": str(verified)})
    tell_person.defer(whom.portal, account=account, what="lost_phone_confirmed", lost=lost, due=int(due.timestamp()))
    moment: datetime = due
    return moment


def _sign_out(by: Actor, whom: Membership, how: Helper) -> int:
    ended = ended_sessions.end((key for (key,) in rows("select key from sessions_end(%s)", whom.id)), Why.HELPED)
    if ended:
        record("membership.signed_out", by, whom, after={"how": str(how)})
        tell_person.defer(whom.portal, account=whom.account_id, what="signed_out")
    return ended


def _colleague(by: Actor, membership: int) -> Membership:
    """Of the company of who gives rights in it, and neither an administrator nor oneself."""
    if by.organisation is None:
        raise NotVisible(_("This colleague does not exist."))
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)
    found = _active(membership, organisation=by.organisation)
    if found.account_id == by.account or selectors.helper_for(found) is Helper.DESK:
        raise BrokenRule(
            _("Who gives rights in a company is let in again by the insurer's desk. Call it."), code="desk_only"
        )
    return found


def _of_the_desk(by: Actor, membership: int) -> Membership:
    """In any company of the insurer's, for its desk."""
    if not is_staff(by):
        raise NotVisible(_("This colleague does not exist."))
    decision = can(by, LetInRight.LET_IN)
    if not decision:
        raise Forbidden(decision)
    found = _active(membership, portal=by.in_portal)
    if selectors.helper_for(found) is not Helper.DESK:
        raise NotVisible(_("This colleague does not exist."))
    if found.account_id == by.account:
        raise BrokenRule(_("Nobody lets oneself in. Ask a colleague at the desk."), code="self")
    return found


def _active(membership: int, **where: int) -> Membership:
    found = Membership.objects.filter(id=membership, state=Membership.State.ACTIVE, **where).first()
    if found is None:
        raise NotVisible(_("This colleague does not exist."))
    return found
