"""The trip adviser for programs: the form and the advice of its page."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Query, Router, Schema, Status

from remise.core.schemas import Call, Day, Sent, asks
from remise.desk.actions import open_request
from remise.desk.api import RequestShown
from remise.desk.api import asked as request_shown
from remise.fleet.access import require_any
from remise.fleet.rights import FleetRight
from remise.green_cards.access import SEEING
from remise.green_cards.trips import asking
from remise.green_cards.trips.forms import ALONE, TripForm
from remise.green_cards.trips.lines import Line
from remise.green_cards.trips.rules import Question, Role, Standing, Trailer, Trip, Verdict, advise
from remise.green_cards.trips.selectors import Going, going_by, pack, rules_for
from remise.organisations.requests import as_member
from remise.ui.forms import valid

router = Router(tags=[_("green cards")])


class TripQuery(Schema):
    """Where to and through which countries, in no order, by ISO code."""

    to: list[str] = Field(min_length=1, max_length=60, examples=[["AT"]])
    via: list[str] = Field([], max_length=60, examples=[["DE"]])
    first: str = Field(examples=["2026-12-20"])
    last: str = Field(description=_("The last day, included."), examples=["2027-01-03"])
    plate: str = Field("", description=_("Of a vehicle on cover. Left out: general advice."), examples=["GHK-12-L"])
    mass: int | None = Field(
        None, description=_("The trailer's maximum mass in kg. Left out: no trailer goes along."), examples=[1200]
    )
    trailer: str = Field("", description=_("The trailer's own plate, where it has one."), examples=["12-WD-BC"])


class TripSent(Sent, TripQuery):
    """The same, in a body."""


class AdviceLineShown(Schema):
    """What holds, with the day of the rule and where it comes from."""

    code: str = Field(examples=["must_show"])
    words: str = Field(description=_("For people, in the language of Accept-Language."))
    since: Day
    source: str


class CountryShown(Schema):
    country: str = Field(examples=["DE"])
    sign: str = Field(description=_("Of its box on the card; empty where it has none."), examples=["D"])
    role: Role
    standing: Standing
    lines: list[AdviceLineShown]


class PackShown(Schema):
    """What to have at hand where no card is required, beside the European claim form."""

    countries: list[str]
    policy: str = Field(description=_("Empty where no vehicle was named."))
    emergency_number: str


class ToAskShown(Schema):
    """The cards that are still missing."""

    card: bool
    with_trailer: bool
    paper: bool
    second_card_of: str | None = Field(description=_("The plate of the trailer that needs a card of its own."))
    until: Day | None = Field(description=_("No card beyond this day: ask with it."))


class AdviceShown(Schema):
    on: Day = Field(description=_("By the rules of this day, on which the trip begins."))
    verdict: Verdict
    trailer: Trailer
    take: list[AdviceLineShown]
    besides: list[AdviceLineShown]
    countries: list[CountryShown] = Field(description=_("Each country of the trip once, the worst first."))
    pack: PackShown
    to_ask: ToAskShown
    questions: list[Question] = Field(description=_("What the insurer's desk can be asked: /trips/requests."))


@router.get(
    "/trips/advice",
    response=AdviceShown,
    url_name="trip_advice",
    summary=_("What to carry on a trip abroad"),
    description=_(
        "Paper or PDF, a second card for the trailer, and where there is no cover: the advice of the page."
    ),
    openapi_extra=asks(*SEEING),
)
def advice(request: Call, sent: Query[TripQuery]) -> dict[str, Any]:
    member = as_member(request)
    require_any(member, *SEEING)
    trip, found = _read(request, sent)
    told = advise(trip, found.car if found else None, rules_for(found), on=trip.first)
    packed = pack(member.portal, found)
    second = told.to_ask.second
    return {
        "on": told.on,
        "verdict": told.verdict,
        "trailer": told.trailer,
        "take": _lines(told.take),
        "besides": _lines(told.besides),
        "countries": [
            {
                "country": one.iso,
                "sign": one.sign,
                "role": one.role,
                "standing": one.standing,
                "lines": _lines(one.lines),
            }
            for one in told.countries
        ],
        "pack": {
            "countries": list(told.standing(Standing.FREE)),
            "policy": packed.policy,
            "emergency_number": packed.emergency,
        },
        "to_ask": {
            "card": told.to_ask.card,
            "with_trailer": told.to_ask.with_trailer,
            "paper": told.to_ask.paper,
            "second_card_of": second.value if second else None,
            "until": told.to_ask.until,
        },
        "questions": list(told.questions),
    }


@router.post(
    "/trips/requests",
    response={201: RequestShown},
    url_name=f"ask_{asking.NAME}",
    summary=_("Ask the desk about a trip"),
    description=_("Where the advice has questions: the same trip, sent here. The desk answers."),
    openapi_extra=asks(FleetRight.REQUEST_CARDS),
)
def ask(request: Call, response: HttpResponse, sent: TripSent) -> Status[dict[str, Any]]:
    by = request.actor
    require_any(as_member(request), FleetRight.REQUEST_CARDS)
    trip, found = _read(request, sent)
    made = open_request(by=by, kind=asking.NAME, data=asking.asked(trip, found))
    response["Location"] = reverse("api:request", args=[made.id])
    return Status(201, request_shown(by, made))


def _read(request: Call, sent: TripQuery) -> tuple[Trip, Going | None]:
    """By the page's form."""
    typed = {
        "to": sent.to,
        "via": sent.via,
        "first": [sent.first],
        "last": [sent.last],
        "plate": [sent.plate],
        "pulls": [ALONE if sent.mass is None else "trailer"],
        "mass": ["" if sent.mass is None else str(sent.mass)],
        "trailer": [sent.trailer],
    }
    form = valid(TripForm(MultiValueDict(typed)))
    return form.trip, going_by(request.actor, form.cleaned_data["plate"], first=form.trip.first)


def _lines(found: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [{"code": line.code, "words": line.words, "since": line.since, "source": line.source} for line in found]
