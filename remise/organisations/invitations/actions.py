"""Asking somebody to work for the company, once more or not after all; and what who was asked answers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.identifiers import IdentifierError, mail_address
from remise.core.keeping import words
from remise.core.keys import fingerprint
from remise.core.limits import Limit, refusing
from remise.organisations.invitations.rules import AGAIN, BY_COMPANY, State, state_of
from remise.organisations.models import Branch, Invitation
from remise.organisations.moves import require_divisible
from remise.organisations.rights import OrganisationRight, offered

type Held = tuple[str, int | None]  # right and branch; None = every branch
type Tell = Callable[[Invitation, str], None]  # mails the invitation, with its secret


@dataclass(frozen=True, slots=True)
class Joined:
    """Where somebody works now, and as which colleague."""

    organisation: int
    membership: int


@transaction.atomic
def invite_colleague(
    *, by: Actor, email: str, name: str, rights: Collection[Held], days: int, tell: Tell
) -> Invitation:
    """Ask who reads this mailbox to work for the company, beginning with these rights. `days`: how long it can be
    accepted. The secret goes into the mail and is not returned."""
    _require(by)
    if by.portal is None or by.account is None:
        raise NotVisible(_("Only a colleague can invite."))
    _known(by, rights)
    secret, email = _fresh(), address_of(email)
    _not_here(by, email)
    invitation = Invitation(
        portal=by.portal,
        organisation=by.company,
        email=email,
        display_name=words(name, field="name", longest=160),
        rights=[list(pair) for pair in sorted(rights, key=_order)],
        invited_by=by.account,
        secret_sha=fingerprint(secret),
        expires_at=lasting_until(days),
    )
    save(invitation)
    _take(BY_COMPANY, by.company)
    _record("invitation.made", by, invitation, after={"rights": invitation.rights, "days": days})
    tell(invitation, secret)
    return invitation


@transaction.atomic
def send_again(*, by: Actor, invitation: int, days: int, tell: Tell) -> Invitation:
    """A new mail with a new link, from now on the only one that works; also where the old one has expired."""
    found = _open(by, invitation)
    _take(AGAIN, found.id)
    secret = _fresh()
    found.secret_sha, found.sent, found.asked_again_at = fingerprint(secret), found.sent + 1, None
    found.expires_at = lasting_until(days)
    found.save(update_fields=["secret_sha", "sent", "asked_again_at", "expires_at"])
    _record("invitation.sent_again", by, found, after={"days": days})
    tell(found, secret)
    return found


@transaction.atomic
def withdraw(*, by: Actor, invitation: int) -> Invitation:
    """The link in the mail opens nothing any more."""
    found = _open(by, invitation)
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    _record("invitation.withdrawn", by, found)
    return found


@transaction.atomic
def accept(*, account: int, secret: str) -> Joined | None:
    """In the scope of this account: it works for the company from now on, with the rights laid down. None where the
    invitation is over or has expired; of two at once the second one."""
    found = rows(
        "select organisation, membership, portal, event from invitation_accept(%s, %s)",
        fingerprint(secret),
        account,
    )
    if not found:
        return None
    ((organisation, membership, portal, event),) = found
    events.announce("membership.began", [(portal, event)])
    return Joined(organisation, membership)


def decline(secret: str) -> None:
    rows("select invitation_decline(%s)", fingerprint(secret))


def ask_again(secret: str) -> None:
    """Of an expired one; who invited sees it. Asking twice is asking once."""
    rows("select invitation_ask_again(%s)", fingerprint(secret))


def lasting_until(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def _fresh() -> str:
    return token_urlsafe(32)


def _require(by: Actor) -> None:
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)


def _open(by: Actor, invitation: int) -> Invitation:
    _require(by)
    theirs = Invitation.objects.filter(organisation=by.company).select_for_update(no_key=True)
    found = theirs.filter(id=invitation).first()
    if found is None:
        raise NotVisible(_("This invitation does not exist."))
    state = state_of(
        now=timezone.now(),
        expires=found.expires_at,
        accepted=found.accepted_at,
        declined=found.declined_at,
        withdrawn=found.withdrawn_at,
    )
    if state not in {State.PENDING, State.EXPIRED}:
        raise BrokenRule(_("This invitation is over already."), code="invitation_over")
    return found


def _known(by: Actor, rights: Collection[Held]) -> None:
    """Only what this colleague could also give afterwards."""
    allowed = {entry.right for entry in offered(by)}
    for right, branch in rights:
        if right not in allowed:
            raise NotVisible(_("This right does not exist."))
        if branch is not None:
            require_divisible(right)
    branches = {branch for _right, branch in rights if branch is not None}
    if Branch.objects.filter(organisation=by.company, id__in=branches).count() != len(branches):
        raise NotVisible(_("This branch does not exist."))


def _not_here(by: Actor, email: str) -> None:
    """Of other companies nothing is told: only one's own colleagues are known."""
    ((is_here,),) = rows("select works_here(%s, %s)", by.company, email)
    if is_here:
        raise BrokenRule(
            _("Who reads this mailbox works here already. You find the rights under “My company”."),
            code="works_here",
            field="email",
        )


def address_of(email: str) -> str:
    try:
        return mail_address(email)
    except IdentifierError as error:
        raise BrokenRule(str(error), code="email", field="email") from error


def save(invitation: Invitation) -> None:
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        raise BrokenRule(
            _("Somebody with this address is invited already. Send that invitation again, or withdraw it first."),
            code="invited_already",
            field="email",
        ) from error


def _take(limit: Limit, *subject: object) -> None:
    with refusing(_("Those were many invitations. Try again in %(minutes)s minutes.")):
        limit.take(*subject)


def _order(pair: Held) -> tuple[str, int]:
    return pair[0], pair[1] or 0


def _record(kind: str, by: Actor, invitation: Invitation, *, after: dict[str, object] | None = None) -> None:
    """With ids and rights: whom it is for is in the row that is emptied (docs/adr/0007)."""
    events.record(
        kind, by=by, organisation=invitation.organisation, subject=("invitation", invitation.id), after=after
    )
