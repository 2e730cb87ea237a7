"""A light trailer is noted on the car's card; a heavy one gets a second card through Germany, by the car's cover."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.green_cards.cards import held
from tests.green_cards.test_trailers import trailer
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.card_pages import ask_for, cards, go_on, pdf, public_address
from tests.journeys.trip_pages import advice, fill_in, pull, title
from tests.world import Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


@pytest.mark.phone
def test_f144_light_trailer_is_noted_on_the_cars_card(browse: Browse, garage: Garage) -> None:
    vehicle = held(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    fill_in(page, vehicles.today(garage), 14, "AT", via=("DE",), plate=vehicle.plate)
    pull(page, 600)
    advice(page)
    no_violations(page)
    page.get_by_role("link", name=words("Ask for the card")).click()
    expect(page.get_by_label(words("A trailer or caravan lighter than 750 kg goes along"))).to_be_checked()
    no_violations(page)
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text(words("with trailer or caravan"))
    # Back keeps what was ticked, and so does going on again.
    page.get_by_role("button", name=words("Back"), exact=True).click()
    expect(page.get_by_label(words("A trailer or caravan lighter than 750 kg goes along"))).to_be_checked()
    go_on(page)
    ask_for(page, 1)
    (card,) = cards(garage)
    link = page.get_by_role("link", name=words("PDF of %(number)s") % {"number": card.number})
    assert "and trailer/caravan" in pdf(page, str(link.get_attribute("href"))).pages[0]


@pytest.mark.phone
def test_f145_heavy_trailer_gets_a_second_card_through_germany(browse: Browse, garage: Garage) -> None:
    vehicle, plate = held(garage, days=9), trailer()
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    fill_in(page, vehicles.today(garage), 14, "AT", via=("DE",), plate=vehicle.plate)
    pull(page, 1500, plate)
    advice(page)
    title(page, words("You can go; no green card is required"))
    no_violations(page)
    page.get_by_role("link", name=words("Ask for the trailer's second card")).click()
    expect(page.get_by_role("main")).to_contain_text(plate.formatted)
    no_violations(page)
    go_on(page)
    no_violations(page)
    ask_for(page, 1)
    (card,) = cards(garage)
    assert (card.plate, card.category, card.pulled_by) == (plate.value, "F", vehicle.plate.value)
    officer = browse(None, garage.portal)
    officer.goto(public_address(card))
    expect(officer.get_by_role("heading", level=1, name=words("Valid"))).to_be_visible()
    expect(officer.get_by_role("main")).to_contain_text(
        words("Second card, of a trailer with a plate of its own: it is valid while the car that pulls it is insured")
    )
    no_violations(officer)
    # It is listed with the car, and ends with it.
    page.goto(f"/vehicles/{vehicle.item}")
    expect(page.get_by_role("main")).to_contain_text(plate.formatted)
    no_violations(page)


@pytest.mark.once
def test_exactly_750_kg_is_asked(browse: Browse, garage: Garage) -> None:
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    fill_in(page, vehicles.today(garage), 14, "FR")
    pull(page, 750)
    advice(page)
    title(page, words("Ask the insurer's desk about the trailer first"))
    page.get_by_role("button", name=words("Ask the insurer's desk")).click()
    expect(page.get_by_role("heading", level=1, name=words("A question about a trip abroad"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("750 kg")
