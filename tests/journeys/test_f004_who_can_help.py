"""Whoever is stuck finds a person: the administrators of the own company, and who at the insurer helps, and when."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.help.capacities import Topic
from remise.organisations.rights import OrganisationRight
from tests import world
from tests.help.people import contact
from tests.journeys.browsing import Browse, menu, no_violations, words


@pytest.mark.phone
def test_f004_refused_colleague_finds_the_administrator(browse: Browse) -> None:
    garage = world.garage()
    world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    contact(garage.portal, "Rechtenbalie", topics=[Topic.RIGHTS], week="24/7", phone="038 111 22 33")
    page = browse(world.member(garage.organisation, rights=[]), garage.portal)
    page.goto("/vehicles/")
    page.get_by_role("link", name=words("Who can help me?")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Kees Bos")
    expect(main).to_contain_text("Rechtenbalie")
    expect(main).to_contain_text("038 111 22 33")
    expect(main).to_contain_text(words("Open day and night"))
    no_violations(page)


@pytest.mark.full
def test_f004_without_administrator_the_desk_appears_with_its_hours(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=[FleetRight.VIEW]), garage.portal)
    page.goto("/")
    menu(page).get_by_role("link", name=words("Help"), exact=True).click()
    no_violations(page)
    page.get_by_role("link", name=words("Who decides in my company")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text(garage.portal.desk_phone)
    expect(main).to_contain_text(garage.portal.desk_hours)
    expect(main).to_contain_text(
        words("Nobody in your company decides who may do what yet. The insurer can make you administrator.")
    )


@pytest.mark.full
def test_f004_half_authorised_person_finds_the_desk(browse: Browse) -> None:
    """Signed in, and working for no company here."""
    at = world.portal()
    page = browse(world.account(), at)
    page.goto("/")
    page.get_by_role("link", name=words("Help with signing in")).click()
    no_violations(page)
    page.goto("/help/who")
    expect(page.get_by_role("main")).to_contain_text(at.desk_phone)
    expect(page.get_by_role("main")).to_contain_text(at.desk_hours)
    no_violations(page)
