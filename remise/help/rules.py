"""Who can help with what, in which order articles need work, and what is left out of a remark: pure functions."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from remise.core.opening import Week


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who can help: how to reach them, and when."""

    name: str
    week: Week
    phone: str = ""
    email: str = ""
    page: str = ""
    closed_on: Collection[date] = frozenset()
    topics: frozenset[str] = frozenset()  # empty = about anything
    capacities: frozenset[str] = frozenset()  # empty = for anybody
    partner: int | None = None
    partner_name: str = ""


def for_whom(
    helpers: Iterable[Helper], *, topic: str = "", capacity: str = "", partners: Collection[int] = frozenset()
) -> list[Helper]:
    """Those who help this person with this, the best first: one's own partner before the insurer, who is there for
    this topic before who is there for any, and who is there for this capacity before who is there for anybody. A
    partner's desk is for its own customers alone. What is not said ("") excludes nobody."""
    fitting = [
        helper
        for helper in helpers
        if (helper.partner is None or helper.partner in partners)
        and (not topic or not helper.topics or topic in helper.topics)
        and (not capacity or not helper.capacities or capacity in helper.capacities)
    ]
    return sorted(fitting, key=lambda one: _rank(one, topic, capacity))


def at_the_door(helpers: Iterable[Helper], topic: str, *, capacity: str = "") -> Helper | None:
    """Whom one calls who does not get in: the first who is there for that topic, and can be called. It is one number
    wherever it is told: also at a door where nobody said a capacity, and to whom nobody is there for."""
    fitting = [helper for helper in helpers if topic in helper.topics and helper.phone and helper.partner is None]
    return min(fitting, key=lambda one: bool(one.capacities) and capacity not in one.capacities, default=None)


def _rank(helper: Helper, topic: str, capacity: str) -> tuple[bool, bool, bool]:
    """Who is there for all comes first where nothing was said, and last where something was."""
    return (
        helper.partner is None,
        bool(helper.topics) is not bool(topic),
        bool(helper.capacities) is not bool(capacity),
    )


# How many votes an article has to get before its share says something; until then it is drawn towards the middle.
# (Additive smoothing: Manning, Raghavan, Schütze, Introduction to Information Retrieval, ch. 13.2.)
WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Tally:
    article: str
    helped: int
    did_not: int
    open_remarks: int

    @property
    def votes(self) -> int:
        return self.helped + self.did_not

    @property
    def score(self) -> float:
        """Between 0 and 1: low needs work."""
        return (self.helped + WEIGHT / 2) / (self.votes + WEIGHT)


def worst_first(tallies: Iterable[Tally]) -> Sequence[Tally]:
    return sorted(tallies, key=lambda one: (one.score, -one.open_remarks, -one.votes, one.article))


LEFT_OUT = "[\N{HORIZONTAL ELLIPSIS}]"
# Addresses of people, and whatever is long enough to be a phone, policy, account or chassis number, or a plate.
PARTICULARS = re.compile(
    r"\S+@\S+"
    r"|\+?\d[\d\s().-]{5,}\d"
    r"|\b(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{6,}\b"
    r"|\b(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9]{1,3}-[A-Za-z0-9]{1,3}-[A-Za-z0-9]{1,3}\b"
    r"|\d{5,}"
)


def without_particulars(text: str) -> str:
    """A remark is about an article: whoever types an address, a number or a plate into it is spared our keeping it.
    Names cannot be told from words; the page asks to leave them out."""
    return PARTICULARS.sub(LEFT_OUT, text).strip()
