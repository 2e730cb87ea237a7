"""How far back cover can start online, and where one goes from there."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.core.models import Entry
from remise.fleet.rights import FleetRight
from remise.policies.rules import BackDate
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.journeys.browsing import Browse, choose_day, day_field, no_violations, words, words_for
from tests.journeys.fleet_pages import fill_registration, refusal, submit
from tests.world import OWNER, Garage

FROM_NAME_DATE = BackDate.FROM_NAME_DATE


def at_form(browse: Browse, garage: Garage) -> Page:
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER])
    page = browse(employee, garage.portal)
    page.goto("/vehicles/register")
    return page


def refused(page: Page, garage: Garage, plate: Plate, day: date, text: str) -> None:
    """Whatever the calendar lets one choose: the day is sent, and refused beside its field."""
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    day_field(page).fill(day.isoformat(), force=True)
    submit(page)
    refusal(day_field(page), text)
    assert not Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).exists()


def desk_is_offered(page: Page, garage: Garage) -> None:
    offer = page.get_by_role("main").get_by_role("button", name=words("Ask the desk"))
    expect(offer).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(garage.portal.desk_hours)


@pytest.mark.phone
def test_f123_register_28_days_back(browse: Browse) -> None:
    garage = world.garage()
    page = at_form(browse, garage)
    plate = vehicles.fresh_plate()
    fill_registration(page, plate, vehicles.CODE, vehicles.back(garage, 28))
    submit(page)
    title = words("%(plate)s is insured from %(day)s")
    shown = shown_day(vehicles.back(garage, 28))
    expect(page.get_by_role("article", name=title % {"plate": plate.formatted, "day": shown})).to_be_visible()


def test_f123_register_29_days_back_is_refused_and_leads_to_the_desk(browse: Browse) -> None:
    garage = world.garage()
    page = at_form(browse, garage)
    text = words_for(
        "%(back)s day back is no longer possible online: the limit is %(limit)s days.",
        "%(back)s days back is no longer possible online: the limit is %(limit)s days.",
        29,
    )
    plate = vehicles.fresh_plate()
    refused(page, garage, plate, vehicles.back(garage, 29), text % {"back": 29, "limit": 28})
    desk_is_offered(page, garage)
    no_violations(page)
    # The fields still hold what was typed: another day and the vehicle is insured.
    choose_day(page, vehicles.back(garage, 28))
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)


@pytest.mark.full
def test_f123_register_before_the_name_date_is_refused(browse: Browse) -> None:
    garage = world.garage()
    page = at_form(browse, garage)
    since = vehicles.back(garage, 10)
    plate = Plate(vehicles.in_register(in_name_since=since).plate)
    text = words("The vehicle is in its owner's name since %(day)s. Cover cannot start before that day.")
    refused(page, garage, plate, since - timedelta(1), text % {"day": shown_day(since)})
    desk_is_offered(page, garage)
    choose_day(page, since)
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)


@pytest.mark.full
def test_f123_register_within_28_days_of_the_name_date(browse: Browse) -> None:
    """The other reading of the same rule, which another product has: afterwards no day back remains."""
    garage = world.garage(reading=FROM_NAME_DATE)
    page = at_form(browse, garage)
    plate = Plate(vehicles.in_register(in_name_since=vehicles.back(garage, 29)).plate)
    text = words("Going back is no longer possible for this vehicle: the limit was %(limit)s days.")
    refused(page, garage, plate, vehicles.back(garage, 1), text % {"limit": 28})
    choose_day(page, vehicles.today(garage))
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
