"""Giving a program a key and taking it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, can
from remise.core.clock import day_of
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.organisations.models import ApiToken, Branch
from remise.organisations.moves import require_divisible
from remise.organisations.rights import ConnectionRight
from remise.organisations.tokens.rules import LONGEST, narrowed
from remise.organisations.tokens.secrets import Secret


@dataclass(frozen=True, slots=True)
class Made:
    token: ApiToken
    secret: Secret  # told once, and kept nowhere


@transaction.atomic
def make_token(
    *,
    by: Actor,
    name: str,
    rights: Collection[str],
    branches: Collection[int] | None,
    lifetime: timedelta,
    addresses: Sequence[str] = (),
) -> Made:
    """Make a key for a program: with rights that one holds oneself, in these branches (None = wherever one holds
    them), to be used from these networks (none = from anywhere)."""
    _require(by)
    if by.membership is None or by.portal is None or by.token is not None:
        raise NotVisible(_("Only a colleague can connect a program."))
    _held(by, rights, branches)
    if not timedelta(0) < lifetime <= LONGEST:
        raise BrokenRule(_("Choose how long the key holds."), code="lifetime", field="lifetime")
    secret = Secret.fresh()
    token = ApiToken(
        portal=by.portal,
        organisation=by.company,
        membership_id=by.membership,
        name=name,
        prefix=secret.prefix,
        secret_sha=secret.fingerprint,
        rights=sorted(rights),
        branches=None if branches is None else sorted(branches),
        addresses=list(addresses) or None,
        expires_at=timezone.now() + lifetime,
    )
    _save(token)
    said = {"rights": token.rights, "branches": token.branches, "expires": day_of(token.expires_at).isoformat()}
    _record("token.made", by, token, after=said | {"addresses": bool(addresses)})
    return Made(token, secret)


@transaction.atomic
def revoke_token(*, by: Actor, token: int) -> ApiToken:
    """From the next call on the key opens nothing. Taking it back twice is taking it back once."""
    _require(by)
    found = ApiToken.objects.select_for_update(no_key=True).filter(id=token, organisation=by.company).first()
    if found is None:
        raise NotVisible(_("This connection does not exist."))
    if found.revoked_at is None:
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        _record("token.revoked", by, found)
    return found


def _require(by: Actor) -> None:
    decision = can(by, ConnectionRight.MANAGE_TOKENS)
    if not decision:
        raise Forbidden(decision)


def _held(by: Actor, rights: Collection[str], branches: Collection[int] | None) -> None:
    """At least one right, and each of them held by its maker in each of these branches."""
    if not rights:
        raise BrokenRule(_("Choose at least one right."), code="missing", field="rights")
    here = Branch.objects.filter(organisation=by.company, id__in=branches or ())
    if here.count() != len(set(branches or ())):
        raise NotVisible(_("This branch does not exist."))
    held = narrowed(by.grants, rights=rights, branches=None)
    if {right for right, _branch in held} != set(rights):
        raise _not_held()
    if branches is None:
        return
    for right in rights:
        require_divisible(right)
    if not {(right, branch) for right in rights for branch in branches} <= narrowed(
        by.grants, rights=rights, branches=branches
    ):
        raise _not_held()


def _not_held() -> BrokenRule:
    return BrokenRule(_("You cannot give a program a right that you do not hold yourself."), code="not_held")


def _save(token: ApiToken) -> None:
    try:
        with transaction.atomic():
            token.save()
    except IntegrityError as error:
        raise BrokenRule(
            _("There is a connection with this name already."), code="name_taken", field="name"
        ) from error


def _record(kind: str, by: Actor, token: ApiToken, *, after: dict[str, object] | None = None) -> None:
    events.record(kind, by=by, organisation=token.organisation, subject=("token", token.id), after=after)
