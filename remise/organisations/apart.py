"""Administering apart from everyday work: one account, two memberships in one company (docs/adr/0024)."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.doors import rows
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.organisations.models import ApiToken, Grant, Membership
from remise.organisations.moves import both_of, hold_account, locked_people, record, withdraw_asked
from remise.organisations.rights import OrganisationRight

# What goes along: deciding about others. A key works with its maker's rights, so making keys stays in everyday work.
ADMINISTERING = (OrganisationRight.MANAGE_USERS,)


@transaction.atomic
def administer_apart(*, by: Actor) -> Membership:
    """Deciding about others goes to a membership of its own; everyday work stays without it. Doing it twice is doing
    it once."""
    everyday, _apart = _of(by)
    ((number,),) = rows("select membership_apart(%s)", by.company)
    apart = Membership.objects.get(id=number)
    if _move(list(Grant.objects.filter(membership=everyday, right__in=ADMINISTERING)), apart):
        record("membership.parted", by, apart)
    return apart


@transaction.atomic
def administer_together(*, by: Actor) -> Membership:
    """Back to one membership, which then holds what both held, and the keys made with either."""
    everyday, apart = _of(by)
    if apart is None or apart.state == Membership.State.ENDED:
        raise BrokenRule(_("You do not administer apart."), code="not_apart")
    _move(list(Grant.objects.filter(membership=apart)), everyday)
    ApiToken.objects.filter(organisation=by.company, membership=apart).update(membership=everyday)
    withdraw_asked(by, apart)
    apart.state = Membership.State.ENDED
    apart.save(update_fields=["state"])
    record("membership.joined", by, everyday)
    return everyday


def _move(grants: list[Grant], to: Membership) -> int:
    """How many; each keeps who gave it and when. A row of rights is never changed: it is made and taken away."""
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).delete()
    for grant in grants:
        grant.pk, grant.membership = None, to
    Grant.objects.bulk_create(grants, ignore_conflicts=True)
    return len(grants)


def _of(by: Actor) -> tuple[Membership, Membership | None]:
    """Both memberships of who asks, with everyone of the company locked."""
    decision = can(by, OrganisationRight.MANAGE_USERS)
    if not decision:
        raise Forbidden(decision)
    hold_account(by.account)
    everyday, *apart = both_of(locked_people(by.company), by.account or 0)
    if everyday.state == Membership.State.ENDED:  # while this waited
        raise NotVisible(_("This colleague does not exist."))
    return everyday, apart[0] if apart else None
