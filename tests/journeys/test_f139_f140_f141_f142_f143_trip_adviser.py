"""Countries, dates and vehicle in; what to carry out, each line with its day and source: as the lists were in 2023,
and as they are now."""

from datetime import date

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.green_cards.trips.lines import of_fact
from remise.green_cards.trips.tables import Kind, fact
from tests import vehicles, world
from tests.green_cards.cards import held
from tests.journeys.browsing import Browse, menu, no_violations, words
from tests.journeys.card_pages import ask_for, cards, go_on
from tests.journeys.desk_pages import at_desk, decide, open_case, take, underwriter
from tests.journeys.trip_pages import advice, country, fill_in, title
from tests.world import Garage

THEN = date(2023, 1, 1)


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def said(kind: Kind, iso: str, on: date) -> str:
    found = fact(kind, iso, on=on)
    assert found is not None
    return of_fact(found).words


@pytest.mark.phone
def test_f142_f143_to_turkey_through_europe_and_the_card_from_there(browse: Browse, garage: Garage) -> None:
    today, vehicle = vehicles.today(garage), held(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto("/")
    menu(page).get_by_role("link", name=words("Trip abroad")).click()
    no_violations(page)
    fill_in(page, today, 20, "TR", via=("DE", "FR"), plate=vehicle.plate)
    advice(page)
    title(page, words("You can go, with the green card"))
    expect(country(page, "TR")).to_contain_text(said(Kind.MUST_SHOW, "TR", today))
    expect(country(page, "TR")).to_contain_text(said(Kind.DIGITAL, "TR", today))
    expect(country(page, "FR")).to_contain_text(said(Kind.NOT_ASKED, "FR", today))
    expect(country(page, "FR")).to_contain_text("bcf.asso.fr")
    main = page.get_by_role("main")
    for part in ("European claim form", "Policy number", "Emergency number"):
        expect(main).to_contain_text(words(part))
    expect(main).to_contain_text(garage.policy.number)
    expect(main).to_contain_text(garage.portal.desk_phone)
    expect(
        page.get_by_role("img", name=words("Map of the countries of this trip; the table below it says the same."))
    ).to_be_visible()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(4)
    no_violations(page)
    page.get_by_role("link", name=words("Ask for the card")).click()
    go_on(page)
    ask_for(page, 1)
    assert [card.plate for card in cards(garage)] == [vehicle.plate.value]


def test_f139_f140_f141_lists_of_2023(browse: Browse, garage: Garage) -> None:
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    fill_in(page, THEN, 20, "TR", "AZ", "RS", via=("GB", "LI"))
    advice(page)
    title(page, words("You can go, with the green card on paper"))
    for iso in ("GB", "LI"):
        expect(country(page, iso)).to_contain_text(said(Kind.DIGITAL, iso, THEN))
    for iso in ("TR", "AZ"):
        expect(country(page, iso)).to_contain_text(said(Kind.PAPER, iso, THEN))
    for iso in ("TR", "AZ", "RS"):
        expect(country(page, iso)).to_contain_text(said(Kind.WHITE_REFUSED, iso, THEN))
    expect(country(page, "RS")).to_contain_text(said(Kind.MUST_SHOW, "RS", THEN))
    expect(country(page, "AZ")).not_to_contain_text(said(Kind.MUST_SHOW, "TR", THEN))
    no_violations(page)


@pytest.mark.phone
def test_without_cover_the_desk_is_asked_with_one_click(browse: Browse, garage: Garage) -> None:
    today, vehicle = vehicles.today(garage), held(garage)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    fill_in(page, today, 10, "RU", via=("FI",), plate=vehicle.plate)
    advice(page)
    expect(page.get_by_role("main")).to_contain_text(words("ask the insurer's desk what is possible."))
    no_violations(page)
    page.get_by_role("button", name=words("Ask the insurer's desk")).click()
    expect(page.get_by_role("heading", level=1, name=words("A question about a trip abroad"))).to_be_visible()
    no_violations(page)
    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, vehicle.plate.formatted)
    take(desk)
    no_violations(desk)
    decide(desk, words("Answer: not insured"), "Daar kan niemand verzekeren.")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(words("Not insured on this trip"))
