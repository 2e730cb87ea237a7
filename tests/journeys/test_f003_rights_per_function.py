"""Registering and deregistering are two rights: who lacks one is not offered it, and does not get it."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import fill_registration, submit
from tests.journeys.rights_pages import refused


def test_f003_registers_and_does_not_deregister(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    seller = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(seller, garage.portal)
    page.goto("/vehicles/")
    expect(page.get_by_role("main")).to_contain_text(held.plate.formatted)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_text(words("Deregister"), exact=True)).to_have_count(0)
    page.goto(f"/vehicles/{held.item}")
    expect(page.get_by_text(words("Deregister"), exact=True)).to_have_count(0)
    refused(page, f"/vehicles/deregister?item={held.item}", FleetRight.DEREGISTER)
    expect(page.get_by_role("main")).to_contain_text(garage.portal.desk_name)  # nobody in the company can give it
    no_violations(page)
    page.goto("/vehicles/register")
    fill_registration(page, vehicles.fresh_plate(), vehicles.CODE, vehicles.today(garage))
    submit(page)
    expect(page.get_by_role("article")).to_be_visible()


@pytest.mark.full
def test_f003_deregisters_and_does_not_register(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    page = browse(world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.DEREGISTER]), garage.portal)
    page.goto("/vehicles/")
    expect(page.get_by_text(words("Register a vehicle"))).to_have_count(0)
    refused(page, "/vehicles/register", FleetRight.REGISTER)
    page.goto(f"/vehicles/deregister?item={held.item}")
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(held.plate.formatted)


@pytest.mark.full
def test_f003_form_that_was_open_is_refused_when_the_right_is_gone(browse: Browse) -> None:
    garage = world.garage()
    seller = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(seller, garage.portal)
    page.goto("/vehicles/register")
    plate = vehicles.fresh_plate()
    with page.expect_response("**/vehicles/register/code*"):  # the check code is judged while one goes on typing
        fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    world.take_away(seller, FleetRight.REGISTER)
    with page.expect_response(lambda answer: answer.request.is_navigation_request()) as caught:
        submit(page)
    assert (caught.value.status, caught.value.headers["x-reason-code"]) == (403, "right_missing")
    no_violations(page)
    page.goto("/vehicles/")
    expect(page.get_by_role("main")).not_to_contain_text(plate.formatted)
