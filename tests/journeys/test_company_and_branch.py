"""One person, two companies, two branches: where one works is always in sight, and only that is shown."""

import pytest
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.core.scope import enter
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Grant
from remise.organisations.rights import OrganisationRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.fleet_pages import listed


def go_to(page: Page, label: str) -> None:
    page.locator("details.place summary").click()
    page.locator("details.place").get_by_role("button").filter(has_text=label).first.click()


@pytest.mark.phone
def test_switch_company_and_branch(browse: Browse) -> None:
    brug = world.garage()
    meppel = world.branch(brug.organisation, name="Meppel", establishment_number="000037178598")
    veen = world.garage(at=brug.portal)
    veen.organisation.name = "Autohuis Van Veen"
    veen.organisation.save(using=world.OWNER)
    in_zwolle, in_meppel = vehicles.on_cover(brug), vehicles.on_cover(brug, branch=meppel.id)
    at_veen = vehicles.on_cover(veen)
    sanne = world.member(brug.organisation, rights=[*FleetRight])
    world.membership(veen.organisation, sanne.account, rights=[FleetRight.VIEW], name="Sanne de Wit")

    page = browse(sanne, brug.portal)
    page.goto("/vehicles/")
    expect(page.get_by_role("heading", level=1, name=words("For which company?"))).to_be_visible()
    no_violations(page)
    page.get_by_role("button").filter(has_text="Garage De Brug").click()
    # Back to the page that was asked for.
    expect(page.locator("tbody .plate")).to_have_count(2)
    assert set(listed(page)) == {in_zwolle.plate.formatted, in_meppel.plate.formatted}
    place = page.locator("details.place summary")
    expect(place).to_contain_text("Garage De Brug")
    expect(place).to_contain_text(words("All branches"))

    place.click()
    no_violations(page)
    page.keyboard.press("Escape")
    go_to(page, "Meppel")
    expect(place).to_contain_text("Meppel")
    assert listed(page) == [in_meppel.plate.formatted]
    page.goto("/vehicles/register")
    expect(page.get_by_label(words("Branch"), exact=True).locator("option:checked")).to_have_text("Meppel")

    go_to(page, "Autohuis Van Veen")
    expect(place).to_contain_text("Autohuis Van Veen")
    page.goto("/vehicles/")
    assert listed(page) == [at_veen.plate.formatted]
    expect(page.get_by_text(words("Register a vehicle"))).to_have_count(0)  # other company, other rights
    answer = page.goto(f"/vehicles/{in_zwolle.item}")
    assert answer is not None
    assert answer.status == 404
    no_violations(page)


@pytest.mark.full
def test_what_was_begun_for_one_company_is_not_done_to_another(browse: Browse) -> None:
    """Two tabs: the form stands open for one company, the other is chosen meanwhile."""
    brug = world.garage()
    veen = world.garage(at=brug.portal)
    veen.organisation.name = "Autohuis Van Veen"
    veen.organisation.save(using=world.OWNER)
    sanne = world.member(brug.organisation, rights=[*FleetRight])
    world.membership(veen.organisation, sanne.account, rights=[*FleetRight], name="Sanne de Wit")
    page = browse(sanne, brug.portal)
    page.goto("/vehicles/register")
    page.get_by_role("button").filter(has_text="Garage De Brug").click()
    plate = Plate("ZX12YT")
    page.get_by_label(words("Plate"), exact=True).fill(plate.value)
    other = page.context.new_page()
    other.goto(page.url)
    go_to(other, "Autohuis Van Veen")
    page.locator("button[data-sentence]").click()
    title = words("You work for %(now)s now") % {"now": "Autohuis Van Veen"}
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    no_violations(page)
    for garage in (brug, veen):
        with enter(garage.actor().scope):
            assert not RegistrationVersion.objects.filter(plate=plate.value).exists()
    page.get_by_role("button", name=words("Back to %(before)s") % {"before": "Garage De Brug"}).click()
    expect(page.locator(".place-name")).to_contain_text("Garage De Brug")


@pytest.mark.full
def test_click_for_another_company_says_so_beside_it(browse: Browse) -> None:
    """Two tabs again: nothing is changed, the mark stays as it was, and it says why."""
    brug = world.garage()
    veen = world.garage(at=brug.portal)
    veen.organisation.name = "Autohuis Van Veen"
    veen.organisation.save(using=world.OWNER)
    sanne = world.member(brug.organisation, rights=[OrganisationRight.MANAGE_USERS])
    other = world.membership(veen.organisation, sanne.account, rights=[FleetRight.VIEW], name="Sanne de Wit")
    page = browse(sanne, brug.portal)
    page.goto("/company/people")
    page.get_by_role("button").filter(has_text="Garage De Brug").click()
    mark = page.locator(f"#c-{sanne.id}-{FleetRight.VIEW.replace('.', '-')}-all")
    tab = page.context.new_page()
    tab.goto("/")
    go_to(tab, "Autohuis Van Veen")
    expect(tab.locator("details.place summary")).to_contain_text("Autohuis Van Veen")
    mark.click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("Autohuis Van Veen")
    expect(said.get_by_role("link")).to_be_visible()
    expect(mark).to_have_attribute("aria-checked", "false")
    no_violations(page)
    page.route("**", lambda route: route.abort())
    mark.click()
    expect(said).to_have_text(words("That did not work, and nothing was changed. Reload the page and try again."))
    browse.complaints.clear()  # of the two answers that this is about
    held = {grant.right for grant in Grant.objects.using(world.OWNER).filter(membership__in=[sanne, other])}
    assert held == {str(OrganisationRight.MANAGE_USERS), str(FleetRight.VIEW)}
