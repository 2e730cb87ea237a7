"""A vehicle gets another driver from a day on: filled in, shown before it happens, confirmed, with a receipt."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.fleet.test_change_page import FIELDS, on_cover
from tests.journeys.browsing import Browse, choose_day, no_violations, words
from tests.journeys.fleet_pages import fact, refusal


@pytest.mark.phone
def test_vehicle_gets_another_driver(browse: Browse) -> None:
    garage = world.garage(fields=FIELDS)
    held = on_cover(garage)
    day = vehicles.back(garage, 2)
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto(f"/vehicles/{held.item}")
    page.get_by_role("link", name=words("Change"), exact=True).click()
    driver, seats = page.get_by_label("Driver"), page.get_by_label("Seats")
    expect(driver).to_have_value("Wim Kuipers")
    no_violations(page)

    driver.fill("Lotte Smit")
    seats.fill("12")
    choose_day(page, day)
    page.get_by_role("button", name=words("Show what changes")).click()
    refusal(seats, "9")
    expect(driver).to_have_value("Lotte Smit")  # nothing is lost
    no_violations(page)
    seats.fill("7")
    page.get_by_role("button", name=words("Show what changes")).click()

    main = page.get_by_role("main")
    for said in ("Wim Kuipers", "Lotte Smit", words("Nothing now."), shown_day(day)):
        expect(main).to_contain_text(said)
    no_violations(page)
    page.get_by_role("button", name=words("Back to the form")).click()
    expect(driver).to_have_value("Lotte Smit")
    expect(seats).to_have_value("7")
    page.get_by_role("button", name=words("Show what changes")).click()
    page.locator("button[value=confirm]").click()

    expect(main).to_contain_text(words("Receipt"))
    expect(fact(page, "Driver")).to_have_text("Lotte Smit")
    no_violations(page)
    page.goto(f"/vehicles/{held.item}")
    expect(fact(page, words("Driver"))).to_have_text("Lotte Smit")
    expect(main).to_contain_text(words("Changed"))
