"""What somebody who drives abroad has to know: pure functions over the dated tables. Page and API give this one
advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from remise.core.identifiers import Plate
from remise.green_cards.rules import USUAL, CardRules, Span, holds, last_day, months_later
from remise.green_cards.territory import ISO, WITHIN, country_of, listed_since, territory
from remise.green_cards.trips import lines
from remise.green_cards.trips.lines import Line
from remise.green_cards.trips.tables import LIGHT_BELOW, LONGEST_MONTHS, Kind, countries, fact
from remise.policies.cover import Cover

ONE_DAY = timedelta(days=1)


class Trailer(StrEnum):
    NONE = "none"
    LIGHT = "light"  # without a plate of its own: it goes along on the car's card
    HEAVY = "heavy"  # with its own plate: some countries ask for a card of its own
    ASK = "ask"  # no source says what holds: the desk does


class Role(StrEnum):
    DESTINATION = "destination"
    TRANSIT = "transit"


class Standing(StrEnum):
    """How a country stands to this trip, the worst first."""

    NO_COVER = "no_cover"
    PAPER = "paper"
    SHOW = "show"
    FREE = "free"


class Verdict(StrEnum):
    """The answer in a word, the worst first."""

    NOT_INSURED = "not_insured"  # the vehicle, on the first day
    NOT_EVERYWHERE = "not_everywhere"
    ASK = "ask"
    INSURANCE_ENDS = "insurance_ends"  # before the vehicle is back
    TOO_LONG = "too_long"
    PAPER = "paper"
    SHOW = "show"
    FREE = "free"


class Question(StrEnum):
    """What the desk can be asked about a trip."""

    TRAILER = "trailer"
    NO_COVER = "no_cover"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Trip:
    """Where to and through which countries, in no order. `mass` is the trailer's maximum mass in kg; None where no
    trailer goes along."""

    destinations: frozenset[str]
    transit: frozenset[str]
    first: date
    last: date
    mass: int | None = None
    trailer: Plate | None = None

    @property
    def countries(self) -> frozenset[str]:
        return self.destinations | self.transit


@dataclass(frozen=True, slots=True)
class Held:
    """A card that there is, and that is worth something."""

    number: str
    plate: Plate
    span: Span
    with_trailer: bool = False
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Car:
    """The vehicle that goes."""

    plate: Plate
    cover: Cover
    cards: Sequence[Held] = ()


@dataclass(frozen=True, slots=True)
class CountryAdvice:
    iso: str
    sign: str  # of its box on the card; empty where it has none
    role: Role
    standing: Standing
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ToAsk:
    """The cards that are still missing for this trip, and how to ask for them."""

    card: bool = False
    with_trailer: bool = False
    paper: bool = False
    second: Plate | None = None
    until: date | None = None  # no card beyond it


@dataclass(frozen=True, slots=True)
class Advice:
    on: date
    verdict: Verdict
    trailer: Trailer
    take: tuple[Line, ...]
    besides: tuple[Line, ...]  # of the stay, the trailer, the insurance and the cards that there are
    countries: tuple[CountryAdvice, ...]  # each once, the worst first
    card_helps: bool  # somewhere on this trip, from its first day
    to_ask: ToAsk
    questions: tuple[Question, ...]

    def standing(self, standing: Standing) -> tuple[str, ...]:
        return tuple(one.iso for one in self.countries if one.standing is standing)

    @property
    def every_line(self) -> tuple[Line, ...]:
        return (*self.take, *self.besides, *(line for country in self.countries for line in country.lines))


def trailer_of(mass: int | None, plate: Plate | None) -> Trailer:
    """Of exactly 750 kg, of a light one with a plate and of a heavy one without no source says what holds."""
    if mass is None:
        return Trailer.NONE
    if mass < LIGHT_BELOW and plate is None:
        return Trailer.LIGHT
    if mass > LIGHT_BELOW and plate is not None:
        return Trailer.HEAVY
    return Trailer.ASK


def longest_stay(first: date) -> date:
    """The last of six calendar months that begin on that day: 30 June for 1 January. Where the last month has no such
    day, its end."""
    same_day = months_later(first, LONGEST_MONTHS)
    return same_day - ONE_DAY if same_day.day == first.day else same_day


def advise(trip: Trip, car: Car | None, card_rules: CardRules = USUAL, *, on: date) -> Advice:
    """By the tables as they stand `on` that day; cover must hold to the last day of the trip, as on a card."""
    trailer = trailer_of(trip.mass, trip.trailer)
    found = sorted(
        (_country(iso, trip, trailer, card_rules, on) for iso in trip.countries),
        key=lambda country: (list(Standing).index(country.standing), country.iso),
    )
    seconds = _second_in(found, trailer, on)
    limit = longest_stay(trip.first)
    until = limit if trip.last > limit else None
    of_cover = _of_cover(trip, car) if car else None
    without = tuple(one.iso for one in found if one.standing is Standing.NO_COVER)
    card_helps = len(without) < len(found) and of_cover is not Verdict.NOT_INSURED
    questions = _questions(found, trailer, until)
    return Advice(
        on=on,
        verdict=_verdict(found, questions, of_cover),
        trailer=trailer,
        take=tuple(_take(found, trip, trailer, seconds, on)),
        besides=tuple(_besides(trip, car, trailer, seconds, without, until, on)),
        countries=tuple(found),
        card_helps=card_helps,
        to_ask=_to_ask(found, trip, car, trailer, seconds, until) if card_helps else ToAsk(until=until),
        questions=questions,
    )


def _country(iso: str, trip: Trip, trailer: Trailer, card_rules: CardRules, on: date) -> CountryAdvice:
    role = Role.DESTINATION if iso in trip.destinations else Role.TRANSIT
    box = country_of(iso, on=trip.first)
    sign = box.sign if box else ""
    why_not = _no_cover(iso, trip, card_rules, on)
    if why_not is not None:
        return CountryAdvice(iso, sign, role, Standing.NO_COVER, (why_not,))
    asked = [kind for kind in Kind if kind is not Kind.SECOND_CARD or trailer is Trailer.HEAVY]
    facts = [found for kind in asked if (found := fact(kind, iso, on=on))]
    kinds = {found.kind for found in facts}
    standing = Standing.FREE
    if Kind.PAPER in kinds:
        standing = Standing.PAPER
    elif Kind.MUST_SHOW in kinds:
        standing = Standing.SHOW
    return CountryAdvice(iso, sign, role, standing, tuple(lines.of_fact(found) for found in facts))


def _no_cover(iso: str, trip: Trip, card_rules: CardRules, on: date) -> Line | None:
    """Why a card for this trip would have the country crossed out, or would not have it at all."""
    boxes = territory(on=trip.first, until=trip.last, product_exclusions=card_rules.excluded)
    box = next((one for one in boxes if ISO[one.sign] == WITHIN.get(iso, iso)), None)
    country = country_of(iso, on=trip.first)
    if box is None or country is None:
        return lines.outside(listed_since(on))
    if not box.crossed:
        return None
    if country.no_cover_from is not None and country.no_cover_from <= trip.last:
        return lines.agreement_ended(country.no_cover_from, country.source)
    return lines.left_out(card_rules.starts or listed_since(on), card_rules.source)


def _second_in(found: Sequence[CountryAdvice], trailer: Trailer, on: date) -> tuple[str, ...]:
    """Where a heavy trailer needs a card of its own."""
    if trailer is not Trailer.HEAVY:
        return ()
    covered = (one.iso for one in found if one.standing is not Standing.NO_COVER)
    return tuple(iso for iso in covered if fact(Kind.SECOND_CARD, iso, on=on))


def _questions(found: Sequence[CountryAdvice], trailer: Trailer, until: date | None) -> tuple[Question, ...]:
    no_cover = any(one.standing is Standing.NO_COVER for one in found)
    asked = {
        Question.NO_COVER: no_cover,
        Question.TRAILER: trailer is Trailer.ASK,
        Question.TOO_LONG: until is not None,
    }
    return tuple(question for question, is_open in asked.items() if is_open)


def _verdict(found: Sequence[CountryAdvice], questions: Sequence[Question], of_cover: Verdict | None) -> Verdict:
    by_question = {
        Question.NO_COVER: Verdict.NOT_EVERYWHERE,
        Question.TRAILER: Verdict.ASK,
        Question.TOO_LONG: Verdict.TOO_LONG,
    }
    told = [by_question[question] for question in questions]
    if of_cover is not None:
        told.append(of_cover)
    covered = [Verdict(one.standing) for one in found if one.standing is not Standing.NO_COVER]
    return min([*told, *covered], key=list(Verdict).index)


def _take(
    found: Sequence[CountryAdvice], trip: Trip, trailer: Trailer, seconds: tuple[str, ...], on: date
) -> list[Line]:
    """What goes along, each with the rule that asks most."""
    taken = []
    for standing, kind in (
        (Standing.PAPER, Kind.PAPER),
        (Standing.SHOW, Kind.MUST_SHOW),
        (Standing.FREE, Kind.NOT_ASKED),
    ):
        where = tuple(one.iso for one in found if one.standing is standing)
        rule = fact(kind, where[0], on=on) if where else None
        if rule is not None:
            taken.append(lines.take_card(rule, where))
            break
    rule = fact(Kind.SECOND_CARD, seconds[0], on=on) if seconds else None
    if rule is not None and trip.trailer is not None:
        taken.append(lines.take_second(rule, trip.trailer, seconds))
    if taken and trailer is Trailer.LIGHT:
        taken.append(lines.light_trailer())
    return taken


def _besides(
    trip: Trip,
    car: Car | None,
    trailer: Trailer,
    seconds: tuple[str, ...],
    without: tuple[str, ...],
    until: date | None,
    on: date,
) -> list[Line]:
    said = []
    if until is not None:
        said.append(lines.too_long(until))
    if trailer is Trailer.ASK:
        said.append(lines.ask_about_trailer(trip.mass or 0, has_plate=trip.trailer is not None))
    if trailer is Trailer.HEAVY and not seconds and trip.countries > set(without):
        said.append(lines.heavy_without_card(countries(Kind.SECOND_CARD, on=on)))
    return [*said, *(_of_car(trip, car, trailer, without, until) if car else ())]


def _of_cover(trip: Trip, car: Car) -> Verdict | None:
    """Where the vehicle's insurance stands in the way of the trip."""
    if not holds(car.cover, trip.first, trip.first):
        return Verdict.NOT_INSURED
    return Verdict.INSURANCE_ENDS if _insured_to(trip, car) < trip.last else None


