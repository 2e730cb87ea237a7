"""Asking for a right, and the answer of who gives rights in the company."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.limits import Limit, refusing
from remise.organisations.actions import give_right
from remise.organisations.models import AccessRequest, Branch, Membership
from remise.organisations.moves import locked_people
from remise.organisations.rights import OrganisationRight, divisible, offered

# A mail goes out for each: enough for a first day at work.
BY_COLLEAGUE = Limit("access.asked", times=20, seconds=24 * 3600)

type Tell = Callable[[AccessRequest], None]  # mails it to who answers


@transaction.atomic
def ask_for_right(
    *, by: Actor, right: str, branch: int | None, why: str, tell: Tell, page: str = ""
) -> AccessRequest:
    """Ask who gives rights here for one more, in a branch or in all. Asking twice is asking once. `page`: where it
    was missing, to go on from there with the answer."""
    if by.membership is None or by.portal is None:
        raise NotVisible(_("Only a colleague can ask for a right."))
    entry = next((entry for entry in offered(by) if entry.right == right), None)
    if entry is None:
        raise NotVisible(_("This right does not exist."))
    place = branch if divisible(entry.right) else None
    if place is not None and not Branch.objects.filter(id=place, organisation=by.company).exists():
        raise NotVisible(_("This branch does not exist."))
    if (right, None) in by.grants or (right, place) in by.grants:
        raise BrokenRule(_("You have this right already."), code="right_held")
    if Membership.objects.administrators(by.company).filter(account=by.account).exists():
        raise BrokenRule(_("You give rights here: you need not ask. Give it to yourself."), code="gives_rights")
    request, is_new = AccessRequest.objects.get_or_create(
        portal=by.portal,
        organisation=by.company,
        membership_id=by.membership,
        right=right,
        branch_id=place,  # type: ignore[misc]  # null is every branch, and found as such
        state=AccessRequest.State.OPEN,
        defaults={"why": why.strip(), "page": page, "asked_at": clock.now(by)},
    )
    if is_new:
        _take(by.membership)
        _record("access.asked", by, request, after={"right": right, "branch": place})
        tell(request)
    return request


@transaction.atomic
def approve(*, by: Actor, request: int) -> AccessRequest:
    """Give the right that was asked for, with what it is of little use without: the same deed as a click in the
    matrix, which answers the request. Whoever gives a right holds the people first and then what they asked; here
    it is the same."""
    _require(by)
    locked_people(by.company)
    asked = _open(by, request)
    give_right(by=by, membership=asked.membership_id, right=asked.right, branch=asked.branch_id)
    asked.refresh_from_db()  # answered by the deed
    return asked


@transaction.atomic
def decline(*, by: Actor, request: int, reason: str) -> AccessRequest:
    _require(by)
    asked = _open(by, request)
    asked.state, asked.answer = AccessRequest.State.DECLINED, reason.strip()
    asked.decided_by, asked.decided_at = by.account, clock.now(by)
    asked.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _record("access.declined", by, asked, after={"right": asked.right, "branch": asked.branch_id})
    return asked


@transaction.atomic
def withdraw(*, by: Actor, request: int) -> AccessRequest:
    """By who asked."""
    own = AccessRequest.objects.filter(organisation=by.company, membership=by.membership)
    asked = own.select_for_update(no_key=True).filter(id=request).first()
    if asked is None:
        raise NotVisible(_("This request does not exist."))
    if asked.state == AccessRequest.State.OPEN:
        asked.state, asked.decided_at = AccessRequest.State.WITHDRAWN, clock.now(by)
        asked.save(update_fields=["state", "decided_at"])
        _record("access.withdrawn", by, asked)
    return asked


def note_read(*, by: Actor) -> None:
    """Who asked sees the answers: the home page need not tell them any more. Not by who looks as a colleague."""
    if by.membership is not None and by.looks_as is None:
        own = AccessRequest.objects.filter(organisation=by.company, membership=by.membership)
        own.filter(decided_at__isnull=False, read_at=None).update(read_at=clock.now(by))


def _require(by: Actor) -> None:
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)


def _open(by: Actor, request: int) -> AccessRequest:
    found = AccessRequest.objects.filter(organisation=by.company, id=request).select_for_update(no_key=True).first()
    if found is None:
        raise NotVisible(_("This request does not exist."))
    if found.state != AccessRequest.State.OPEN:
        raise BrokenRule(_("A colleague answered this already, or it is not asked any more."), code="answered")
    return found


def _take(membership: int) -> None:
    with refusing(_("You asked for many rights today. Speak to your administrator, or go on tomorrow.")):
        BY_COLLEAGUE.take(membership)


def _record(kind: str, by: Actor, asked: AccessRequest, *, after: dict[str, object] | None = None) -> None:
    events.record(kind, by=by, organisation=asked.organisation, subject=("access", asked.id), after=after)
