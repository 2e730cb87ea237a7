"""A card ends when the insurance ends, and whoever scans its code reads so without signing in."""

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from remise.green_cards.models import GreenCard
from remise.organisations.models import Membership
from remise.policies.models import Policy
from tests import vehicles, world
from tests.green_cards.cards import card, held
from tests.journeys.browsing import Browse, choose_day, no_violations, words
from tests.journeys.card_pages import public_address
from tests.journeys.fleet_pages import submit
from tests.world import OWNER, Garage


def verdict(page: Page, of: GreenCard) -> str:
    page.goto(public_address(of))
    no_violations(page)
    return page.get_by_role("heading", level=1).inner_text()


def test_f132_deregistered_vehicles_card_is_expired(browse: Browse) -> None:
    garage = world.garage()
    vehicle = held(garage, days=9)
    made = card(garage, vehicle)
    officer = browse(None, garage.portal)
    assert verdict(officer, made) == words("Valid")
    expect(officer.get_by_role("main")).to_contain_text(made.number)
    expect(officer.get_by_role("main")).to_contain_text(vehicle.plate.formatted)
    expect(officer.locator("body")).not_to_contain_text(garage.organisation.name)
    assert officer.locator('meta[name="robots"]').get_attribute("content") == "noindex, nofollow"

    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto(f"/vehicles/{vehicle.item}")
    expect(page.get_by_role("main")).to_contain_text(made.number)
    no_violations(page)
    page.goto(f"/vehicles/deregister?item={vehicle.item}")
    choose_day(page, vehicles.back(garage, 1))
    submit(page)
    assert verdict(officer, made) == words("Expired")
    page.goto("/cards/")
    expect(page.get_by_role("row").filter(has_text=vehicle.plate.formatted)).to_contain_text(words("Expired"))
    page.get_by_role("link", name=words("Valid"), exact=True).click()
    expect(page.get_by_role("main")).not_to_contain_text(vehicle.plate.formatted)
    no_violations(page)


@pytest.mark.full
@pytest.mark.once
def test_f132_ended_policys_card_is_expired(browse: Browse) -> None:
    garage = world.garage()
    made = card(garage, held(garage, days=9))
    officer = browse(None, garage.portal)
    assert verdict(officer, made) == words("Valid")
    Policy.objects.using(OWNER).filter(id=garage.policy.id).update(ends=vehicles.today(garage))
    assert verdict(officer, made) == words("Expired")


@pytest.mark.full
def test_f132_unknown_code_and_another_insurers_card(browse: Browse) -> None:
    garage, elsewhere = world.garage(), world.garage()
    made = card(elsewhere)
    officer = browse(None, garage.portal)
    assert verdict(officer, made) == words("Unknown")
    expect(officer.locator("body")).not_to_contain_text(made.number)


def sees_nothing(garage: Garage) -> Membership:
    return world.member(garage.organisation, rights=[])


@pytest.mark.full
@pytest.mark.once
def test_f132_signed_in_reads_what_everybody_reads(browse: Browse) -> None:
    garage = world.garage()
    made = card(garage)
    page = browse(sees_nothing(garage), garage.portal)
    assert verdict(page, made) == words("Valid")
