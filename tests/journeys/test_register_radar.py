"""The register is compared at night: what is found stands on the home page, and one click puts it right."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from remise.core.identifiers import Plate
from remise.fleet.rights import FleetRight
from remise.fleet.tasks import radar_tonight, work_off_radar
from remise.ui.formats import day as shown_day
from remise.ui.formats import money
from remise.vehicles.models import Vehicle
from tests import jobs, vehicles, world
from tests.journeys.browsing import Browse, no_violations, words, words_for
from tests.journeys.fleet_pages import fact, submit
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


def on_cover(of: Garage, **said: object) -> OnCover:
    """For three weeks; the register says this of it today."""
    vehicle = vehicles.in_register(in_name_since=vehicles.back(of, 21), wam_insured=True)
    held = vehicles.on_cover(of, Plate(vehicle.plate), days=21)
    Vehicle.objects.using(OWNER).filter(plate=vehicle.plate).update(**said, looked_up_at=timezone.now())
    return held


def night(of: Garage) -> None:
    radar_tonight.run(portal=of.portal.id)
    work_off_radar.run(portal=of.portal.id)
    jobs.forget()


def radar_of(browse: Browse, of: Garage) -> Page:
    return browse(world.member(of.organisation, rights=[*FleetRight]), of.portal)


def row(page: Page, held: OnCover):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return page.locator(".radar-rows > li").filter(has_text=held.plate.formatted)


@pytest.mark.phone
def test_sold_is_found_at_night_and_gone_with_one_click(browse: Browse) -> None:
    garage = world.garage()
    sold = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    on_cover(garage)
    night(garage)
    page = radar_of(browse, garage)
    main = page.get_by_role("main")
    page.goto("/")
    expect(main).to_contain_text(words("%(count)s vehicle sold but still insured") % {"count": 1})
    no_violations(page)
    page.goto("/vehicles/radar/")
    expect(main).to_contain_text(words("Sold, and still insured"))
    no_violations(page)
    row(page, sold).get_by_role("link", name=words("Deregister")).click()
    expect(page.locator("button[data-sentence]")).to_contain_text(shown_day(vehicles.back(garage, 6), "plain"))
    submit(page)
    expect(main).to_contain_text(sold.plate.formatted)
    page.goto("/vehicles/radar/")
    expect(main).not_to_contain_text(sold.plate.formatted)
    no_violations(page)


def test_several_are_deregistered_each_on_its_own_day(browse: Browse) -> None:
    garage = world.garage()
    several = [on_cover(garage, in_name_since=vehicles.back(garage, back)) for back in (3, 8)]
    night(garage)
    page = radar_of(browse, garage)
    main = page.get_by_role("main")
    page.goto("/vehicles/radar/")
    for one in several:
        row(page, one).get_by_role("checkbox").check()
    page.get_by_role("button", name=words("Deregister the ticked ones")).click()
    for back in (4, 9):
        expect(main).to_contain_text(shown_day(vehicles.back(garage, back)))
    no_violations(page)
    page.locator("main form button").last.click()
    for one in several:
        expect(main).to_contain_text(one.plate.formatted)
    page.goto("/vehicles/radar/")
    for one in several:
        expect(main).not_to_contain_text(one.plate.formatted)


@pytest.mark.phone
def test_value_that_differs_is_asked_of_the_desk_with_the_registers_value(browse: Browse) -> None:
    garage = world.garage()
    held = on_cover(garage, catalogue_value=Decimal(47_000))
    night(garage)
    page = radar_of(browse, garage)
    main = page.get_by_role("main")
    page.goto("/vehicles/radar/")
    expect(row(page, held)).to_contain_text(money(Decimal(47_000), "whole"))
    row(page, held).get_by_role("link", name=words("Ask for the register's value")).click()
    expect(main).to_contain_text(held.plate.formatted)
    page.get_by_role("button", name=words("Ask the desk to change it")).click()
    expect(main).to_contain_text(words("Catalogue value is wrong"))


@pytest.mark.phone
def test_dismissed_stays_dismissed(browse: Browse) -> None:
    garage = world.garage()
    held = on_cover(garage, in_name_since=vehicles.back(garage, 5))
    night(garage)
    page = radar_of(browse, garage)
    main = page.get_by_role("main")
    page.goto(f"/vehicles/{held.item}")
    expect(main).to_contain_text(words("Sold, and still insured"))
    no_violations(page)
    page.locator("summary").filter(has_text=words("This is right")).click()
    page.get_by_label(words("Why?")).select_option("still_ours")
    page.get_by_role("button", name=words("Keep it as right")).click()
    night(garage)
    page.goto(f"/vehicles/{held.item}")
    expect(main).not_to_contain_text(words("Sold, and still insured"))
    expect(fact(page, words("State"))).to_contain_text(words("Insured"))
    page.goto("/vehicles/radar/")
    expect(page.locator(".empty-state")).to_be_visible()
    no_violations(page)
    kept = words_for("%(shown)s finding is kept as right.", "%(shown)s findings are kept as right.", 1)
    page.get_by_role("link", name=kept % {"shown": 1}).click()
    expect(main).to_contain_text(held.plate.formatted)
    expect(main).to_contain_text(words("It is still ours"))
    no_violations(page)
    page.get_by_role("button", name=words("Take back")).dblclick()
    expect(row(page, held)).to_be_visible()
    no_violations(page)


def test_compare_now_shows_how_far_it_is_and_what_it_found(browse: Browse) -> None:
    garage = world.garage()
    page = radar_of(browse, garage)
    page.goto("/vehicles/radar/")
    expect(page.get_by_role("main")).to_contain_text(words("Nothing was compared yet"))
    held = on_cover(garage, exported=True)
    page.get_by_role("button", name=words("Compare now")).click()
    expect(page.locator("#radar-now")).to_contain_text(words("Your vehicles are being compared."))
    no_violations(page)
    work_off_radar.run(portal=garage.portal.id)
    expect(row(page, held)).to_be_visible()
