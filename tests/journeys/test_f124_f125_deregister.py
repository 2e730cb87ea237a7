"""Vehicles leave the policy: ticked in the list, looked at once more, one day for all of them, and all or none."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from remise.core.models import Entry
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.journeys.browsing import Browse, choose_day, day_field, no_violations, words, words_for
from tests.journeys.fleet_pages import fact, listed, refusal, submit
from tests.vehicles import OnCover
from tests.world import OWNER, Garage


@pytest.fixture
def garage() -> Garage:
    return world.garage()


def administration(browse: Browse, garage: Garage) -> Page:
    employee = world.member(garage.organisation, rights=[FleetRight.VIEW, FleetRight.DEREGISTER])
    page = browse(employee, garage.portal)
    page.goto("/vehicles/")
    return page


def tick(page: Page, *held: OnCover) -> None:
    for one in held:
        page.get_by_role("checkbox", name=words("Choose %(plate)s") % {"plate": one.plate.formatted}).check()


def to_deregister(page: Page, *held: OnCover) -> None:
    tick(page, *held)
    page.get_by_role("button", name=words("Deregister"), exact=True).click()
    heading = words_for("Deregister %(count)s vehicle", "Deregister %(count)s vehicles", len(held))
    expect(page.get_by_role("heading", level=1, name=heading % {"count": len(held)})).to_be_visible()


def ends(garage: Garage) -> list[object]:
    open_ones = RegistrationVersion.objects.using(OWNER).filter(
        organisation=garage.organisation.id, known_to__isnull=True
    )
    return list(open_ones.order_by("plate").values_list("ends", flat=True))


@pytest.mark.phone
def test_f124_f125_deregister_three(browse: Browse, garage: Garage) -> None:
    held = [vehicles.on_cover(garage, days=28) for _ in range(4)]
    stays = held.pop()
    page = administration(browse, garage)
    tick(page, *held)
    chosen = words("{n} vehicles chosen").replace("{n}", "3")
    expect(page.get_by_role("status").filter(has_text=chosen)).to_be_visible()
    no_violations(page)
    to_deregister(page, *held)
    for one in held:
        expect(page.get_by_role("main")).to_contain_text(one.plate.formatted)
    no_violations(page)

    last_day = vehicles.back(garage, 28)
    choose_day(page, last_day)
    submit(page)
    for one in held:
        title = words("%(plate)s is insured up to and including %(day)s")
        shown = {"plate": one.plate.formatted, "day": shown_day(last_day)}
        expect(page.get_by_role("article", name=title % shown)).to_be_visible()
    numbers = [text.split()[1] for text in page.locator(".receipt header p").all_inner_texts()]
    assert len(set(numbers)) == 3
    no_violations(page)
    assert sorted(ends(garage), key=str) == sorted([last_day + timedelta(1)] * 3 + [None], key=str)

    page.goto("/vehicles/")
    assert listed(page) == [stays.plate.formatted]
    expect(fact(page, words("Vehicles"))).to_have_text("1")


@pytest.mark.full
def test_f124_deregister_29_days_back_is_refused_and_leads_to_the_desk(browse: Browse, garage: Garage) -> None:
    held = vehicles.on_cover(garage, days=28)
    page = administration(browse, garage)
    to_deregister(page, held)
    day_field(page).fill(vehicles.back(garage, 29).isoformat(), force=True)
    submit(page)
    text = words_for(
        "%(back)s day back is no longer possible online: the limit is %(limit)s days.",
        "%(back)s days back is no longer possible online: the limit is %(limit)s days.",
        29,
    )
    refusal(day_field(page), text % {"back": 29, "limit": 28})
    offer = page.get_by_role("main").get_by_role("button", name=words("Ask the desk"))
    expect(offer).to_be_visible()
    no_violations(page)
    assert ends(garage) == [None]


@pytest.mark.full
def test_f125_deregister_all_or_none(browse: Browse, garage: Garage) -> None:
    older = [vehicles.on_cover(garage, days=20) for _ in range(2)]
    newer = vehicles.on_cover(garage, days=3)
    page = administration(browse, garage)
    to_deregister(page, *older, newer)
    before = Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).count()
    choose_day(page, vehicles.back(garage, 10))
    submit(page)
    text = words("%(plate)s is insured since %(day)s: the end cannot be before that.")
    shown = {"plate": newer.plate.formatted, "day": shown_day(vehicles.back(garage, 3))}
    refusal(day_field(page), text % shown)
    no_violations(page)
    assert ends(garage) == [None, None, None]
    assert Entry.objects.using(OWNER).filter(organisation=garage.organisation.id).count() == before


@pytest.mark.full
@pytest.mark.desk
def test_f125_tick_all(browse: Browse, garage: Garage) -> None:
    held = [vehicles.on_cover(garage, days=1) for _ in range(3)]
    page = administration(browse, garage)
    page.get_by_role("checkbox", name=words("Choose all")).check()
    page.get_by_role("button", name=words("Deregister"), exact=True).click()
    for one in held:
        expect(page.get_by_role("main")).to_contain_text(one.plate.formatted)
    page.goto("/vehicles/")
    # One vehicle goes from its own page too.
    page.get_by_role("link").filter(has_text=held[0].plate.formatted).click()
    page.get_by_role("link", name=words("Deregister"), exact=True).click()
    submit(page)
    expect(page.get_by_role("article")).to_contain_text(held[0].plate.formatted)
    page.get_by_role("link", name=words("Show the vehicle")).click()
    no_violations(page)
    expect(page.get_by_role("main")).to_contain_text(words("Deregistered"))
