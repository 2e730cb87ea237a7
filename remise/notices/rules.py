"""How long an insurer has to tell the state register, and how long a cover that ended still answers for damage."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

FOUR_WEEKS = timedelta(weeks=4)


class Kind(StrEnum):
    """What a notice tells. Words of our own: the register's codes are the adapter's matter (docs/adr/0027)."""

    START = "start"  # cover begins
    END = "end"  # cover that the register knows as open ends
    CORRECT = "correct"  # what the register knows of a cover becomes this
    ANNUL = "annul"  # there never was such a cover


KIND_LABELS = {
    Kind.START: _("Start of cover"),
    Kind.END: _("End of cover"),
    Kind.CORRECT: _("Correction"),
    Kind.ANNUL: _("Annulment"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The days that hold from a day on."""

    starts: date
    to_start: timedelta  # from the first day of cover until the notice of it must have been filed
    to_end: timedelta  # from the first day without cover until the notice of it counts as filed in time
    tail: timedelta  # for so long damage to others is still paid
    source: str


TERMS = (
    Terms(
        date(1992, 1, 1),
        FOUR_WEEKS,
        timedelta(days=30),
        timedelta(days=16),
        "Besluit kennisgevingen WAM, art. 3; WAM, art. 13(4)",
    ),
)


def terms_on(day: date) -> Terms:
    """Those in force on that day; before the first ones, the first."""
    return next((terms for terms in reversed(TERMS) if terms.starts <= day), TERMS[0])


def due_on(kind: Kind, starts: date, ends: date | None, *, known_on: date) -> date:
    """The last day on which a notice is in time. Cover that ends, or never was, leaves a tail that grows when it is
    told late. A correction that leaves cover open is told like a start, from the day on which it was known."""
    if kind is Kind.ANNUL:
        return starts + terms_on(starts).to_end
    if ends is not None:
        return ends + terms_on(ends).to_end
    if kind is Kind.CORRECT:
        return known_on + terms_on(known_on).to_start
    return starts + terms_on(starts).to_start


def tail_until(ends: date, filed_on: date) -> date:
    """The first day on which the insurer answers for nothing any more: so many days after the first day without
    cover where that was told in time, else so many days after it was told (WAM, art. 13(4))."""
    terms = terms_on(ends)
    return (ends if filed_on <= ends + terms.to_end else filed_on) + terms.tail


class Manner(StrEnum):
    """How cover under a product is told to the register."""

    VEHICLE = "vehicle"  # each vehicle by its plate
    STOCK = "stock"  # one cover of the dealer's whole stock (WAM, art. 13a); trade plates by plate (art. 13(6))
    NONE = "none"


def told_by_plate(manner: Manner, *, is_trade: bool) -> bool:
    return manner is Manner.VEHICLE or (manner is Manner.STOCK and is_trade)


class Haste(StrEnum):
    FINE = "fine"
    SOON = "soon"
    LATE = "late"


SOON = 7  # days: a week with a weekend in it


def haste(due: date, today: date) -> Haste:
    left = (due - today).days
    if left < 0:
        return Haste.LATE
    return Haste.SOON if left <= SOON else Haste.FINE
