"""Drivers and lessees: found, looked at with their history, changed, two of one name told apart, erased."""

import re

import pytest
from playwright.sync_api import Page, expect

from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from remise.ui.formats import in_language
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.fleet_pages import fact, fill_registration, submit
from tests.journeys.test_f122_cover_lessee_driver import DRIVER, FIELDS, fill_details
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


def lessor() -> tuple[Garage, OnCover]:
    garage = world.garage(fields=FIELDS)
    held = vehicles.on_cover(garage, days=9, cover="full", driver="Anna Bos", lessee="Taxi Noord B.V.")
    return garage, held


def as_manager(browse: Browse, garage: Garage) -> Page:
    return browse(world.member(garage.organisation, rights=list(FleetRight)), garage.portal)


def named(garage: Garage, name: str) -> list[Party]:
    return list(Party.objects.using(OWNER).filter(organisation=garage.organisation.id, name=name).order_by("id"))


def test_find_a_driver_see_the_history_and_change_who_it_is(browse: Browse) -> None:
    garage, held = lessor()
    page = as_manager(browse, garage)
    page.goto("/vehicles/")
    page.get_by_role("main").get_by_role("link", name=words("Drivers and lessees")).click()
    no_violations(page)
    page.get_by_role("searchbox", name=words("Name or number")).fill("bos")
    page.get_by_role("main").get_by_role("button", name=words("Search")).click()
    page.get_by_role("link", name="Anna Bos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Bos")
    now = words_for("%(count)s vehicle now", "%(count)s vehicles now", 1) % {"count": 1}
    expect(page.get_by_role("table", name=now)).to_contain_text(held.plate.formatted)
    no_violations(page)

    page.get_by_role("link", name=words("Change"), exact=True).click()
    no_violations(page)
    page.get_by_label(words("Your own number")).fill("K-7")
    page.get_by_label(words("E-mail address")).fill("anna@example.test")
    page.get_by_role("button", name=words("Keep")).click()
    expect(fact(page, words("Your own number"))).to_have_text("K-7")
    expect(page.get_by_role("main")).to_contain_text("anna@example.test")
    page.get_by_role("link", name=held.plate.formatted).first.click()
    expect(page.get_by_role("link", name="Anna Bos")).to_be_visible()


def test_two_of_one_name_are_told_apart_by_their_number(browse: Browse) -> None:
    garage, _held = lessor()
    page = as_manager(browse, garage)
    (first,) = named(garage, "Anna Bos")
    page.goto(f"/drivers/{first.id}")
    page.get_by_role("link", name=words("Add a namesake")).click()
    page.get_by_role("button", name=words("Keep")).click()
    expect(page.get_by_label(words("Your own number"))).to_have_attribute("aria-invalid", "true")
    page.get_by_label(words("Your own number")).fill("K-2")
    page.get_by_role("button", name=words("Keep")).click()
    expect(page.get_by_role("main")).to_contain_text(words("More than one has this name"))

    page.goto("/vehicles/register")
    plate = vehicles.fresh_plate()
    fill_registration(page, plate, vehicles.CODE, vehicles.today(garage))
    fill_details(page, lessee="", driver="anna bos")
    expect(page.locator("#parties option")).to_have_count(2)
    submit(page)
    field = page.get_by_label(in_language(DRIVER))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("main")).to_contain_text("Anna Bos (K-2)")
    field.fill("Anna Bos (K-2)")
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(plate.formatted)
    assert len(named(garage, "Anna Bos")) == 2


def test_who_is_on_cover_is_not_erased_and_then_is(browse: Browse) -> None:
    garage, held = lessor()
    page = as_manager(browse, garage)
    (anna,) = named(garage, "Anna Bos")
    page.goto(f"/drivers/{anna.id}")
    erase(page)
    expect(page.get_by_role("alert")).to_contain_text(held.plate.formatted)
    no_violations(page)

    page.goto(f"/vehicles/deregister?item={held.item}")
    submit(page)
    vehicles.later(garage, 2)
    page.goto(f"/drivers/{anna.id}")
    erase(page)
    expect(page).to_have_url(re.compile("/drivers/$"))
    expect(page.get_by_role("table")).not_to_contain_text("Anna Bos")
    assert named(garage, "Anna Bos") == []


def erase(page: Page) -> None:
    page.locator("details.confirm summary").click()
    page.locator("details.confirm button").click()


@pytest.mark.phone
def test_two_who_are_one_are_merged(browse: Browse) -> None:
    """Looked for, shown side by side with what moves, and one from then on by either name."""
    garage, held = lessor()
    again = vehicles.on_cover(garage, days=5, cover="full", driver="Anna Bosch")
    (anna,), (bosch,) = named(garage, "Anna Bos"), named(garage, "Anna Bosch")
    page = as_manager(browse, garage)
    page.goto(f"/drivers/{anna.id}")
    page.get_by_role("link", name=words("Merge with another")).click()
    no_violations(page)
    main = page.get_by_role("main")
    main.get_by_role("link", name="Anna Bosch").click()
    expect(main).to_contain_text(words("These two become one"))
    expect(page.get_by_role("table", name=words("Vehicles that move"))).to_contain_text(again.plate.formatted)
    expect(main).to_contain_text(words("It cannot be undone."))
    no_violations(page)
    page.get_by_role("button", name=words("Merge, and %(name)s stays") % {"name": "Anna Bos"}).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Bos")
    title = words_for("%(count)s vehicle now", "%(count)s vehicles now", 2) % {"count": 2}
    now = page.get_by_role("table", name=title)
    for plate in (held.plate, again.plate):
        expect(now).to_contain_text(plate.formatted)
    expect(fact(page, words("Also known as"))).to_have_text("Anna Bosch")
    no_violations(page)
    page.goto(f"/drivers/{bosch.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Bos")
    page.goto("/drivers/?q=bosch")
    expect(main.get_by_role("link", name="Anna Bos")).to_be_visible()
