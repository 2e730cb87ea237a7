"""Wrong passwords: what they lead to, and who is told.

Five block the account for browsers that never signed in with it (row 33); a known browser has a count of its own.
Every answer to a wrong or unknown pair is the same, and so is the work behind it: whether an account exists, and
whether it is blocked, is told to who knows the password, and by mail (OWASP Authentication Cheat Sheet).
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from remise.accounts import devices
from remise.accounts.models import Account, Block
from remise.accounts.places import caller_address, network_of
from remise.core import events
from remise.core.actor import Actor
from remise.core.limits import Limit, give_back
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


def judge(request: HttpRequest, typed: str, check: Check) -> Account | None:
    """Who gets in with what was typed, nobody, or `Blocked`; `check` compares the password with that of the account,
    which may be nobody's. Raises `TooOften` where
    one place tries too much."""
    slot = PLACE.take(network_of(caller_address(request)))
    account = Account.objects.filter(email=typed.lower()).first() or Account(pk=0, email=typed.lower(), trust=0)
    device = devices.known(request, account)
    right = check(account)
    if right is not None:
        give_back(slot)
    if device and not OWN.is_used_up(device) and not OWN_A_DAY.is_used_up(device):
        if right is None:
            OWN.begin(device)
            OWN_A_DAY.begin(device)
        return right
    return _from_an_unknown_browser(request, account, right)


def _from_an_unknown_browser(request: HttpRequest, account: Account, right: Account | None) -> Account | None:
    subject = account.pk or account.email
    is_blocked = open_block(account.pk) is not None
    left, left_blocked = WRONG.left(subject), BLOCKED.left(subject)
    if right is not None:
        if not is_blocked:
            return right
        if left_blocked:
            raise Blocked
        return None
    # The count alone decides what is done now, so that nobody's address takes the same way. It is read again: of some
    # guesses at once each found more than one left, and none would have been the last.
    (WRONG if left else BLOCKED).begin(subject)
    if left and WRONG.is_used_up(subject):
        portal = portal_of(request)
        doors = Scope(ActorKind.PUBLIC, portal.id if portal else None)
        lasting(request, doors, partial(_block, request, account))
    return None


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
    """Block it, write it down and mail it; for an address without an account all of this is done and undone."""
    portal = portal_of(request)
    by = Actor(
        kind=ActorKind.PUBLIC,
        portal=portal.id if portal else None,
        clock_offset=portal.clock_offset if portal else timedelta(0),
        by_system="door",
    )
    nobody = -secrets.randbelow(2**60)
    try:
        with transaction.atomic():
            Block.objects.create(account_id=account.pk or nobody, since=timezone.now())
            events.record("account.blocked", by=by, subject=("account", account.pk))
            _tell(request, account)
            if not account.pk:
                transaction.set_rollback(True)
    except IntegrityError:  # it is blocked already, and was told
        return


def _tell(request: HttpRequest, account: Account) -> None:
    """The library's context is gone where the answer broke and this is written once more."""
    with context.request_context(request), translation.override(account.language or translation.get_language()):
        get_adapter(request).send_notification_mail("account/email/blocked", account, email=account.email)
