"""A vehicle gets another driver from a day on: filled in, shown before it happens, confirmed, with a receipt."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.fleet.test_change_page import FIELDS, on_cover
from tests.journeys.browsing import Browse, choose_day, no_violations, words
from tests.journeys.desk_pages import at_desk, decide, open_case, take, underwriter
from tests.journeys.fleet_pages import fact, refusal, type_earlier


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


def test_late_change_is_asked_of_the_desk_and_decided(browse: Browse) -> None:
    """Further back than goes online: what was typed goes to the desk, and its yes makes the receipt."""
    garage = world.garage(fields=FIELDS)
    held = on_cover(garage)
    vehicles.later(garage, 50)
    day = vehicles.back(garage, 40)
    page = browse(world.member(garage.organisation, rights=[*FleetRight], name="Sanne de Wit"), garage.portal)
    page.goto(f"/vehicles/{held.item}/change")
    page.get_by_label("Driver").fill("")
    page.get_by_label("Seats").fill("7")
    type_earlier(page, day)
    page.get_by_role("button", name=words("Show what changes")).click()
    ask = page.get_by_role("button", name=words("Ask the desk"))
    expect(ask).to_be_visible()
    no_violations(page)
    ask.click()
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1, name=words("Change from an earlier day"))).to_be_visible()
    expect(fact(page, "Driver")).to_have_text(words("becomes empty"))
    expect(fact(page, "Seats")).to_have_text("7")
    expect(main).to_contain_text(words("Waiting for the desk"))
    no_violations(page)

    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, held.plate.formatted)
    expect(fact(desk, "Seats")).to_have_text("7")
    no_violations(desk)
    take(desk)
    decide(desk, words("Accept and change"), "De overdracht klopt.")
    expect(desk.get_by_role("main")).to_contain_text(words("Nothing waits for you"))
    page.reload()
    page.get_by_role("link", name=words("Show the receipt")).click()
    expect(fact(page, "Driver")).to_have_text(words("made empty"))
    expect(fact(page, "Seats")).to_have_text("7")
    no_violations(page)
    page.goto(f"/vehicles/{held.item}")
    expect(page.get_by_role("main")).to_contain_text(words("Made empty: %(fields)s") % {"fields": "Driver"})
