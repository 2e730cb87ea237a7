"""Who asks about oneself: the account, whatever company it works for and as whoever it looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from remise.accounts.assurance import assurance_of
from remise.accounts.journal import as_account
from remise.accounts.models import Account
from remise.core.actor import Actor, Assurance
from remise.core.errors import Forbidden, NotVisible
from remise.core.rights import SECOND_FACTOR
from remise.core.scope import ActorKind
from remise.organisations.requests import as_member
from remise.privacy.rights import COMMAND

NOBODY = _("There is nothing here")


@contextmanager
def oneself(request: HttpRequest) -> Iterator[Actor]:
    """Act as the person, in the account's own scope for a moment. What goes wrong inside is caught inside."""
    account = request.user
    assert isinstance(account, Account)
    portal = as_member(request).portal
    with as_account(request, account):
        yield Actor(
            kind=ActorKind.ACCOUNT,
            portal=portal.id,
            account=account.pk,
            clock_offset=portal.clock_offset,
            assurance=assurance_of(request),
        )


def own_account(by: Actor) -> int:
    assert by.account is not None
    return by.account


def require_own(by: Actor, account: int) -> None:
    """Raise unless it is one's own account, proven with both factors, or the command on the server names it."""
    if by.kind is ActorKind.SYSTEM and by.by_system == COMMAND:
        return
    if by.kind is not ActorKind.ACCOUNT or by.account != account:
        raise NotVisible(NOBODY)
    if by.assurance < Assurance.TWO_FACTORS:
        raise Forbidden(SECOND_FACTOR)
