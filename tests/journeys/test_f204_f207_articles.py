"""Every question has an address of its own; search finds it, and so does the refusal that it explains."""

import re

import pytest
from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from remise.help import articles
from tests import vehicles, world
from tests.journeys.browsing import Browse, day_field, no_violations, words
from tests.journeys.fleet_pages import fill_registration, submit


def article(slug: str) -> articles.Article:
    found = articles.article(slug)
    assert found is not None
    return found


@pytest.mark.phone
def test_f204_refused_day_leads_to_its_question(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)
    page.goto("/vehicles/register")
    fill_registration(page, vehicles.fresh_plate(), vehicles.CODE, vehicles.today(garage))
    day_field(page).fill(vehicles.back(garage, 29).isoformat(), force=True)
    submit(page)
    page.get_by_role("link", name=words("Read why")).first.click()
    expect(page).to_have_url(re.compile("/help/articles/back-dating#limit$"))
    expect(page.locator("#limit")).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_have_text(article("back-dating").title)
    no_violations(page)


@pytest.mark.full
def test_f204_every_question_on_one_page_with_the_way_back_up(browse: Browse) -> None:
    page = browse(None, world.portal())
    page.goto("/help/questions")
    no_violations(page)
    last = articles.all_in()[-1]
    page.get_by_role("navigation", name=words("On this page")).get_by_role("link", name=last.title).click()
    expect(page.locator(f"#{last.slug}")).to_be_in_viewport()
    page.locator(f"#{last.slug}").get_by_role("link", name=words("Back to top")).last.click()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_f207_found_as_one_types(browse: Browse) -> None:
    page = browse(None, world.portal())
    page.goto("/help/")
    no_violations(page)
    page.get_by_role("searchbox").fill("eherkening")
    page.get_by_role("button", name=words("Search"), exact=True).click()
    found = page.locator("#found")
    expect(found.get_by_role("link").first).to_contain_text(article("eherkenning").title)
    no_violations(page)
    page.get_by_role("searchbox").fill("meldcode" if browse.language == "nl" else "TOTP")
    expect(found.locator("mark").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=(meldcode|TOTP)"))
    page.get_by_role("searchbox").fill("xyzzy")
    expect(found).to_contain_text(words("Nothing found"))
    no_violations(page)


@pytest.mark.full
def test_f207_linked_from_its_page(browse: Browse) -> None:
    garage = world.garage()
    page = browse(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)
    for path, slug in (("/cards/", "green-card"), ("/vehicles/", "driving-risks"), ("/vehicles/", "premium")):
        page.goto(path)
        page.get_by_role("main").get_by_role("link", name=article(slug).title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(article(slug).title)
    no_violations(page)


@pytest.mark.full
def test_f207_authenticator_article_is_linked_where_the_app_is_coupled(browse: Browse) -> None:
    page = browse(None, world.portal())
    page.goto("/account/sign-in/")
    expect(page.get_by_role("link", name=article("cannot-sign-in").title)).to_be_visible()
    no_violations(page)
