"""Where a program enters the scope of the company it works for: one of the three places that may (core.scope).

It comes with its key and nothing else. Whose key it is, is asked through a door, in the portal of the address; a key
that was never made, was taken back, has expired, belongs to another insurer or comes from a network it may not come
from gets one and the same answer.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from remise.accounts.places import caller_address, network_of
from remise.core import scope
from remise.core.actor import Actor, Assurance
from remise.core.clock import day_of
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.core.limits import Rate
from remise.organisations import actors, relation_numbers
from remise.organisations.models import ApiToken
from remise.organisations.requests import MemberRequest
from remise.organisations.selectors import OwnMembership, pairs_told
from remise.organisations.tokens.rules import narrowed
from remise.organisations.tokens.secrets import FORM, Secret

# Nobody guesses a key; this is about the noise. Who shows a good one is not counted, also from the same address.
FAILED = Rate("api-failed", times=60, seconds=60)


class UnknownKey(BrokenRule):
    """401, whatever is wrong with it."""

    code = "key_unknown"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the door tells of a key."""

    token: int
    account: int
    own: OwnMembership
    rights: list[str]
    branches: list[int] | None
    used_on: date | None


def enter(request: MemberRequest) -> Actor:
    """Take the scope of the company whose key is shown, with what its maker may do now, cut down to the key's own."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    address = caller_address(request)
    shown = None
    if scheme.lower() == "bearer" and FORM.fullmatch(text.strip()):
        shown = _ask(Secret(text.strip()), address)
    if shown is None:
        FAILED.take(network_of(address))
        raise UnknownKey(_("This key does not work. Send one that does as: Authorization: Bearer …"))
    branches = shown.branches
    request.membership = shown.own
    request.actor = actors.member(
        shown.own,
        account=shown.account,
        portal=request.portal.id,
        branch=branches[0] if branches and len(branches) == 1 else None,
        assurance=Assurance.TWO_FACTORS,  # proven when the key was made
        clock_offset=request.portal.clock_offset,
        token=shown.token,
        via="api",
    )
    scope.switch(request.actor.scope)
    _note_use(shown)
    return request.actor


def require_number(request: MemberRequest) -> None:
    """The branch that the key works in has its relation number, where the portal asks for one."""
    relation_numbers.require(request.actor, request.portal)


def _ask(secret: Secret, address: str | None) -> Shown | None:
    found = rows(
        "select token, account, membership, organisation, organisation_name, display_name, grants, rights,"
        " branches, used_on from api_token(%s, %s)",
        secret.fingerprint,
        address,
    )
    if not found:
        return None
    token, account, membership, organisation, company, name, held, rights, branches, used_on = found[0]
    rights = pairs_told(rights)
    grants = narrowed(
        frozenset((right, place) for right, place in pairs_told(held)), rights=rights, branches=branches
    )
    own = OwnMembership(membership, organisation, company, name, grants)
    return Shown(token, account, own, rights, branches, used_on)


def _note_use(shown: Shown) -> None:
    """The day, once: who writes it at this moment is not waited for."""
    today = day_of(timezone.now())
    if shown.used_on == today:
        return
    unused = ApiToken.objects.exclude(last_used_on=today).select_for_update(skip_locked=True, no_key=True)
    if unused.filter(id=shown.token, organisation=shown.own.organisation).exists():
        ApiToken.objects.filter(id=shown.token, organisation=shown.own.organisation).update(last_used_on=today)
