"""Before the scripts are there, or where they never come, the work can be done all the same."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, day_field, words
from tests.journeys.fleet_pages import check_code, listed, submit
from tests.journeys.rights_pages import switch
from tests.world import OWNER


def test_register_and_deregister_without_scripts(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal, scripts=False)
    page.goto("/vehicles/")
    page.get_by_role("main").get_by_role("link", name=words("Register a vehicle")).first.click()
    plates = [vehicles.fresh_plate(), vehicles.fresh_plate()]
    since, until = vehicles.back(garage, 9), vehicles.back(garage, 2)
    for plate in plates:
        page.get_by_label(words("Plate"), exact=True).fill(plate.value.lower())
        check_code(page).fill(vehicles.CODE)
        day_field(page).fill(since.isoformat())
        submit(page)
        expect(page.get_by_role("article")).to_contain_text(plate.formatted)
        page.get_by_role("link", name=words("Next plate")).click()
    page.goto("/vehicles/")
    for box in page.get_by_role("checkbox").filter(has_not=page.locator("[data-all]")).all():
        if box.get_attribute("name") == "item":
            box.check()
    page.get_by_role("button", name=words("Deregister"), exact=True).click()
    day_field(page).fill(until.isoformat())
    submit(page)
    expect(page.get_by_role("article")).to_have_count(2)
    page.goto("/vehicles/")
    assert listed(page) == []
    held = RegistrationVersion.objects.using(OWNER).filter(organisation=garage.organisation.id, known_to__isnull=True)
    assert set(held.values_list("plate", "starts", "ends")) == {
        (plate.value, since, until + timedelta(1)) for plate in plates
    }


@pytest.mark.full
def test_give_a_right_without_scripts(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    employee = world.member(garage.organisation, rights=[])
    page = browse(owner, garage.portal, scripts=False)
    page.goto("/company/people")
    switch(page, FleetRight.VIEW, employee).click()
    expect(switch(page, FleetRight.VIEW, employee)).to_have_attribute("aria-checked", "true")
    switch(page, OrganisationRight.MANAGE_USERS, owner).click()
    text = words("Somebody must be able to give rights. Give a colleague this right first.")
    expect(page.get_by_text(text)).to_be_visible()
