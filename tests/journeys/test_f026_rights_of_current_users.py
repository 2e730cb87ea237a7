"""A colleague at work gains and loses a right: it holds from the next click, without signing in again."""

import time

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words
from tests.journeys.rights_pages import flip


def test_f026_rights_of_current_users(browse: Browse) -> None:
    garage = world.garage()
    held = vehicles.on_cover(garage)
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.DEREGISTER])
    page = browse(employee, garage.portal)
    session = cookies(page)
    page.goto(f"/vehicles/{held.item}")
    office = browse(owner, garage.portal)
    office.goto("/company/people")

    flip(office, FleetRight.DEREGISTER, employee)
    changed = time.monotonic()
    # The page that is open still has the button; what it leads to says no.
    with page.expect_response(lambda answer: "/vehicles/deregister" in answer.url) as caught:
        page.get_by_role("link", name=words("Deregister"), exact=True).click()
    assert (caught.value.status, caught.value.headers["x-reason-code"]) == (403, "right_missing")
    assert time.monotonic() - changed < 5
    no_violations(page)

    flip(office, FleetRight.DEREGISTER, employee)
    changed = time.monotonic()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(held.plate.formatted)
    assert time.monotonic() - changed < 5
    assert cookies(page) == session


@pytest.mark.full
def test_f026_administrator_gives_what_goes_together_on_the_colleagues_own_page(browse: Browse) -> None:
    garage = world.garage()
    owner = world.member(garage.organisation, rights=[OrganisationRight.MANAGE_USERS], name="Kees Bos")
    employee = world.member(garage.organisation, rights=[], name="Bram Jansen")
    office = browse(owner, garage.portal)
    office.goto("/company/people")
    office.get_by_role("link", name="Bram Jansen").click()
    no_violations(office)
    office.get_by_role("button", name=words("Sales"), exact=True).click()
    expect(office.get_by_role("heading", level=1, name="Bram Jansen")).to_be_visible()
    page = browse(employee, garage.portal)
    page.goto("/vehicles/register")
    expect(page.get_by_label(words("Plate"), exact=True)).to_be_visible()
    # And leaves: nothing opens any more.
    office.get_by_text(words("No longer works here"), exact=True).click()
    office.get_by_role("button", name=words("%(name)s has left") % {"name": "Bram Jansen"}).click()
    expect(office.get_by_role("status")).to_contain_text("Bram Jansen")
    answer = page.goto("/vehicles/register")
    assert answer is not None
    assert (answer.status, answer.headers["x-reason-code"]) == (403, "company_missing")
    no_violations(page)


def cookies(page: Page) -> list[str]:
    return [str(cookie.get("value")) for cookie in page.context.cookies() if cookie.get("name") == "session"]
