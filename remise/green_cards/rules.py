"""When a card can be made, for how long, and what it is worth on a day: pure functions and dated figures."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.errors import BrokenRule
from remise.core.identifiers import Plate
from remise.core.words import Text
from remise.green_cards.territory import USUALLY_CROSSED
from remise.policies.cover import Cover, joined
from remise.ui.formats import day as shown_day

ONE_DAY = timedelta(days=1)
MINIMUM_DAYS = 15  # UNECE R.E.4, annex: a card is valid for at least fifteen days, both days included


class Delivery(StrEnum):
    """How a card that comes by itself reaches the customer; the PDF stands in the list in any case."""

    LIST = "list"
    MAIL = "mail"
    POST = "post"


class Term(StrEnum):
    """How long a card runs."""

    MONTHS = "months"  # so many months from its first day
    DUE_DATE = "due_date"  # until the day before the policy's main due date


@dataclass(frozen=True, slots=True)
class CardRules:
    """What a product says of its cards, from a day on."""

    term: Term
    months: int
    due_month: int
    due_day: int
    excluded: frozenset[str]
    source: Text
    starts: date | None = None
    automatic: bool = False  # a card comes by itself at registration, and the next one before it ends
    ahead_days: int = 14  # so many days before the last day of a card the next one comes
    delivery: Delivery = Delivery.LIST


# A product that says nothing: the usual run in the market, and the country that insurers usually leave out.
USUAL = CardRules(
    Term.MONTHS, 12, 1, 1, USUALLY_CROSSED, gettext_lazy("Usual in the market; the rules of your policy decide")
)


@dataclass(frozen=True, slots=True)
class Span:
    """From day to day, both included, as the card says it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for besides the usual card of a vehicle."""

    with_trailer: bool = False  # a light trailer without a plate of its own is noted on the card
    trailer: Plate | None = None  # the second card, of this trailer with its own plate, instead of the vehicle's
    until: date | None = None  # no card beyond this day


NOTHING_MORE = Wish()


def span(rules: CardRules, plate: Plate, cover: Cover, *, today: date, until: date | None = None) -> Span:
    """From when to when a card asked for today runs: from today, or from the start of cover that is still to begin.
    It never runs beyond an end of cover that is known, nor beyond `until`."""
    stretch = next(((starts, ends) for starts, ends in joined(cover) if ends is None or ends > today), None)
    if stretch is None:
        raise BrokenRule(
            _("%(plate)s is not insured: there is no card to give.") % {"plate": plate.formatted}, code="not_insured"
        )
    starts, ends = stretch
    first = max(today, starts)
    last = _planned_last(rules, first)
    if ends is not None:
        last = min(last, ends - ONE_DAY)
    found = Span(first, last)
    if found.days < MINIMUM_DAYS:
        raise BrokenRule(
            _(
                "%(plate)s is insured up to and including %(day)s. A green card runs for at least %(days)s days, so"
                " there is none for what is left."
            )
            % {"plate": plate.formatted, "day": shown_day(last), "days": MINIMUM_DAYS},
            code="card_too_short",
        )
    return found if until is None else _no_further(found, until)


def _no_further(found: Span, until: date) -> Span:
    shorter = Span(found.first, min(found.last, until))
    if shorter.days < MINIMUM_DAYS:
        raise BrokenRule(
            _("A green card runs for at least %(days)s days, and there are fewer until %(day)s.")
            % {"days": MINIMUM_DAYS, "day": shown_day(until)},
            code="card_too_short",
        )
    return shorter


def _planned_last(rules: CardRules, first: date) -> date:
    if rules.term is Term.MONTHS:
        return months_later(first, rules.months) - ONE_DAY
    year = first.year
    while True:
        due = _day_in(year, rules.due_month, rules.due_day)
        if (due - first).days >= MINIMUM_DAYS:
            return due - ONE_DAY
        year += 1  # what is left of this year is too short for a card


def months_later(day: date, months: int) -> date:
    """Calendar months: a month after 31 January is the end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _day_in(year, month + 1, day.day)


