"""What the insurer does for a company that cannot do it yet: bring it in, and appoint who decides about rights
there. For staff with the right, by name; the system appoints the first one by what the insurer's book says."""

from collections.abc import Sequence
from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from remise.accounts.models import Account
from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.identifiers import KvkNumber
from remise.core.keeping import require_keeper, words
from remise.core.keys import fingerprint
from remise.core.scope import ActorKind
from remise.organisations.invitations.actions import Tell, address_of, lasting_until, save
from remise.organisations.models import BY_INSURER, Branch, Grant, Invitation, Membership, Organisation
from remise.organisations.moves import locked_people, record
from remise.organisations.rights import ROLES, CustomerRight, IntakeRight

OWNER = "owner"  # the role


def require_intake(by: Actor) -> int:
    """The portal, for staff with the right; customers meet no such page."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is nothing here"))
    decision = can(by, IntakeRight.HANDLE)
    if not decision:
        raise Forbidden(decision)
    return by.in_portal


def owners_rights(kind: str = Organisation.Kind.COMPANY) -> list[str]:
    """All that a company's own people can hold; what is for offices only where it is one."""
    role = next(role for role in ROLES if role.name == OWNER).at(office=kind == Organisation.Kind.INTERMEDIARY)
    return [str(entry.right) for entry in role.entries()]


@transaction.atomic
def admit_company(*, by: Actor, kind: str, name: str, kvk: KvkNumber, contact_email: str) -> Organisation:
    """A new customer with its head office; the relation number is linked later."""
    portal = require_intake(by)
    name = words(name, field="name", longest=120)
    made = Organisation(portal_id=portal, kind=kind, kvk=kvk.value, name=name, contact_email=contact_email)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        message = _("This insurer knows a company with this KvK number already. Appoint an administrator there.")
        raise BrokenRule(message, code="kvk_known", field="kvk") from error
    office = Branch.objects.create(portal=portal, organisation=made.id, name=name[:80])
    of = made.id
    events.record("organisation.added", by=by, organisation=of, subject=("organisation", of), after={"kind": kind})
    events.record("branch.added", by=by, organisation=of, subject=("branch", office.id), after={})
    return made


@transaction.atomic
def invite_administrator(*, by: Actor, organisation: int, email: str, name: str, days: int, tell: Tell) -> Invitation:
    """Somebody is asked to be the administrator of this company, with all that an owner may do."""
    portal = require_intake(by)
    customer = _customer(portal, organisation)
    assert by.account is not None
    _not_oneself(by, is_self=Account.objects.filter(id=by.account, email__iexact=email.strip()).exists())
    secret = token_urlsafe(32)
    invitation = Invitation(
        portal=portal,
        organisation=organisation,
        email=address_of(email),
        display_name=words(name, field="name", longest=160),
        rights=[[right, None] for right in owners_rights(customer.kind)],
        invited_by=by.account,
        secret_sha=fingerprint(secret),
        expires_at=lasting_until(days),
    )
    save(invitation)
    said = {"rights": invitation.rights, "days": days, "by": BY_INSURER}
    events.record(
        "invitation.made", by=by, organisation=organisation, subject=("invitation", invitation.id), after=said
    )
    tell(invitation, secret)
    return invitation


@transaction.atomic
def invite_again(*, by: Actor, invitation: int, days: int, tell: Tell) -> Invitation:
    """A new mail with a new link; the old one is dead."""
    portal = require_intake(by)
    found = Invitation.objects.select_for_update(no_key=True).filter(Invitation.OPEN, id=invitation, portal=portal)
    asked = found.first()
    if asked is None:
        raise BrokenRule(_("This invitation is over already."), code="invitation_over")
    secret = token_urlsafe(32)
    asked.secret_sha, asked.sent, asked.asked_again_at = fingerprint(secret), asked.sent + 1, None
    asked.expires_at = lasting_until(days)
    asked.save(update_fields=["secret_sha", "sent", "asked_again_at", "expires_at"])
    events.record(
        "invitation.sent_again",
        by=by,
        organisation=asked.organisation,
        subject=("invitation", asked.id),
        after={"days": days},
    )
    tell(asked, secret)
    return asked


@transaction.atomic
def make_administrator(*, by: Actor, organisation: int, membership: int, verified: Sequence[str] = ()) -> Membership:
    """A colleague gets what an owner holds. Giving it twice is giving it once. `verified`: words for how the employee
    made sure that it is the right one."""
    customer = _customer(require_intake(by), organisation)
    people = {person.id: person for person in locked_people(organisation)}
    colleague = people.get(membership)
    if colleague is None or colleague.state != Membership.State.ACTIVE:
        raise BrokenRule(_("This person does not work for the company any more."), code="left")
    _not_oneself(by, is_self=colleague.account_id == by.account)
    _give_all(by, colleague, customer.kind)
    record("administrator.appointed", by, colleague, after={"verified": list(verified)})
    return colleague


@transaction.atomic
def appoint_first(*, by: Actor, organisation: int, account: int, name: str) -> Membership | None:
    """The first account of a company, with all that an owner may do: for the system, which found the address in the
    insurer's book. None where somebody works there already."""
    portal = require_keeper(by, CustomerRight.KEEP)
    customer = _customer(portal, organisation, held=True)
    if locked_people(organisation):
        return None
    made = Membership.objects.create(
        portal=portal,
        organisation=organisation,
        account_id=account,
        display_name=words(name, field="name", longest=160),
    )
    record("membership.began", by, made, after={"link": 0, "first": True})
    _give_all(by, made, customer.kind)
    return made


def has_administrator(organisation: int) -> bool:
    """Does anybody there decide about rights?"""
    return Membership.objects.administrators(organisation).exists()


def mailbox(account: int) -> tuple[str, str] | None:
    """Where who works here is written to, and in which language. For the system."""
    found = rows("select address, language from mailbox_of(%s)", account)
    return (found[0][0], found[0][1]) if found else None


def _not_oneself(by: Actor, *, is_self: bool) -> None:
    """Who works at the insurer brings others in: with a company of a customer's to oneself nobody would look on."""
    if by.account is not None and is_self:
        raise BrokenRule(_("Nobody lets oneself in. Ask a colleague at the desk."), code="self")


def _customer(portal: int, organisation: int, *, held: bool = False) -> Organisation:
    here = Organisation.objects.filter(portal=portal).exclude(kind=Organisation.Kind.INSURER)
    found = (here.select_for_update(no_key=True) if held else here).filter(id=organisation).first()
    if found is None:
        raise NotVisible(_("There is nothing here"))
    return found


def _give_all(by: Actor, colleague: Membership, kind: str) -> None:
    """Each told by itself, as when an administrator gives it."""
    held = set(Grant.objects.filter(membership=colleague, branch=None).values_list("right", flat=True))
    missing = [right for right in owners_rights(kind) if right not in held]
    Grant.objects.bulk_create(
        Grant(
            portal=colleague.portal,
            organisation=colleague.organisation,
            membership=colleague,
            right=right,
            by_system=BY_INSURER,
            granted_at=clock.now(by),
        )
        for right in missing
    )
    for right in missing:
        record("right.granted", by, colleague, after={"right": right, "branch": None})
