"""The insurer's book of people: who works for a company, and with which rights."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError, mail_address
from remise.core.keeping import Kept, require_keeper, settle, words
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.organisations.moves import (
    both_of,
    end,
    keep_an_administrator,
    locked_people,
    record,
    require_divisible,
)
from remise.organisations.rights import CustomerRight, OrganisationRight, catalogue, may_hold

type Held = tuple[str, int | None]  # right and branch; None = every branch


@transaction.atomic
def keep_person(*, by: Actor, organisation: int, email: str, name: str, state: str, rights: Collection[Held]) -> Kept:
    """Somebody with this address works for the company, with exactly these rights. A new account has no password and
    an address that nobody confirmed: the mailbox opens it, and nothing is mailed here."""
    portal = require_keeper(by, CustomerRight.KEEP)
    name = words(name, field="name", longest=160)
    _address(email)
    _allowed(organisation, state, rights)
    people = locked_people(organisation)
    account = account_of(email)
    own = both_of(people, account)
    if not own:
        known = Membership.objects.create(
            portal=portal, organisation=organisation, account_id=account, display_name=name, state=state
        )
        record("membership.added", by, known, after={"account": account, "state": state})
        _settle_rights(by, [known], set(rights))
        return Kept.ADDED
    known = own[0]
    if known.erased_at is not None:
        raise BrokenRule(_("The name of this person was erased and does not come back."), code="erased")
    if (OrganisationRight.MANAGE_USERS, None) not in rights:
        keep_an_administrator(*own)
    wanted = {"display_name": name}
    if state == Membership.State.ACTIVE:
        wanted["state"] = state
    changed = settle(known, wanted)
    if changed:
        record("membership.changed", by, known, after={"fields": changed})
    if state != known.state:
        for one in own:
            end(by, one)
        return Kept.CHANGED
    return Kept.CHANGED if _settle_rights(by, own, set(rights)) or changed else Kept.SAME


def addresses_of_members() -> dict[int, str]:
    """Account -> address, of all who work or worked for a company of the scope's portal."""
    return dict(rows("select account, address from addresses_of_members()"))


def _address(email: str) -> str:
    try:
        return mail_address(email).lower()
    except IdentifierError as error:
        raise BrokenRule(str(error), code="email", field="email") from error


def _allowed(organisation: int, state: str, rights: Collection[Held]) -> None:
    if state not in Membership.State.values:
        message = _("This state does not exist. There are: %(states)s.")
        raise BrokenRule(message % {"states": ", ".join(Membership.State.values)}, code="state", field="state")
    if rights and state == Membership.State.ENDED:
        raise BrokenRule(_("Who left the company holds no rights."), code="ended_with_rights", field="rights")
    staff = Organisation.objects.filter(id=organisation, kind=Organisation.Kind.INSURER).exists()
    for right, branch in rights:
        entry = catalogue.get(right)
        if entry is None or not may_hold(entry.right, staff=staff):
            message = _("There is no right called %(right)s.")
            raise BrokenRule(message % {"right": right}, code="right_unknown", field="rights")
        if branch is not None:
            require_divisible(right)
    branches = {branch for _right, branch in rights if branch is not None}
    if Branch.objects.filter(organisation=organisation, id__in=branches).count() != len(branches):
        raise BrokenRule(_("This branch does not exist."), code="branch_unknown", field="rights")


def account_of(email: str) -> int:
    """The account with this address, made where there is none. Asked a second time where somebody else made it in the
    same moment: what they wrote shows from then on."""
    for _attempt in range(2):
        ((number,),) = rows("select account_of_address(%s)", _address(email))
        if number is not None:
            return int(number)
    raise RuntimeError("an account could be neither found nor made")


def _settle_rights(by: Actor, own: Sequence[Membership], wanted: set[Held]) -> bool:
    """Give what is missing and take what is not in the book, each told by itself as when an administrator does it;
    whether anything changed. The book has one line for who administers apart, and leaves each right where it is."""
    person, found = own[0], Grant.objects.filter(membership__in=own)
    held = {(grant.right, grant.branch_id) for grant in found}
    gone, new = sorted(held - wanted, key=_order), sorted(wanted - held, key=_order)
    found.filter(pk__in=[grant.pk for grant in found if (grant.right, grant.branch_id) in gone]).delete()
    Grant.objects.bulk_create(
        Grant(
            portal=person.portal,
            organisation=person.organisation,
            membership=person,
            right=right,
            branch_id=branch,
            granted_by=by.account,
            by_system=by.by_system,
            granted_at=clock.now(by),
        )
        for right, branch in new
    )
    for right, branch in gone:
        record("right.revoked", by, person, before={"right": right, "branch": branch})
    for right, branch in new:
        record("right.granted", by, person, after={"right": right, "branch": branch})
    return bool(gone or new)


def _order(pair: Held) -> tuple[str, int]:
    return pair[0], pair[1] or 0
