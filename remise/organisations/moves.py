"""What becomes of the people of a company and their rights, whether an administrator or the insurer's book says so.

Somebody of a company can always give rights: who has that right last keeps it, whoever takes it away."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.organisations.models import AccessRequest, Grant, Membership
from remise.organisations.rights import catalogue, divisible


def hold_account(account: int | None) -> None:
    """Of whom a membership is about to be made or written. The account is held first in the whole house, then the
    people of a company, then what they asked: closing an account does the same, so that one of two waits and neither
    is thrown out."""
    rows("select account_stays(%s)", account)


def locked_people(organisation: int) -> list[Membership]:
    """Everyone of the company, locked: whether somebody is left who can give rights is a question about all of them.
    Always in the same order, so that two who change rights wait and never deadlock."""
    return list(Membership.objects.filter(organisation=organisation).order_by("id").select_for_update(no_key=True))


def both_of(people: Iterable[Membership], account: int) -> list[Membership]:
    """What one person has among these: everyday work, and perhaps administering apart from it after that."""
    return sorted((one for one in people if one.account_id == account), key=lambda one: one.as_administrator)


def keep_an_administrator(*leaving: Membership) -> None:
    """Asked of who is about to lose the right, behind the lock: two administrators who take it from each other leave
    one."""
    holders = set(Membership.objects.administrators(leaving[0].organisation).values_list("id", flat=True))
    if holders and holders <= {one.id for one in leaving}:
        raise BrokenRule(
            _("Somebody must be able to give rights. Give a colleague this right first."),
            code="last_administrator",
        )


def require_divisible(right: str) -> None:
    """A right of the catalogue that is about to be given in one branch."""
    if not divisible(catalogue[right].right):
        raise BrokenRule(
            _("This right holds for the whole company, not for one branch."), code="company_wide", field="rights"
        )


def answer_asked(by: Actor, colleague: Membership, right: str, branch: int | None) -> None:
    """Who asked for a right that is given now has an answer, wherever it was given; in all branches is in each."""
    asked = AccessRequest.objects.filter(
        organisation=colleague.organisation, membership=colleague, right=right, state=AccessRequest.State.OPEN
    )
    if branch is not None:
        asked = asked.filter(branch=branch)
    for one in asked.order_by("id"):
        one.state, one.decided_by, one.decided_at = AccessRequest.State.GRANTED, by.account, clock.now(by)
        one.save(update_fields=["state", "decided_by", "decided_at"])
        said = {"right": one.right, "branch": one.branch_id}
        events.record("access.granted", by=by, organisation=one.organisation, subject=("access", one.id), after=said)


def withdraw_asked(by: Actor, colleague: Membership) -> None:
    """Who works there no more asks for nothing."""
    asked = AccessRequest.objects.filter(organisation=colleague.organisation, membership=colleague)
    asked.filter(state=AccessRequest.State.OPEN).update(state=AccessRequest.State.WITHDRAWN, decided_at=clock.now(by))


def end(by: Actor, colleague: Membership, *, replaced_by: int | None = None) -> None:
    """Who leaves, or goes on with another account (`replaced_by`, a colleague), loses all rights at once, told as one
    change."""
    held = Grant.objects.filter(membership=colleague)
    rights = sorted((grant.right, grant.branch_id or 0) for grant in held)
    held.delete()
    withdraw_asked(by, colleague)
    colleague.state = Membership.State.ENDED
    colleague.save(update_fields=["state"])
    after: dict[str, object] | None = {"replaced_by": replaced_by} if replaced_by else None
    record("membership.ended", by, colleague, before={"rights": [list(pair) for pair in rights]}, after=after)


def record(
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
