"""Giving and taking rights, a colleague who leaves, and one whose name is forgotten. A change holds from the next
request of that colleague."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import DomainError, Forbidden, NotVisible
from remise.organisations.models import Branch, Grant, Membership
from remise.organisations.rights import OrganisationRight, catalogue, divisible, offered, roles


@transaction.atomic
def grant_right(*, by: Actor, membership: int, right: str, branch: int | None = None) -> Grant:
    """Give a colleague a right in one branch or, without one, in all. Giving it twice is giving it once. What was
    given in single branches stays beside what holds everywhere, and counts again when that is taken back."""
    colleague = _held_for_change(by, membership)
    _known(by, colleague, right, branch)
    wider = Grant.objects.filter(membership=colleague, right=right, branch=None).first()
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
        _record("right.granted", by, colleague, after=_said(by, colleague, right, branch))
    return grant


@transaction.atomic
def revoke_right(*, by: Actor, membership: int, right: str, branch: int | None = None) -> None:
    """Take back what was given: in one branch, or what holds in all. What is not held needs no taking back."""
    colleague = _held_for_change(by, membership)
    _known(by, colleague, right, branch)
    found = Grant.objects.filter(membership=colleague, right=right, branch=branch)
    if not found.exists():
        return
    if right == OrganisationRight.MANAGE_USERS:
        _keep_an_administrator(colleague)
    found.delete()
    _record("right.revoked", by, colleague, before=_said(by, colleague, right, branch))


@transaction.atomic
def grant_role(*, by: Actor, membership: int, role: str, branch: int | None = None) -> None:
    """Give all rights that usually go together at once; what a colleague holds besides, stays."""
    wanted = next((one for one in roles(by) if one.name == role), None)
    if wanted is None:
        raise NotVisible(_("This set of rights does not exist."))
    for entry in wanted.entries():
        where = branch if divisible(entry.right) else None
        grant_right(by=by, membership=membership, right=entry.right, branch=where)


@transaction.atomic
def end_membership(*, by: Actor, membership: int) -> Membership:
    """A colleague leaves: nothing of the company opens any more, and all rights are gone."""
    colleague = _held_for_change(by, membership)
    _keep_an_administrator(colleague)
    held = Grant.objects.filter(membership=colleague)
    rights = sorted((grant.right, grant.branch_id or 0) for grant in held)
    held.delete()
    colleague.state = Membership.State.ENDED
    colleague.save(update_fields=["state"])
    _record("membership.ended", by, colleague, before={"rights": [list(pair) for pair in rights]})
    return colleague


@transaction.atomic
def erase_colleague(*, by: Actor, membership: int) -> Membership:
    """Forget the name of a colleague who left. What they did stays, by account; pages say "a former colleague"."""
    organisation = _managed(by)
    gone = Membership.objects.filter(organisation=organisation, state=Membership.State.ENDED)
    colleague = gone.select_for_update(no_key=True).filter(id=membership).first()
    if colleague is None:
        raise NotVisible(_("This colleague does not exist."))
    if colleague.erased_at is None:
        colleague.display_name, colleague.erased_at = "", clock.now(by)
        colleague.save(update_fields=["display_name", "erased_at"])
        _record("membership.erased", by, colleague)
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
    """The colleague, with everyone of the company locked: whether somebody is left who can give rights is a
    question about all of them. Always in the same order, so that two administrators wait and never deadlock."""
    people = Membership.objects.filter(organisation=_managed(by), state=Membership.State.ACTIVE)
    locked = {person.id: person for person in people.order_by("id").select_for_update()}
    if membership not in locked:
        raise NotVisible(_("This colleague does not exist."))
    return locked[membership]


def _known(by: Actor, colleague: Membership, right: str, branch: int | None) -> None:
    if right not in {entry.right for entry in offered(by)}:
        raise NotVisible(_("This right does not exist."))
    if branch is None:
        return
    if not Branch.objects.filter(id=branch, organisation=colleague.organisation).exists():
        raise NotVisible(_("This branch does not exist."))
    if not divisible(catalogue[right].right):
        raise DomainError(_("This right holds for the whole company, not for one branch."), code="company_wide")


def _keep_an_administrator(leaving: Membership) -> None:
    """Counted after the lock, so that two administrators who take the right from each other leave one."""
    others = Grant.objects.filter(
        organisation=leaving.organisation,
        right=OrganisationRight.MANAGE_USERS,
        membership__state=Membership.State.ACTIVE,
    ).exclude(membership=leaving)
    held = Grant.objects.filter(membership=leaving, right=OrganisationRight.MANAGE_USERS)
    if held.exists() and not others.exists():
        raise DomainError(
            _("Somebody must be able to give rights. Give a colleague this right first."),
            code="last_administrator",
        )


def _said(by: Actor, colleague: Membership, right: str, branch: int | None) -> dict[str, object]:
    """Ids and the right; a right given to oneself carries a flag of its own."""
    said: dict[str, object] = {"right": right, "branch": branch}
    return said | {"self": True} if colleague.id == by.membership else said


def _record(
    kind: str,
    by: Actor,
    colleague: Membership,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    events.record(
        kind,
        by=by,
        organisation=colleague.organisation,
        subject=("membership", colleague.id),
        before=before,
        after=after,
    )
