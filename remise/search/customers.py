"""What the insurer knows of a company, for its own people: the page on which they see what a customer has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from remise.core.actor import Actor, can
from remise.core.errors import Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.core.search.kinds import Found, Hit, Part, company_parts, search_kinds
from remise.organisations.looking.actions import note_look
from remise.organisations.models import Organisation
from remise.search.rights import LookUpRight
from remise.search.selectors import holding
from remise.search.sights import COMPANY


@dataclass(frozen=True, slots=True)
class Shown:
    part: Part
    lines: Sequence[Hit]


def require(by: Actor) -> None:
    """The page is not there for customers."""
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, LookUpRight.CUSTOMERS)
    if not decision:
        raise Forbidden(decision)


def company_of(by: Actor, number: int) -> Organisation:
    found = (
        Organisation.objects.filter(portal=by.in_portal, id=number).exclude(kind=Organisation.Kind.INSURER).first()
    )
    if found is None:
        raise NotVisible(_("There is no such company."))
    return found


def parts(by: Actor, company: Organisation) -> list[Shown]:
    shown = [Shown(part, part.lines(by, company.id)) for part in sorted(company_parts, key=lambda part: part.order)]
    return [one for one in shown if one.lines]


def look_at(by: Actor, company: Organisation, *, kind: str = "", thing: int | None = None) -> Hit | None:
    """The thing of this company by which it was found; the company reads that the insurer looked, and at what."""
    found = _thing(by, company, kind, thing) if thing is not None else None
    known = search_kinds.get(kind)
    subject = (known.sight, thing or 0) if found and known else (COMPANY.kind, company.id)
    note_look(by=by, organisation=company.id, subject=subject)
    return found


def _thing(by: Actor, company: Organisation, kind: str, thing: int) -> Hit | None:
    known = search_kinds.get(kind)
    if known is None or not known.sight:
        return None
    return known.describe(holding(by), [Found(thing, company.id)]).get(thing)
