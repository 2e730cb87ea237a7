"""One search box (note I): every kind of identifier, written in any way, by keyboard and on a phone; only one's
own."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import world
from tests.journeys.browsing import Browse, no_violations, words
from tests.search.findable import Findable, findable


@pytest.fixture
def company() -> Findable:
    return findable()


def box(page: Page) -> Locator:
    """On a desk at the top of each page, on a phone on the page behind its mark."""
    combobox = page.get_by_role("combobox", name=words("Search"))
    return (
        combobox if combobox.is_visible() else page.get_by_role("searchbox", name=words("What are you looking for?"))
    )


def to_the_box(page: Page, browse: Browse) -> Locator:
    if browse.is_phone:
        page.get_by_role("banner").get_by_role("link", name=words("Search")).click()
    return box(page)


@pytest.mark.phone
def test_note_i_exact_number_goes_straight_to_its_page(browse: Browse, company: Findable) -> None:
    page = browse(company.owner, company.garage.portal)
    for typed in (company.here.plate.formatted, company.here.plate.value.lower(), company.vin):
        page.goto("/company/people")
        field = to_the_box(page, browse)
        field.fill(typed)
        field.press("Enter")
        expect(page).to_have_url(re.compile(f"/vehicles/{company.here.item}$"))
    no_violations(page)
    page.goto("/search/")
    field = box(page)
    field.fill(company.receipt)
    field.press("Enter")
    expect(page).to_have_url(re.compile(f"/vehicles/receipts/{company.here.entry}$"))


@pytest.mark.phone
def test_note_i_everything_can_be_found(browse: Browse, company: Findable) -> None:
    page = browse(company.owner, company.garage.portal)
    for kind, typed in company.typed().items():
        page.goto(f"/search/?kind={kind}&q={typed}")
        found = page.get_by_role("main").locator("a.link-row")
        expect(found).to_have_count(1)
    no_violations(page)


@pytest.mark.desk
def test_note_i_by_keyboard(browse: Browse, company: Findable) -> None:
    """Slash, a few letters, arrows, Enter; Esc puts the list away."""
    page = browse(company.owner, company.garage.portal)
    page.goto("/company/people")
    page.keyboard.press("/")
    field = box(page)
    expect(field).to_be_focused()
    page.keyboard.type("van der berg")
    offered = page.get_by_role("option")
    expect(offered).to_have_count(2)  # the driver, and the way to all
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="1")).to_be_attached()
    no_violations(page)
    page.keyboard.press("Escape")
    expect(offered.first).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("^find-party-"))
    page.keyboard.press("ArrowUp")
    expect(offered.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(company.driver)
    as_both = page.get_by_role("main").get_by_role("link", name=company.here.plate.formatted)
    expect(as_both).to_have_count(2)  # the driver, and the lessee too


@pytest.mark.once
@pytest.mark.desk
def test_note_i_by_mouse(browse: Browse, company: Findable) -> None:
    page = browse(company.owner, company.garage.portal)
    page.goto("/")
    box(page).fill(company.there.plate.value[:5])
    page.get_by_role("option", name=company.there.plate.formatted).click()
    expect(page).to_have_url(re.compile(f"/vehicles/{company.there.item}$"))


@pytest.mark.once
def test_note_i_another_companys_things_are_not_found(browse: Browse, company: Findable) -> None:
    neighbour = world.garage(at=company.garage.portal)
    page = browse(world.member(neighbour.organisation, rights=["vehicles.view"]), neighbour.portal)
    page.goto("/")
    field = to_the_box(page, browse)
    field.fill(company.here.plate.formatted)
    field.press("Enter")
    nothing = words("Nothing found for “%(typed)s”") % {"typed": company.here.plate.formatted}
    expect(page.get_by_role("main")).to_contain_text(nothing)
    expect(page.get_by_role("main")).to_contain_text(neighbour.organisation.name)
    no_violations(page)


@pytest.mark.once
def test_note_i_without_scripts(browse: Browse, company: Findable) -> None:
    page = browse(company.owner, company.garage.portal, scripts=False)
    page.goto("/search/")
    expect(page.get_by_role("main")).to_contain_text(words("Type a number or a name"))
    field = box(page)
    field.fill("siobhan obrien")
    field.press("Enter")
    found = page.get_by_role("main").get_by_role("link", name=company.colleague.display_name)
    found.click()
    expect(page).to_have_url(re.compile(f"/company/people/{company.colleague.id}$"))


@pytest.mark.once
def test_note_i_the_insurer_sees_whose_it_is(browse: Browse, company: Findable) -> None:
    insurer = world.insurer(company.garage.portal)
    page = browse(world.member(insurer, rights=["customers.view"], name="Mirjam Postma"), company.garage.portal)
    page.goto("/")
    field = to_the_box(page, browse)
    field.fill(company.here.plate.value)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(company.garage.organisation.name)
    expect(page.get_by_role("main")).to_contain_text(company.here.plate.formatted)
    expect(page.get_by_role("main")).to_contain_text(company.garage.policy.number)
    no_violations(page)
