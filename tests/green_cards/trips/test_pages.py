"""The adviser's page and the API give one advice; what no source says goes to the desk in one click."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from remise.core.scope import enter
from remise.desk.actions import accept, take
from remise.desk.models import DeskRequest
from remise.desk.rights import DeskRight
from remise.fleet.actions import deregister_vehicles
from remise.fleet.rights import FleetRight
from remise.green_cards.models import GreenCard
from remise.green_cards.territory import every_country
from remise.green_cards.trips.map import drawn
from remise.green_cards.trips.rules import Trip, advise
from remise.organisations.models import Grant
from tests import sessions, vehicles, world
from tests.api.program import program
from tests.green_cards.cards import held
from tests.green_cards.test_trailers import trailer
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage(at=world.in_english(world.portal()))


def client_of(garage: Garage) -> Client:
    return sessions.client_of(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)


def going(garage: Garage, *to: str, length: int = 14, **more: Any) -> dict[str, Any]:
    first = vehicles.today(garage)
    days = {"first": first.isoformat(), "last": (first + timedelta(length - 1)).isoformat()}
    return {"to": list(to), "pulls": "none"} | days | more


def page(client: Client, asked: dict[str, Any]) -> tuple[Any, str]:
    answer = client.get(reverse("trips:trip"), asked)
    return answer, unescape(answer.content.decode())


@pytest.mark.parametrize("year", ["2101", "9999"])
def test_year_that_is_a_slip_is_said_beside_its_field(garage: Garage, year: str) -> None:
    """A day so far ahead that no calendar has the next one held the page for ever."""
    held(garage)
    asked = going(garage, "DE") | {"first": f"{year}-12-01", "last": f"{year}-12-05"}
    answer, text = page(client_of(garage), asked)
    assert list(answer.context["form"].errors) == ["first"]
    assert "Look at the year once more." in text
    caller = program(garage)
    assert caller.get("/trips/advice", **asked).status_code == 422


def test_nothing_is_asked_of_a_trailer_before_there_is_one(garage: Garage) -> None:
    answer, _text = page(client_of(garage), going(garage, "DE", pulls=""))
    assert list(answer.context["form"].errors) == ["pulls"]


def test_page_and_program_give_the_same_lines(garage: Garage) -> None:
    car, plate = held(garage), trailer()
    asked = going(garage, "TR", "RU", via=["DE", "AT"], plate=car.plate.formatted)
    answer, text = page(client_of(garage), asked | {"pulls": "trailer", "mass": "1500", "trailer": plate.formatted})
    assert answer.status_code == 200
    query = asked | {"mass": 1500, "trailer": plate.formatted}
    told = program(garage).get("/trips/advice", **{k: v for k, v in query.items() if k != "pulls"}).json()
    assert [one["country"] for one in told["countries"]] == [one.iso for one in answer.context["advice"].countries]
    lines = [*told["take"], *told["besides"], *(line for one in told["countries"] for line in one["lines"])]
    for line in lines:
        assert line["words"] in text
        assert line["source"] in text
    assert told["to_ask"]["second_card_of"] == plate.value
    assert told["pack"]["policy"] == garage.policy.number


@pytest.mark.parametrize("left_on_it", [False, True])
def test_vehicle_goes_on_the_policy_that_covers_it_when_the_trip_begins(garage: Garage, *, left_on_it: bool) -> None:
    """From one policy to the next, deregistered from the old one or left on it until that ends."""
    car, client = held(garage), client_of(garage)
    today = vehicles.today(garage)
    after = replace(garage, policy=world.policy(garage.organisation, garage.policy.product))
    vehicles.on_cover(after, car.plate, days=-20)
    if left_on_it:
        vehicles.end_policy(garage, back=-20)
    else:
        by = garage.actor(*FleetRight)
        with enter(by.scope):
            deregister_vehicles(by=by, policy=garage.policy, items=[car.item], day=vehicles.back(garage, -19))
    for begins, policy in ((0, garage.policy), (30, after.policy)):
        days = {"first": (today + timedelta(begins)).isoformat(), "last": (today + timedelta(begins + 9)).isoformat()}
        answer, text = page(client, going(garage, "FR", plate=car.plate.value) | days)
        assert answer.context["pack"].policy == policy.number
        assert "is not insured" not in text


def test_cards_are_asked_for_with_what_the_trip_needs(garage: Garage) -> None:
    car, plate, client = held(garage), trailer(), client_of(garage)
    light, _text = page(client, going(garage, "AT", plate=car.plate.value, pulls="caravan", mass="600"))
    form = client.get(light.context["buttons"]["card"]).context["form"]
    assert form["with_trailer"].value() == "on"
    post = client.get(light.context["buttons"]["post"]).context["form"]
    assert post["format"].value() == "paper"
    heavy, _text = page(
        client,
        going(garage, "AT", via=["DE"], plate=car.plate.value, pulls="trailer", mass="900", trailer=plate.value),
    )
    (plan,) = client.get(heavy.context["buttons"]["second"]).context["planned"]
    assert (plan.plate, plan.category, plan.pulled_by) == (plate, "F", car.plate)


def test_f146_card_asked_from_a_long_trip_goes_no_further(garage: Garage) -> None:
    car, client = held(garage), client_of(garage)
    answer, _text = page(client, going(garage, "ES", plate=car.plate.value, length=250))
    until = answer.context["advice"].to_ask.until
    (plan,) = client.get(answer.context["buttons"]["card"]).context["planned"]
    assert plan.span is not None
    assert plan.span.last == until


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to": []}, "to"),
        ({"to": ["XX"]}, "to"),
        ({"last": "2020-07-02"}, "last"),
        ({"first": "2020-06-30"}, "first"),
        ({"plate": "GHK-99-L"}, "plate"),
        ({"pulls": "trailer"}, "mass"),
        ({"pulls": "trailer", "mass": "0"}, "mass"),
        ({"trailer": "?"}, "trailer"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(garage: Garage, wrong: dict[str, Any], field: str) -> None:
    answer, _text = page(client_of(garage), going(garage, "FR") | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_vehicle_of_another_company_or_branch_is_as_one_that_is_not_insured(garage: Garage) -> None:
    car, elsewhere = held(garage), world.garage(at=garage.portal)
    there = world.branch(garage.organisation, name="Meppel", establishment_number="000000000002")
    colleague = world.member(garage.organisation, rights=[])
    Grant.objects.using(OWNER).create(
        portal=colleague.portal,
        organisation=colleague.organisation,
        membership=colleague,
        right=FleetRight.VIEW,
        branch=there,
        by_system="insurer",
    )
    for client in (client_of(elsewhere), sessions.client_of(colleague, garage.portal)):
        answer, text = page(client, going(garage, "FR", plate=car.plate.value))
        assert list(answer.context["form"].errors) == ["plate"]
        assert f"{car.plate.formatted} is not insured here" in text


def test_trailer_of_exactly_750_kg_goes_to_the_desk_in_one_click(garage: Garage) -> None:
    car, client = held(garage), client_of(garage)
    _answer, text = page(client, going(garage, "AT", plate=car.plate.value, pulls="trailer", mass="750"))
    form = {
        name: [
            unescape(value)
            for other, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
            if other == name
        ]
        for name in ("to", "via", "first", "last", "plate", "pulls", "mass", "trailer")
    }
    sent = client.post(reverse("trips:ask"), form)
    assert sent.status_code == 302
    asked = DeskRequest.objects.using(OWNER).get(organisation=garage.organisation.id)
    assert (asked.kind, asked.subject, asked.data["mass"]) == ("trip", car.item, 750)
    shown = client.get(sent["Location"]).content.decode()
    assert "750 kg" in shown
    assert car.plate.formatted in shown
    again = client.post(reverse("trips:ask"), form)
    assert again["Location"] == sent["Location"]


def test_desk_answers_and_nothing_else_changes(garage: Garage) -> None:
    caller = program(garage)
    sent = {key: value for key, value in going(garage, "RU").items() if key != "pulls"}
    made = caller.post("/trips/requests", sent)
    assert made.status_code == 201
    desk = sessions.actor_of(world.member(world.insurer(garage.portal), rights=[*DeskRight]))
    number = made.json()["id"]
    with enter(desk.scope):
        take(by=desk, request=number)
        accept(by=desk, request=number, reason="Wij dekken deze rit.")
    assert caller.get(f"/requests/{number}").json()["state"] == "accepted"
    assert not GreenCard.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def test_where_there_is_nothing_to_ask_the_desk_is_not_asked(garage: Garage) -> None:
    sent = {key: value for key, value in going(garage, "FR").items() if key != "pulls"}
    refused = program(garage).post("/trips/requests", sent)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_needed")


def test_second_card_by_program(garage: Garage) -> None:
    car, plate, caller = held(garage), trailer(), program(garage)
    path = f"/policies/{garage.policy.number}/trailer-cards"
    made = caller.post(path, {"plate": car.plate.formatted, "trailer": plate.formatted})
    assert made.status_code == 201
    (verdict,) = made.json()["verdicts"]
    card = verdict["card"]
    assert (card["plate"], card["pulled_by"], card["category"]) == (plate.value, car.plate.value, "F")
    again = caller.post(path, {"plate": car.plate.formatted, "trailer": plate.formatted})
    assert (again.status_code, again.json()["code"]) == (422, "trailer_has_card")


def test_light_trailer_by_program(garage: Garage) -> None:
    car, until = held(garage), vehicles.today(garage) + timedelta(30)
    asked = {"plates": [car.plate.value], "with_trailer": True, "until": until.isoformat()}
    made = program(garage).post(f"/policies/{garage.policy.number}/cards", asked)
    card = made.json()["verdicts"][0]["card"]
    assert (card["with_trailer"], card["pulled_by"], card["valid_to"]) == (True, None, until.isoformat())


def test_page_of_the_request_says_what_is_wrong_with_the_trailers_plate(garage: Garage) -> None:
    car, client = held(garage), client_of(garage)
    answer = client.get(reverse("green_cards:request"), {"item": str(car.item), "trailer": "??"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["trailer"]


def test_map_has_every_country_and_shows_all_of_the_trip() -> None:
    every = every_country()
    day = date(2026, 11, 23)
    whole = drawn(advise(Trip(every, frozenset(), day, day), None, on=day).countries)
    assert {land.iso for land in whole.lands} == every
    small = drawn(advise(Trip(frozenset({"LI", "AT"}), frozenset(), day, day), None, on=day).countries)
    assert small.width < whole.width
    for land in small.lands:
        assert small.left <= land.x <= small.left + small.width
        assert small.top <= land.y <= small.top + small.height


def test_headline_says_that_the_vehicle_is_not_insured(garage: Garage) -> None:
    """Its cover begins three days after it leaves."""
    later, client = vehicles.on_cover(garage, days=-3), client_of(garage)
    _answer, text = page(client, going(garage, "FR", plate=later.plate.value))
    assert "<h1>You are not insured when you leave</h1>" in re.sub(r"<h1[^>]*>\s*(.*?)\s*</h1>", r"<h1>\1</h1>", text)
    assert f"{later.plate.formatted} is not insured on" in text


def test_where_no_card_counts_the_page_offers_none(garage: Garage) -> None:
    car, client = held(garage), client_of(garage)
    answer, text = page(client, going(garage, "RU", via=["BY"], plate=car.plate.value))
    assert answer.context["buttons"] == {}
    assert "Nothing that helps: no card is valid on this trip." in text
    assert "Have the card posted" not in text
    _general, text = page(client, going(garage, "RU"))
    assert "its card can be asked for" not in text
    partly, _text = page(client, going(garage, "AT", "RU", plate=car.plate.value))
    assert set(partly.context["buttons"]) == {"card", "post"}
