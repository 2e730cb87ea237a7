"""Wrong passwords: what they lead to, and who is told.

Five block the account for browsers that never signed in with it (row 33); a known browser has a count of its own.
Every answer to a wrong or unknown pair is the same, and so is the work behind it: whether an account exists, and
whether it is blocked, is told to who knows the password, and by mail (OWASP Authentication Cheat Sheet).
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from remise.accounts import devices
from remise.accounts.models import Account, Block
from remise.accounts.places import caller_address, network_of
from remise.core import events
from remise.core.actor import Actor
from remise.core.limits import Limit, TooOften, give_back
from remise.core.middleware import lasting
from remise.core.scope import ActorKind, Scope
from remise.portals.requests import portal_of

DAY = 24 * 3600
# A place tries no more than this, at whatever accounts.
PLACE = Limit("password.place", times=20, seconds=60)
# In browsers that the account does not know, together.
WRONG = Limit("password.wrong", times=5, seconds=DAY)
# A browser that the account knows; afterwards it counts as one that it does not.
OWN = Limit("password.own", times=5, seconds=15 * 60)
# So often a day it has attempts of its own: a stolen cookie must not guess for months (NIST SP 800-63B-4, 3.2.2).
OWN_A_DAY = Limit("password.own_a_day", times=20, seconds=DAY)
# Under a block the right password is told so. After this many more wrong ones it is not: guessing goes no further.
BLOCKED = Limit("password.blocked", times=20, seconds=DAY)
# The password once more, in a session that is open.
AGAIN = Limit("password.again", times=5, seconds=5 * 60)

type Check = Callable[[Account], Account | None]


class Blocked(Exception):
    """The password is right, and this browser is not let in."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an attempt may lead to, settled before the password is compared: of many at the same moment each has its
    own place in the count, and none is judged that the count had no place for."""

    slots: tuple[str, ...] = ()
    opens: bool = False  # the right password gets in
    tells: bool = False  # it does not, and reads why
    may_block: bool = False


def judge(request: HttpRequest, typed: str, check: Check) -> Account | None:
    """Who gets in with what was typed, nobody, or `Blocked`; `check` compares the password with that of the account,
    which may be nobody's. Raises `TooOften` where one place tries too much."""
    slot = PLACE.take(network_of(caller_address(request)))
    account = Account.objects.filter(email=typed.lower()).first() or Account(pk=0, email=typed.lower(), trust=0)
    turn = _turn(account, devices.known(request, account))
    right = check(account)
    if right is not None and (turn.opens or turn.tells):
        give_back(slot, *turn.slots)  # nothing where nothing is told: that more is left would tell it
        if turn.opens:
            return right
        raise Blocked
    # It is read again: of some guesses at once each found more than one left, and none would have been the last.
    if turn.may_block and WRONG.is_used_up(_subject(account)):
        portal = portal_of(request)
        doors = Scope(ActorKind.PUBLIC, portal.id if portal else None)
        lasting(request, doors, partial(_block, request, account))
    return None


def _turn(account: Account, device: str) -> Turn:
    """In a browser that is not known the counts alone decide the way, so that nobody's address goes the same."""
    if device:
        with suppress(TooOften):
            own = OWN.take(device)
            try:
                return Turn((own, OWN_A_DAY.take(device)), opens=True)
            except TooOften:
                give_back(own)
    subject = _subject(account)
    is_blocked, left = open_block(account.pk) is not None, BLOCKED.left(subject)
    with suppress(TooOften):
        return Turn((WRONG.take(subject),), opens=not is_blocked, tells=is_blocked and left > 0, may_block=True)
    # Five others hold the count. Where they are judged at this moment, before there is a block, this one is not.
    with suppress(TooOften):
        return Turn((BLOCKED.take(subject),), tells=is_blocked)
    return Turn()


def _subject(account: Account) -> object:
    return account.pk or account.email


def open_block(account: int) -> Block | None:
    return Block.objects.filter(account=account, lifted_at=None).first()


def begin_anew(account: int) -> None:
    """Whoever signed in with both factors, or was let in again, has all attempts left."""
    WRONG.begin_anew(account)
    BLOCKED.begin_anew(account)


def lift_by_mailbox(account: Account) -> None:
    """Whoever holds the mailbox chose another password: what was guessed at is gone (OWASP, the same)."""
    Block.objects.filter(account=account, lifted_at=None).update(
        lifted_at=timezone.now(), lifted_by=account.pk, how=Block.How.RESET
    )
    begin_anew(account.pk)


def _block(request: HttpRequest, account: Account) -> None:
    """Block it, write it down and mail it; for an address without an account, and for one that is blocked already,
    all of this is done and undone."""
    portal = portal_of(request)
    by = Actor(
        kind=ActorKind.PUBLIC,
        portal=portal.id if portal else None,
        clock_offset=portal.clock_offset if portal else timedelta(0),
        by_system="door",
    )
    nobody = -secrets.randbelow(2**60)
    is_new = open_block(account.pk) is None and account.pk != 0
    try:
        with transaction.atomic():
            Block.objects.create(account_id=account.pk if is_new else nobody, since=timezone.now())
            events.record("account.blocked", by=by, subject=("account", account.pk))
            _tell(request, account)
            if not is_new:
                transaction.set_rollback(True)
    except IntegrityError:  # by another one of this moment, and that one told it
        return


def _tell(request: HttpRequest, account: Account) -> None:
    """The library's context is gone where the answer broke and this is written once more."""
    with context.request_context(request):
        get_adapter(request).send_notification_mail("account/email/blocked", account, email=account.email)
