"""Work in a branch begins once the insurer has linked its relation number, where the portal says so.

A company that works in one branch works there, also when it chose none. Whoever works in all of several branches
reads all of them; what is done for one without a number is refused (`require_linked`), and everything is as soon as
that branch is chosen.
"""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.identifiers import number_key
from remise.core.keeping import code
from remise.core.rights import Decision
from remise.core.scope import ActorKind
from remise.organisations.appointing import require_intake
from remise.organisations.models import Branch
from remise.portals.models import Portal

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "relation_number_missing"
# Pages about the person, help, the people of the company, and what was asked of the insurer.
OPEN_WITHOUT_NUMBER = (
    *("allauth.", "django.", "remise.accounts.", "remise.help.", "remise.portals."),
    *("remise.organisations.", "remise.onboarding.", "remise.desk.views.customer"),
)


def place_of(by: Actor, meant: int | None = None) -> Branch | None:
    """The branch worked in: the chosen one, or the only one there is; `meant` by who works in all of several."""
    if by.kind is not ActorKind.MEMBER:
        return None
    here = Branch.objects.filter(organisation=by.company)
    number = meant if by.branch is None else by.branch
    if number is not None:
        return here.filter(id=number).first()
    found = list(here.order_by("id")[:2])
    return found[0] if len(found) == 1 else None


def missing_at(by: Actor, portal: Portal) -> Branch | None:
    """The branch worked in, where the portal asks for a number and it has none."""
    if not portal.relation_number_required:
        return None
    place = place_of(by)
    return place if place is not None and place.relation_number is None else None


def is_open_without(view: "Callable[..., object]") -> bool:
    return view.__module__.startswith(OPEN_WITHOUT_NUMBER)


def require(by: Actor, portal: Portal) -> None:
    """For a program: it acts in the branches of its key."""
    place = missing_at(by, portal)
    if place is not None:
        raise _unlinked(place)


def require_linked(by: Actor, branch: int | None) -> None:
    """What a customer does for a branch waits for its number, by page, program or run. The desk decides for any."""
    if by.kind is not ActorKind.MEMBER or branch is None:
        return
    place = Branch.objects.filter(id=branch, organisation=by.company, relation_number=None).first()
    if place is not None and Portal.objects.filter(id=by.in_portal, relation_number_required=True).exists():
        raise _unlinked(place)


def _unlinked(place: Branch) -> Forbidden:
    message = _("The insurer has not linked a relation number to %(branch)s yet. Ask for it on the portal.")
    return Forbidden(Decision(allowed=False, code=CODE, message=message % {"branch": place.name}, branch=place.id))


@transaction.atomic
def link_relation_number(*, by: Actor, organisation: int, branch: int, number: str) -> Branch:
    """Link the insurer's number to a branch. One number, one branch in the portal."""
    portal = require_intake(by)
    relation = code(number, field="relation_number", longest=20)
    here = Branch.objects.select_for_update(no_key=True).filter(portal=portal, organisation=organisation)
    found = here.filter(id=branch).first()
    if found is None:
        raise NotVisible(_("This branch does not exist."))
    if relation is None:
        raise BrokenRule(_("Fill in the number."), code="empty", field="relation_number")
    if found.relation_key not in {None, number_key(relation)}:
        raise BrokenRule(
            _("This branch has the number %(number)s already.") % {"number": found.relation_number},
            code="relation_number_known",
            field="relation_number",
        )
    before = found.relation_number
    if before is None:
        found.relation_number = relation
    try:
        with transaction.atomic():
            found.save(update_fields=["relation_number"])
    except IntegrityError as error:
        message = _("This number is of another branch. Look once more at which company this is.")
        raise BrokenRule(message, code="relation_number_taken", field="relation_number") from error
    if before is None:
        said = {"fields": ["relation_number"]}
        events.record("branch.changed", by=by, organisation=organisation, subject=("branch", found.id), after=said)
    return found