def _insured_to(trip: Trip, car: Car) -> date:
    return last_day(Span(trip.first, trip.last), car.cover)


def _of_car(trip: Trip, car: Car, trailer: Trailer, without: tuple[str, ...], until: date | None) -> list[Line]:
    """Whether its insurance, and the card that there is, reach to the end of the trip, or as far as a card can."""
    of_cover, insured_to = _of_cover(trip, car), _insured_to(trip, car)
    if of_cover is Verdict.NOT_INSURED:
        return [lines.not_insured(car.plate, trip.first)]
    said = [lines.insurance_ends(car.plate, insured_to)] if of_cover else []
    own = _own_card(car, trip, trailer)
    if own is None or trip.countries <= set(without):
        return said
    if min(own.span.last, insured_to) < _needed_to(trip, until):
        return [*said, lines.card_ends(own.number, own.span)]
    return [*said, lines.has_card(own.number, own.span, without=without, until=until)]


def _needed_to(trip: Trip, until: date | None) -> date:
    """The last day for which a card for this trip is of use."""
    return min(trip.last, until or trip.last)


def _own_card(car: Car, trip: Trip, trailer: Trailer) -> Held | None:
    wanted = (card for card in car.cards if not card.is_second)
    return _furthest([card for card in wanted if card.with_trailer or trailer is not Trailer.LIGHT], trip)


def _furthest(cards: Sequence[Held], trip: Trip) -> Held | None:
    """Of those that are valid on the first day."""
    valid = (card for card in cards if card.span.first <= trip.first <= card.span.last)
    return max(valid, key=lambda card: card.span.last, default=None)


def _to_ask(
    found: Sequence[CountryAdvice],
    trip: Trip,
    car: Car | None,
    trailer: Trailer,
    seconds: tuple[str, ...],
    until: date | None,
) -> ToAsk:
    needed_to = _needed_to(trip, until)
    own = _own_card(car, trip, trailer) if car else None
    of_trailer = [card for card in (car.cards if car else ()) if card.is_second and card.plate == trip.trailer]
    second = _furthest(of_trailer, trip)
    return ToAsk(
        card=own is None or own.span.last < needed_to,
        with_trailer=trailer is Trailer.LIGHT,
        paper=any(one.standing is Standing.PAPER for one in found),
        second=trip.trailer if seconds and (second is None or second.span.last < needed_to) else None,
        until=until,
    )
