"""One person, one account: decides about others as administrator, and works without that right every day."""

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.organisations.models import Membership
from remise.organisations.rights import OrganisationRight
from tests import world
from tests.journeys.browsing import Browse, menu_labels, no_violations, words
from tests.journeys.rights_pages import flip, refused


@pytest.mark.phone
def test_f007_f010_f011_administrator_sees_no_vehicle_until_the_right_is_given(browse: Browse) -> None:
    garage = world.garage()
    rights: list[str] = [OrganisationRight.MANAGE_USERS, FleetRight.VIEW, FleetRight.REGISTER]
    owner = world.member(garage.organisation, rights=rights, name="Kees Bos")
    world.member(garage.organisation, rights=[FleetRight.VIEW], name="Bram Jansen")
    page = browse(owner, garage.portal)
    page.goto(f"/company/people/{owner.id}")
    page.get_by_role("button", name=words("Administer apart"), exact=True).click()
    expect(
        page.get_by_text(
            words("You are here as administrator now. At the top of each page you go back to everyday work.")
        )
    ).to_be_visible()
    no_violations(page)
    assert words("Vehicles") not in menu_labels(page)

    page.goto("/vehicles/")
    expect(page.get_by_role("heading", level=1, name=words("You are here as administrator now"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Kees Bos")
    no_violations(page)
    page.get_by_role("button", name=words("Go on in everyday work")).click()
    expect(page).to_have_url(f"{browse.server.address(garage.portal)}/vehicles/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto("/company/people")
    expect(page.get_by_role("heading", level=1, name=words("You are in everyday work now"))).to_be_visible()
    page.get_by_role("button", name=words("Go on as administrator")).click()
    apart = Membership.objects.using(world.OWNER).get(account=owner.account_id, as_administrator=True)
    page.goto("/company/people")
    apart.display_name = words("%(name)s, as administrator") % {"name": "Kees Bos"}
    flip(page, FleetRight.VIEW, apart)
    expect(page.locator("#history")).to_contain_text(words("own rights"))
    no_violations(page)
    page.goto("/vehicles/")
    assert words("Vehicles") in menu_labels(page)
    expect(page.get_by_role("heading", level=1, name=words("You are here as administrator now"))).to_have_count(0)


@pytest.mark.full
def test_f007_page_is_open_at_another_company_of_ones_own(browse: Browse) -> None:
    garage = world.garage()
    salesman = world.member(garage.organisation, rights=[FleetRight.VIEW], name="Bram Jansen")
    other = world.organisation(garage.portal, name="Autohuis Van Veen")
    world.membership(other, salesman.account, rights=[FleetRight.VIEW, FleetRight.REGISTER], name="Bram Jansen")
    page = browse(salesman, garage.portal)
    page.goto("/vehicles/")
    page.get_by_role("button", name=garage.organisation.name).click()
    refused(page, "/vehicles/register", FleetRight.REGISTER)
    way = words("You have this right at %(company)s: choose the company") % {"company": "Autohuis Van Veen"}
    page.get_by_role("link", name=way).click()
    page.get_by_role("button", name="Autohuis Van Veen").click()
    expect(page).to_have_url(f"{browse.server.address(garage.portal)}/vehicles/register")


@pytest.mark.phone
def test_administrator_looks_as_a_colleague(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(
        garage.organisation, rights=[OrganisationRight.MANAGE_USERS, FleetRight.VIEW], name="Kees Bos"
    )
    bram = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.REGISTER], name="Bram Jansen")
    page = browse(owner, garage.portal)
    page.goto(f"/company/people/{bram.id}")
    page.get_by_role("button", name=words("See it as %(name)s") % {"name": "Bram Jansen"}).click()
    band = page.locator("aside.band")
    expect(band).to_contain_text("Bram Jansen")
    no_violations(page)
    page.goto("/vehicles/register")
    title = words("%(name)s may open this, and you may not") % {"name": "Bram Jansen"}
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    no_violations(page)
    band.get_by_role("button", name=words("Stop")).click()
    expect(page.get_by_role("heading", level=1, name="Bram Jansen")).to_be_visible()
    page.goto("/company/people")
    flip(page, FleetRight.DEREGISTER, bram)
