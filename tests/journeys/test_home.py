"""The first page: what needs doing now by date, and the business in figures that each lead to their list."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from remise.core.identifiers import Plate
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.fleet_pages import listed


@pytest.mark.phone
def test_home_says_what_to_do_and_leads_there(browse: Browse) -> None:
    garage = world.garage()
    until = vehicles.today(garage) + timedelta(days=9)
    plate = Plate(vehicles.in_register(inspection_until=until).plate)
    vehicles.on_cover(garage, plate, days=3)
    page = browse(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    page.goto("/")
    main = page.get_by_role("main")
    task = words_for(
        "%(count)s vehicle in stock must be inspected within a month",
        "%(count)s vehicles in stock must be inspected within a month",
        1,
    )
    expect(main).to_contain_text(task % {"count": 1})
    expect(main).to_contain_text(shown_day(until, "plain"))
    no_violations(page)
    main.get_by_role("link").filter(has_text=words("Insured vehicles")).click()
    assert listed(page) == [plate.formatted]


@pytest.mark.phone
def test_home_of_a_new_company_leads_to_its_first_vehicle(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER]), garage.portal)
    page.goto("/")
    main = page.get_by_role("main")
    expect(main).to_contain_text(words("No vehicle is insured yet"))
    no_violations(page)
    main.get_by_role("link", name=words("Several at once")).click()
    expect(main.get_by_role("heading", level=1)).to_have_text(words("Several vehicles at once"))
    page.goto("/")
    main.get_by_role("link", name=words("Register a vehicle")).click()
    expect(main.get_by_role("textbox").first).to_be_visible()


@pytest.mark.full
def test_home_of_a_new_colleague_says_who_can_help(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=[]), garage.portal)
    page.goto("/")
    no_violations(page)
    page.get_by_role("main").get_by_role("link", name=words("Who can help me?")).click()
    expect(page.get_by_role("main")).to_contain_text(garage.portal.desk_phone)
    no_violations(page)
