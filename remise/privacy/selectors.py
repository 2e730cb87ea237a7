"""For how long what is kept, what went last night, and what is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from remise.core import clock
from remise.core.actor import Actor
from remise.core.doors import rows
from remise.organisations.names import names_of
from remise.portals.models import LegalHold, LetGo, RetentionTerm
from remise.portals.retention import Category, categories

ENDED = 20  # holds that were lifted, on the page


@dataclass(frozen=True, slots=True)
class Term:
    """A category as the page shows it. `now` is None where what the room declares holds."""

    category: Category
    now: RetentionTerm | None
    later: Sequence[RetentionTerm]
    night: LetGo | None

    @property
    def days(self) -> int:
        return self.now.days if self.now else self.category.days

    @property
    def source(self) -> str:
        return self.now.source if self.now else str(self.category.source)


def terms(by: Actor) -> list[Term]:
    """Every category in two queries, however many there are."""
    found = list(RetentionTerm.objects.filter(portal=by.in_portal).order_by("starts"))
    nights = {one.category: one for one in LetGo.objects.filter(portal=by.in_portal)}
    today = clock.today(by)
    return [_term(category, found, nights.get(category.name), today) for category in categories]


def _term(category: Category, found: Sequence[RetentionTerm], night: LetGo | None, today: date) -> Term:
    own = [term for term in found if term.category == category.name]
    begun = [term for term in own if term.starts <= today]
    return Term(category, begun[-1] if begun else None, [term for term in own if term.starts > today], night)


@dataclass(frozen=True, slots=True)
class Shown:
    """A hold, with whom it is about and who set it, in words."""

    hold: LegalHold
    whom: str
    by: str


def held_now(by: Actor) -> list[Shown]:
    found = LegalHold.objects.filter(portal=by.in_portal)
    current = list(found.filter(ended_at__isnull=True).order_by("-id"))
    return _shown(by, [*current, *found.filter(ended_at__isnull=False).order_by("-id")[:ENDED]])


def _shown(by: Actor, holds: Sequence[LegalHold]) -> list[Shown]:
    whom = dict(rows("select hold, shown from people_held()"))
    names = names_of(by, [hold.held_by for hold in holds])
    return [Shown(hold, whom.get(hold.id, ""), names[hold.held_by]) for hold in holds]
