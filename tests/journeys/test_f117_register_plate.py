"""A plate goes on the policy: three fields, a sentence on the button, and a receipt."""

import re

import pytest
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import world
from tests.journeys import vehicles
from tests.journeys.browsing import Browse, choose_day, no_violations, words
from tests.world import Garage

SALES = [FleetRight.VIEW, FleetRight.REGISTER]


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def at_form(browse: Browse, garage: Garage) -> Page:
    page = browse(world.member(garage.organisation, rights=[*SALES]), garage.portal)
    page.goto("/vehicles/")
    page.get_by_role("link", name=words("Register a vehicle")).first.click()
    expect(page.get_by_role("heading", level=1, name=words("Register a vehicle"))).to_be_visible()
    return page


def submit(page: Page) -> None:
    page.locator("button[data-sentence]").click()


@pytest.mark.phone
def test_f117_register_plate(browse: Browse, garage: Garage) -> None:
    vehicle = vehicles.in_register()
    plate = Plate(vehicle.plate)
    page = at_form(browse, garage)
    no_violations(page)
    page.get_by_label(words("Plate"), exact=True).press_sequentially(plate.value.lower())
    expect(page.get_by_label(words("Plate"), exact=True)).to_have_value(plate.formatted)
    expect(page.locator("#facts")).to_contain_text("Volvo Ex30")
    page.get_by_label(words("Check code")).fill(vehicles.CODE)
    choose_day(page, vehicles.back(garage, 1))
    sentence = words("Insure {plate} from {day}").format(plate=plate.formatted, day=words("yesterday"))
    no_violations(page)
    page.get_by_role("button", name=sentence, exact=True).click()

    title = words("%(plate)s is insured from %(day)s") % {
        "plate": plate.formatted,
        "day": shown_day(vehicles.back(garage, 1)),
    }
    receipt = page.get_by_role("article", name=title)
    expect(receipt).to_contain_text(re.compile(rf"{vehicles.today(garage).year}-\d{{6}}"))
    expect(receipt).to_contain_text("Sanne de Wit")
    no_violations(page)
    page.get_by_role("link", name=words("Show the vehicle")).click()
    expect(page.get_by_role("main")).to_contain_text(words("Insured"))
    no_violations(page)
