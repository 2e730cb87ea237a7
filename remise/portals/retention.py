"""For how long what is kept about people is kept: a table with days, and one function that reads it.

Each room that lets go of something declares its categories here, with the days that hold where the insurer laid down
nothing else. Personal data is kept no longer than its purpose asks (Regulation (EU) 2016/679, art. 5(1)(e)).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from remise.core import clock
from remise.core.actor import Actor
from remise.core.registry import Registry
from remise.core.words import Text
from remise.portals.models import LetGo, RetentionTerm


@dataclass(frozen=True, slots=True)
class Category:
    """What is kept for a while. `least` is a floor: sooner gone it would no longer serve what it is for."""

    name: str  # stable, for it is stored: `room.what`
    label: Text
    lets_go: Text  # what goes, and what of it stays
    days: int
    source: Text
    least: int = 1
    why_least: Text = ""

    @property
    def usual(self) -> timedelta:
        return timedelta(days=self.days)


categories: Registry[Category] = Registry(lambda category: category.name)


def term(portal: int, category: Category, *, on: date) -> RetentionTerm | None:
    """The newest one that has started; None where the insurer laid down nothing."""
    found = RetentionTerm.objects.filter(portal=portal, category=category.name, starts__lte=on)
    return found.order_by("-starts").first()


def kept(by: Actor, category: Category) -> timedelta:
    """For how long, today. Everything that lets go of something by time asks this and nothing else."""
    laid_down = term(by.in_portal, category, on=clock.today(by))
    return timedelta(days=laid_down.days) if laid_down else category.usual


def note(system: Actor, category: Category, *, gone: int, held: int = 0) -> None:
    """What this night let go of, for who answers for it. Done again it finds less."""
    LetGo.objects.update_or_create(
        portal_id=system.in_portal,
        category=category.name,
        defaults={"at": clock.now(system), "gone": gone, "held": held},
    )
