"""The menu shows what one may do, and nothing else opens."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, menu, menu_labels, no_violations, words
from tests.journeys.rights_pages import flip, refused


@pytest.mark.phone
def test_f001_menu_by_rights(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    employee = world.member(garage.organisation, rights=[])
    page = browse(employee, garage.portal)
    page.goto("/")
    assert menu_labels(page)[0] == words("Home")
    assert words("Vehicles") not in menu_labels(page)
    no_violations(page)
    refused(page, "/vehicles/", FleetRight.VIEW)
    expect(page.get_by_role("main")).to_contain_text("Kees Bos")  # who can give it
    assert held.plate.formatted not in page.content()
    no_violations(page)

    office = browse(owner, garage.portal)
    office.goto("/")
    assert words("Vehicles") not in menu_labels(office)  # deciding about others gives no view of vehicles
    menu(office).get_by_role("link", name=words("My company")).click()
    expect(office.get_by_role("heading", level=1, name=words("Who may do what"))).to_be_visible()
    no_violations(office)
    flip(office, FleetRight.VIEW, employee)

    page.goto("/")
    menu(page).get_by_role("link", name=words("Vehicles")).click()
    expect(page.get_by_role("main")).to_contain_text(held.plate.formatted)
    assert words("My company") not in menu_labels(page)
    refused(page, "/company/people", OrganisationRight.MANAGE_USERS)
