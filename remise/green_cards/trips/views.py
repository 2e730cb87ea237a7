from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from remise.core import clock
from remise.core.errors import BrokenRule
from remise.desk.actions import open_request
from remise.fleet.access import may, require_any
from remise.fleet.rights import FleetRight
from remise.green_cards.access import SEEING
from remise.green_cards.models import Shipment
from remise.green_cards.trips import asking
from remise.green_cards.trips.forms import TripForm
from remise.green_cards.trips.map import drawn
from remise.green_cards.trips.rules import Advice, CountryAdvice, Standing, Verdict, advise
from remise.green_cards.trips.selectors import Going, going_by, pack, rules_for
from remise.organisations.requests import MemberRequest
from remise.ui.forms import add_refusal


@require_GET
def trip(request: MemberRequest) -> HttpResponse:
    """Where to, when and with what; and what to carry. Its address holds the trip, so that it can be kept."""
    require_any(request, *SEEING)
    today = clock.today(request.actor)
    if "first" not in request.GET:
        form = TripForm(initial={"plate": request.GET.get("plate", ""), "first": today})
        return render(request, "green_cards/trips/trip.html", {"form": form})
    form, found = _filled_in(request, request.GET)
    return _show(request, form, found)


@require_POST
def ask(request: MemberRequest) -> HttpResponse:
    """The trip as it stands, sent to the desk."""
    require_any(request, FleetRight.REQUEST_CARDS)
    form, found = _filled_in(request, request.POST)
    if form.is_valid():
        try:
            data = asking.asked(form.trip, found)
            made = open_request(by=request.actor, kind=asking.NAME, data=data)
        except BrokenRule as error:
            add_refusal(form, error)
        else:
            return redirect("desk:request", made.id)
    return _show(request, form, found)


def _filled_in(request: MemberRequest, data: QueryDict) -> tuple[TripForm, Going | None]:
    """The form, and the vehicle that it names; one that is not on cover here is told beside its field."""
    form, found = TripForm(data), None
    if form.is_valid():
        try:
            found = going_by(request.actor, form.cleaned_data["plate"], first=form.trip.first)
        except BrokenRule as error:
            add_refusal(form, error)
    return form, found


def _show(request: MemberRequest, form: TripForm, found: Going | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        trip = form.trip
        advice = advise(trip, found.car if found else None, rules_for(found), on=trip.first)
        may_ask = may(request.actor, FleetRight.REQUEST_CARDS)
        context |= {
            "trip": trip,
            "advice": advice,
            "no_cover": advice.standing(Standing.NO_COVER),
            "needs_no_card": advice.standing(Standing.FREE),
            "going": found,
            "pack": pack(request.portal, found),
            "map": drawn(advice.countries),
            "may_ask": may_ask,
            "groups": _alike(advice.countries),
            # The desk first, where nothing else helps.
            "asks_first": may_ask and advice.verdict in {Verdict.NOT_EVERYWHERE, Verdict.ASK},
            "buttons": _buttons(advice, found) if may_ask and found and advice.card_helps else {},
        }
    return render(request, "green_cards/trips/trip.html", context, status=422 if form.errors else 200)


def _alike(countries: Sequence[CountryAdvice]) -> list[list[CountryAdvice]]:
    """Those of which the same holds, together, so that it is read once."""
    groups: dict[object, list[CountryAdvice]] = {}
    for country in countries:
        groups.setdefault((country.standing, country.lines), []).append(country)
    return list(groups.values())


def _buttons(advice: Advice, found: Going) -> dict[str, str]:
    """The addresses at which the missing cards are asked for, filled in as the trip needs them."""
    wanted = advice.to_ask
    request = reverse("green_cards:request")
    asked = {"item": str(found.item.id)} | ({"until": wanted.until.isoformat()} if wanted.until else {})
    own = asked | ({"with_trailer": "on"} if wanted.with_trailer else {})
    addresses = {}
    if wanted.card:
        addresses["card"] = f"{request}?{urlencode(own)}"
    addresses["post"] = f"{request}?{urlencode(own | {'format': Shipment.Format.PAPER})}"
    if wanted.second is not None:
        addresses["second"] = f"{request}?{urlencode(asked | {'trailer': wanted.second.value})}"
    return addresses
