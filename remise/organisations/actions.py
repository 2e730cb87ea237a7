"""Giving and taking rights, a colleague who leaves, and one whose name is forgotten. A change holds from the next
request of that colleague."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.organisations.models import Branch, Grant, Membership
from remise.organisations.moves import (
    answer_asked,
    both_of,
    end,
    keep_an_administrator,
    locked_people,
    record,
    require_divisible,
)
from remise.organisations.rights import OrganisationRight, divisible, is_divisible, offered, with_needs
from remise.organisations.selectors import roles_here


@transaction.atomic
def grant_right(*, by: Actor, membership: int, right: str, branch: int | None = None) -> Grant:
    """Give a colleague a right in one branch or, without one, in all. Giving it twice is giving it once. What was
    given in single branches stays beside what holds everywhere, and counts again when that is taken back."""
    colleague = _held_for_change(by, membership)
    _known(by, colleague, right, branch)
    wider = Grant.objects.filter(membership=colleague, right=right, branch=None).first()
    answer_asked(by, colleague, right, None if wider else branch)
    if wider is not None:
        return wider
    grant, is_new = Grant.objects.get_or_create(
        portal=colleague.portal,
        organisation=colleague.organisation,
        membership=colleague,
        right=right,
        branch_id=branch,  # type: ignore[misc]  # null is every branch, and found as such
        defaults={"granted_by": by.account, "by_system": by.by_system, "granted_at": clock.now(by)},
    )
    if is_new:
        record("right.granted", by, colleague, after=_said(by, colleague, right, branch))
    return grant


@transaction.atomic
def give_right(*, by: Actor, membership: int, right: str, branch: int | None = None) -> None:
    """A click on a right: that one, and what it is of little use without."""
    _known(by, _held_for_change(by, membership), right, branch)
    for one in with_needs(right):
        grant_right(by=by, membership=membership, right=one, branch=branch if is_divisible(one) else None)


@transaction.atomic
def revoke_right(*, by: Actor, membership: int, right: str, branch: int | None = None) -> None:
    """Take back what was given: in one branch, or what holds in all. What is not held needs no taking back."""
    colleague = _held_for_change(by, membership)
    _known(by, colleague, right, branch)
    found = Grant.objects.filter(membership=colleague, right=right, branch=branch)
    if not found.exists():
        return
    if right == OrganisationRight.MANAGE_USERS:
        keep_an_administrator(colleague)
    found.delete()
    record("right.revoked", by, colleague, before=_said(by, colleague, right, branch))


@transaction.atomic
def grant_role(*, by: Actor, membership: int, role: str, branch: int | None = None) -> None:
    """Give all rights that usually go together at once; what a colleague holds besides, stays."""
    wanted = next((one for one in roles_here(by) if one.name == role), None)
    if wanted is None:
        raise NotVisible(_("This set of rights does not exist."))
    for entry in wanted.entries():
        where = branch if divisible(entry.right) else None
        grant_right(by=by, membership=membership, right=entry.right, branch=where)


@transaction.atomic
def end_membership(*, by: Actor, membership: int, replaced_by: int | None = None) -> Membership:
    """A colleague leaves: nothing of the company opens any more, and all rights are gone, also those of administering
    apart. Or works here with another account from now on, as this colleague (`replaced_by`)."""
    people = locked_people(_managed(by))
    colleague = _working(people, membership)
    leaving = [one for one in both_of(people, colleague.account_id) if one.state == Membership.State.ACTIVE]
    keep_an_administrator(*leaving)
    for one in leaving:
        end(by, one, replaced_by=replaced_by)
    return colleague


@transaction.atomic
def erase_colleague(*, by: Actor, membership: int) -> Membership:
    """Forget the name of a colleague who left. What they did stays, by account; pages say "a former colleague"."""
    organisation = _managed(by)
    gone = Membership.objects.filter(organisation=organisation, state=Membership.State.ENDED)
    colleague = gone.filter(id=membership).first()
    if colleague is None:
        raise NotVisible(_("This colleague does not exist."))
    ((is_held,),) = rows("select held_here(%s, %s)", organisation, colleague.account_id)
    if is_held:
        raise BrokenRule(_("The insurer has to keep this name for now. Ask its desk until when."), code="held")
    forgotten = gone.filter(account=colleague.account_id, erased_at=None).order_by("id")
    for one in forgotten.select_for_update(no_key=True):
        one.display_name, one.erased_at = "", clock.now(by)
        one.save(update_fields=["display_name", "erased_at"])
        record("membership.erased", by, one)
    return colleague


def _managed(by: Actor) -> int:
    """The company, for who manages its users."""
    if by.organisation is None:
        raise NotVisible(_("This colleague does not exist."))
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)
    return by.organisation


def _held_for_change(by: Actor, membership: int) -> Membership:
    """The colleague, with everyone of the company locked."""
    return _working(locked_people(_managed(by)), membership)


def _working(people: Iterable[Membership], membership: int) -> Membership:
    colleague = next((one for one in people if one.id == membership), None)
    if colleague is None or colleague.state != Membership.State.ACTIVE:
        raise NotVisible(_("This colleague does not exist."))
    return colleague


def _known(by: Actor, colleague: Membership, right: str, branch: int | None) -> None:
    if right not in {entry.right for entry in offered(by)}:
        raise NotVisible(_("This right does not exist."))
    if branch is None:
        return
    if not Branch.objects.filter(id=branch, organisation=colleague.organisation).exists():
        raise NotVisible(_("This branch does not exist."))
    require_divisible(right)


def _said(by: Actor, colleague: Membership, right: str, branch: int | None) -> dict[str, object]:
    """Ids and the right; a right given to oneself carries a flag of its own, in whichever of the two contexts."""
    said: dict[str, object] = {"right": right, "branch": branch}
    return said | {"self": True} if by.account is not None and colleague.account_id == by.account else said
