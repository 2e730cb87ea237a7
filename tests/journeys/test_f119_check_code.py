"""A wrong check code is refused in the user's words, and not for ever tried."""

import re

import pytest
from playwright.sync_api import expect

from remise.core.identifiers import Vin
from remise.core.models import Entry
from remise.core.scope import enter
from remise.fleet.rights import FleetRight
from remise.vehicles import chassis
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.fleet_pages import check_code, fill_registration, refusal, submit
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def test_f119_wrong_check_code_is_refused_and_limited(browse: Browse, garage: Garage) -> None:
    plate, by = vehicles.fresh_plate(), garage.actor()
    with enter(by.scope):
        chassis.note(by.company, plate, Vin("ZZZ12345678900413"), chassis.Source.INSURER)
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=[*rights]), garage.portal)
    page.goto("/vehicles/register")
    wrong = words("This check code does not belong to %(plate)s. Compare it with the registration card.")
    fill_registration(page, plate, "9990", vehicles.today(garage))
    # At once, before anything else is asked.
    expect(page.locator("#code")).to_contain_text(wrong % {"plate": plate.formatted})
    for number in range(1, chassis.BY_COMPANY.times):
        submit(page)  # the same slip once more is none
        refusal(check_code(page), wrong % {"plate": plate.formatted})
        page.wait_for_load_state()  # its scripts too: they hear that the field changes
        check_code(page).fill(f"999{number}")
        check_code(page).press("Tab")
        expect(page.locator("#code")).to_contain_text(wrong % {"plate": plate.formatted})
    no_violations(page)
    check_code(page).fill("0413")
    submit(page)
    said = "Too many wrong check codes. You can try again at %(time)s, in %(minutes)s minute"
    often = re.escape(words_for(f"{said}.", f"{said}s.", 60))
    often = often.replace(r"%\(minutes\)s", r"\d+").replace(r"%\(time\)s", r"\d\d:\d\d")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(often))
    assert not Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()
    # Another vehicle is not in its way.
    other = vehicles.fresh_plate()
    page.goto("/vehicles/register")
    fill_registration(page, other, "9999", vehicles.today(garage))
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(other.formatted)


def test_f119_right_check_code_registers(browse: Browse, garage: Garage) -> None:
    plate, by = vehicles.fresh_plate(), garage.actor()
    with enter(by.scope):
        chassis.note(by.company, plate, Vin("ZZZ12345678900413"), chassis.Source.INSURER)
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=[*rights]), garage.portal)
    page.goto("/vehicles/register")
    fill_registration(page, plate, "0413", vehicles.today(garage))
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)


@pytest.mark.full
def test_f119_whole_chassis_number_is_taken(browse: Browse, garage: Garage) -> None:
    plate = vehicles.fresh_plate()
    rights = [FleetRight.VIEW, FleetRight.REGISTER]
    page = browse(world.member(garage.organisation, rights=[*rights]), garage.portal)
    page.goto("/vehicles/register")
    fill_registration(page, plate, "ZZZ12345678900413", vehicles.today(garage))
    submit(page)
    expect(page.get_by_role("article")).to_contain_text("0413")
    by = garage.actor()
    with enter(by.scope):
        assert chassis.is_known(by.company, plate)