def _day_in(year: int, month: int, day: int) -> date:
    """That day, or the last one of a shorter month."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def due_from(rules: CardRules, cover: Cover, cards: Sequence[Span], *, today: date) -> date | None:
    """From which day a card is due that comes by itself: the first of the running cover, or of one that is still to
    begin; or the one after its last card, so many days before that ends. None while nothing is due. `cards` are
    all of the vehicle's, void ones too: who made one void asks for another."""
    running = next(((starts, ends) for starts, ends in joined(cover) if ends is None or ends > today), None)
    if running is None:
        return None
    starts, ends = running
    last = max((card.last for card in cards if card.first >= starts), default=None)
    if last is None:
        return starts
    after = last + ONE_DAY
    if last - today > timedelta(days=rules.ahead_days) or (ends is not None and ends <= after):
        return None
    return after


class State(StrEnum):
    """What a card is worth. Never stored: it follows from the cover, and so changes with it at once."""

    NOT_YET = "not_yet"
    VALID = "valid"
    EXPIRED = "expired"
    VOID = "void"


def holds(cover: Cover, since: date, day: date) -> bool:
    """Has the cover run from `since` to `day` without a gap? Cover that began again later does not bring an old card
    back to life."""
    return any(starts <= since and (ends is None or day < ends) for starts, ends in joined(cover))


def state(valid: Span, *, runs: bool, voided: bool, day: date) -> State:
    """`runs`: has the cover run without a gap from the card's first day to this one (or to that first day, where it
    is still to come)?"""
    if voided:
        return State.VOID
    if not runs or day > valid.last:
        return State.EXPIRED
    return State.NOT_YET if day < valid.first else State.VALID


def may_be_printed(found: State) -> bool:
    """Also one that is still to begin: it is taken along."""
    return found in {State.VALID, State.NOT_YET}


def last_day(valid: Span, cover: Cover) -> date:
    """The last day on which the card is worth something: its own, or the last one of the cover."""
    for starts, ends in joined(cover):
        if starts <= valid.first and ends is not None and ends > valid.first:
            return min(valid.last, ends - ONE_DAY)
    return valid.last


# The card's categories (UNECE R.E.4, box 6) by the register's kind of vehicle (RDW, voertuigsoort).
CATEGORIES: Mapping[str, str] = {
    "Personenauto": "A",
    "Driewielig motorrijtuig": "A",
    "Motorfiets": "B",
    "Motorfiets met zijspan": "B",
    "Bedrijfsauto": "C",
    "Land- of bosbouwtrekker": "C",
    "Bromfiets": "D",
    "Bus": "E",
    "Aanhangwagen": "F",
    "Autonome aanhangwagen": "F",
    "Middenasaanhangwagen": "F",
    "Oplegger": "F",
    "Land- of bosb aanhw of getr uitr stuk": "F",
    "Motorrijtuig met beperkte snelheid": "G",
    "Mobiele machine": "G",
}
OTHER = "G"
TRAILER = "F"
SEVERAL = "DIVERSEN"  # the make on the card of a trade plate, which goes from vehicle to vehicle


def category(kind: str) -> str:
    return CATEGORIES.get(kind, OTHER)


def known_to_register(plate: Plate, make: str) -> None:
    """The card names category and make, which come from the register; a border officer compares them."""
    if not make and not plate.is_trade:
        raise BrokenRule(
            _(
                "The register has not answered on %(plate)s yet, and the card needs its make and kind. Ask for the"
                " card later, or call the insurer's desk."
            )
            % {"plate": plate.formatted},
            code="not_known_to_register",
        )


def pulls(plate: Plate, kind: str) -> None:
    """A trailer is noted on the card of what pulls it, and asks its own second card from that cover."""
    if category(kind) == TRAILER:
        raise BrokenRule(
            _("%(plate)s is a trailer itself. Ask for it with the car that pulls it.") % {"plate": plate.formatted},
            code="is_a_trailer",
        )


def is_trailer(plate: Plate, kind: str) -> None:
    if category(kind) != TRAILER:
        raise BrokenRule(
            _("According to the register %(plate)s is no trailer. Look at the plate once more.")
            % {"plate": plate.formatted},
            code="not_a_trailer",
            field="trailer",
        )


def trailer_has_card(trailer: Plate, number: str, last: date) -> BrokenRule:
    """One second card for a trailer and a period."""
    return BrokenRule(
        _("Trailer %(plate)s has card %(number)s already, up to and including %(day)s. Print that one.")
        % {"plate": trailer.formatted, "number": number, "day": shown_day(last)},
        code="trailer_has_card",
        field="trailer",
    )
