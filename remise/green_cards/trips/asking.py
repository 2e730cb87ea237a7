"""What no source says of a trip is asked of the insurer's desk, with all that was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.core.identifiers import Plate
from remise.desk.kinds import Decision, Fact, Place, RequestKind, RuleMet
from remise.desk.rules import Due
from remise.fleet.rights import FleetRight
from remise.green_cards.rules import USUAL
from remise.green_cards.trips.lines import Line, named
from remise.green_cards.trips.rules import Advice, Question, Standing, Trip, advise
from remise.green_cards.trips.selectors import Going, going, rules_for
from remise.organisations.access import visible_branches
from remise.ui.formats import day as shown_day

NAME = "trip"
VEHICLE, COMPANY = "registration", "organisation"


@dataclass(frozen=True, slots=True)
class TripAsked:
    """The trip as it was typed; `plate` is empty where no vehicle was named."""

    countries: list[str]
    transit: list[str]
    first: date
    last: date
    mass: int | None
    trailer: str
    plate: str

    @property
    def trip(self) -> Trip:
        trailer = Plate(self.trailer) if self.trailer else None
        return Trip(frozenset(self.countries), frozenset(self.transit), self.first, self.last, self.mass, trailer)


def asked(trip: Trip, found: Going | None) -> TripAsked:
    return TripAsked(
        sorted(trip.destinations),
        sorted(trip.transit - trip.destinations),
        trip.first,
        trip.last,
        trip.mass,
        trip.trailer.value if trip.trailer else "",
        found.car.plate.value if found else "",
    )


def place(by: Actor, data: TripAsked) -> Place:
    found = going(by, Plate(data.plate), first=data.first) if data.plate else None
    if data.plate and found is None:
        raise NotVisible(_("There is no such vehicle."))
    if not _advice(data, found).questions:
        raise BrokenRule(_("You can do this yourself: you need not ask the desk."), code="not_needed")
    if found is None:
        return Place((COMPANY, by.company), _branch(by))
    return Place((VEHICLE, found.item.id), found.branch)


def _branch(by: Actor) -> int | None:
    """Of who names no vehicle: the one worked in, or the first where this may be asked."""
    branches = visible_branches(by, FleetRight.REQUEST_CARDS)
    if by.branch is not None or branches is None:
        return by.branch
    return min(branches, default=None)


def _advice(data: TripAsked, found: Going | None) -> Advice:
    return advise(data.trip, found.car if found else None, rules_for(found), on=data.first)


def accept(_by: Actor, _decision: Decision) -> None:
    """The answer is the desk's word to the customer: nothing else changes."""


def title(data: TripAsked) -> str:
    return named({*data.countries, *data.transit})


def facts(_by: Actor, _organisation: int, data: TripAsked) -> Sequence[Fact]:
    days = {"first": shown_day(data.first), "last": shown_day(data.last)}
    told = [
        Fact(_("Goes to"), named(data.countries)),
        Fact(_("Through"), named(data.transit) or "–"),
        Fact(_("When"), _("%(first)s up to and including %(last)s") % days),
    ]
    if data.mass is not None:
        told.append(Fact(_("Trailer"), _("%(mass)s kg at most") % {"mass": data.mass}))
        told.append(Fact(_("Plate of the trailer"), Plate(data.trailer).formatted if data.trailer else _("none")))
    return told


def rule_met(_organisation: int, data: TripAsked, _on: date) -> RuleMet | None:
    """What stands in the way, in the advice's own words."""
    advice = advise(data.trip, None, USUAL, on=data.first)
    met = _lines(advice)
    if not met:
        return None  # what this insurer's product leaves out
    sources = dict.fromkeys(line.source for line in met)
    return RuleMet(" ".join(line.words for line in met), "; ".join(sources))


def _lines(advice: Advice) -> list[Line]:
    uncovered = (one for one in advice.countries if one.standing is Standing.NO_COVER)
    found = [line for one in uncovered for line in one.lines]
    codes = {Question.TRAILER: "ask_about_trailer", Question.TOO_LONG: "too_long"}
    wanted = {codes[question] for question in advice.questions if question in codes}
    return [*found, *(line for line in advice.besides if line.code in wanted)]


KIND = RequestKind(
    name=NAME,
    label=gettext_lazy("A question about a trip abroad"),
    accept_label=gettext_lazy("Answer: insured"),
    refuse_label=gettext_lazy("Answer: not insured"),
    outcomes={"accepted": gettext_lazy("Insured on this trip"), "refused": gettext_lazy("Not insured on this trip")},
    icon="compass",
    rights=(FleetRight.REQUEST_CARDS,),
    lifts=None,
    schema=TripAsked,
    due=(Due(date(2020, 1, 1), 19, "Service promise of the desk: an answer within two working days"),),
    place=place,
    accept=accept,
    title=title,
    facts=facts,
    rule_met=rule_met,
    plate=lambda data: data.plate,
)
